"""Mails with one Message-ID: which of them is known by it.

The mail that comes first has the id, also when it is rolled back. One by another author, or of another date, is another
mail, whatever file brings it, and is known by its bytes, as readers know mails of one file that differ. One of the same
author and date is the same mail with a newer text, unless a file held the two apart.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from archive.domain.capture import KnownPost, record_fingerprint
from archive.domain.dates import is_another_date
from archive.domain.ids import PostKey, Sha256, ThreadKey
from archive.domain.records import PostRecord


@dataclass(slots=True)
class Bearer:
    """The mail that is known by a Message-ID."""

    byline: str | None
    bylines: frozenset[str | None]  # all that captures have given it
    posted_at: datetime | None
    text: Sha256  # the newest, by its fingerprint
    rolled_back: bool
    seen: frozenset[tuple[int, Sha256]]  # in which readings, with which texts


def bearer_of(post: KnownPost) -> Bearer:
    """A mail that the archive has."""
    bylines = frozenset({post.byline, *(post.names or {}).values()})
    return Bearer(post.byline, bylines, post.posted_at, post.fingerprint, post.rolled_back, frozenset(post.seen))


def new_bearer(record: PostRecord) -> Bearer:
    """A mail that the archive is about to have."""
    bylines = frozenset({record.byline})
    return Bearer(record.byline, bylines, record.posted_at, record_fingerprint(record), False, frozenset())


def has_its_id(bearer: Bearer | None, record: PostRecord, *, bytes_known: bool, reading_id: int) -> bool:
    """Whether a mail is known by its Message-ID. What a reading of the file has decided before stays decided.

    :param bytes_known: whether the archive has a mail that is known by the same bytes.
    """
    is_apart = record.mail_keys is not None and record.key != record.mail_keys.message_id
    if bearer is None:
        return not is_apart
    text = record_fingerprint(record)
    if (reading_id, text) in bearer.seen:
        return True
    if record.byline not in bearer.bylines or is_another_date(bearer.posted_at, record.posted_at):
        return False
    return bearer.text == text or not (is_apart or bytes_known)


def take(bearer: Bearer, record: PostRecord, reading_id: int) -> None:
    """Have what a record says as the newest text of the mail that it is of, if it is new."""
    text = record_fingerprint(record)
    if (reading_id, text) not in bearer.seen:
        bearer.text, bearer.rolled_back = text, False


def known_by(record: PostRecord, key: PostKey) -> PostRecord:
    """The record under another key: one that begins a thread begins one of that key."""
    if key == record.key:
        return record
    thread = ThreadKey(key) if record.thread == ThreadKey(record.key) else record.thread
    mentions = tuple(told._replace(key=key) if told.key == record.key else told for told in record.mentions)
    return replace(record, key=key, thread=thread, mentions=mentions)
