"""One mail to one post: what mbox files and files of single mails share."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from archive.domain.ids import PostKey, ThreadKey
from archive.domain.records import (
    Edge,
    Fact,
    KeyBasis,
    MailKeys,
    Mention,
    Note,
    PostKind,
    PostRecord,
    RawRef,
    Unreadable,
)
from imports.limits import (
    MAX_FILE_TYPE_CHARACTERS,
    MAX_FILES_LISTED,
    MAX_HEADER_BYTES,
    MAX_MESSAGE_BYTES,
    MAX_TITLE_CHARACTERS,
)
from imports.mail_authors import read_byline
from imports.mail_dates import read_date
from imports.mail_header import Header, decode_value, split_damaged_header
from imports.mail_ids import MailIds, key_of_bytes, read_ids, seems_reply
from imports.mail_parts import MailRefusedError, Part, describe, find_content
from imports.mail_text import read_text
from imports.mail_threads import Root
from imports.post_bounds import within_bounds

_HASHED_ID = "id-sha256:"
_MOST_BLANKS = 64  # bytes at the end of a mail that do not count, since programs add and take away some
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
# What makes two mails with one id the same mail. The rest tells which way they came.
_CONTENT_FIELDS = (b"from", b"date", b"subject", b"references", b"in-reply-to", b"content-type")


class Mail(NamedTuple):
    """A mail as a stretch of bytes, its header and its ids."""

    raw: bytes  # with what its file puts around it
    start: int  # of the mail in them
    body: int  # where its body begins
    end: int
    header: Header
    ids: MailIds


class Place(NamedTuple):
    """Where a mail stands among others."""

    key: PostKey
    root: Root
    has_taken_id: bool  # another mail of the file bears its id
    mentions: tuple[Mention, ...]


class _Subject(NamedTuple):
    """What is kept of a subject, and what there is to say of it."""

    kept: str | None
    notes: tuple[str, ...] = ()  # ends of sentences that begin with the mail


def open_mail(raw: bytes, start: int, end: int) -> Mail | str:
    """The mail in this stretch of bytes; or why there is none: the end of a sentence."""
    header_end, body = split_damaged_header(raw, start, end)
    if header_end == start:
        return "has no header, so it is no mail."
    if header_end - start > MAX_HEADER_BYTES:
        return f"has a header that is longer than {MAX_HEADER_BYTES:,} bytes."
    header = Header(raw[start:header_end])
    return Mail(raw, start, body, end, header, read_ids(header))


def refuse_length() -> str:
    """Why a mail is not read that is too long: the end of a sentence."""
    return f"is larger than {MAX_MESSAGE_BYTES // 2**20} MiB."


def own_key(mail: Mail) -> PostKey:
    """The id of a mail, or what stands for it where it has none."""
    return mail.ids.key or hashed_key(mail)


def hashed_key(mail: Mail) -> PostKey:
    """What stands for the id of a mail."""
    return key_of_bytes(memoryview(mail.raw)[mail.start : mail.end])


def content_number(mail: Mail) -> int:
    """A number that is equal for equal mails, within one run of the program."""
    fields = [mail.header.get(name) for name in _CONTENT_FIELDS]
    blanks = mail.raw[max(mail.body, mail.end - _MOST_BLANKS) : mail.end]
    end = mail.end - (len(blanks) - len(blanks.rstrip()))
    return hash((*fields, memoryview(mail.raw)[mail.body : end]))


def read_post(mail: Mail, place: Place, ref: RawRef) -> Iterator[Note | PostRecord | Unreadable]:
    """Yield what was assumed about a mail, and the mail. Never raises on bad content."""
    try:
        content = find_content(mail.raw, mail.header, mail.body, mail.end)
        text = read_text(mail.raw, content.text)
    except MailRefusedError as error:
        yield tell_unreadable(ref, str(error))
        return
    charset = None if content.text is None else content.text.content.charset
    subject = _read_subject(mail, place, charset)
    facts = _read_facts(mail, place, subject.kept)
    facts |= _list_files(mail, content.attached)
    for note in (*_notes(mail, place), *subject.notes, *_notes_on_files(content.attached), *text.notes):
        yield Note(ref=ref, text=_sentence(ref, note))
    parent = mail.ids.line[-1] if mail.ids.line else None
    date = mail.header.get(b"date")
    is_root = place.key == place.root.key
    says_to_what = parent is not None or not seems_reply(mail.header.get(b"subject"))
    yield within_bounds(
        PostRecord(
            thread=ThreadKey(place.root.key),
            key=place.key,
            key_basis=KeyBasis.SOURCE,
            parent=parent,
            kind=_kind(parent, place),
            byline=read_byline(mail.header.get(b"from"), charset),
            title=subject.kept if is_root else None,
            text=text.text,
            markup=text.markup,
            posted_at=read_date(date) if date else None,
            ref=ref,
            edge=Edge.REFERENCES if says_to_what else Edge.UNSAID,
            facts=facts or None,
            mentions=place.mentions,
            mail_keys=_read_keys(mail, place),
        )
    )


def _sentence(ref: RawRef, end: str) -> str:
    return f"The mail at byte {ref.offset:,} {end}"


def tell_unreadable(ref: RawRef, end: str) -> Unreadable:
    """The item for a mail that could not be read."""
    return Unreadable(ref=ref, reason=_sentence(ref, end))


def _kind(parent: PostKey | None, place: Place) -> PostKind:
    if place.key == place.root.key:
        return PostKind.QUESTION
    return PostKind.ANSWER if parent == place.root.key else PostKind.REPLY


def _read_keys(mail: Mail, place: Place) -> MailKeys | None:
    key = mail.ids.key
    return None if key is None else MailKeys(key, place.key if place.has_taken_id else hashed_key(mail))


def _read_subject(mail: Mail, place: Place, charset: str | None) -> _Subject:
    """The subject of a mail that begins a thread, and of one whose thread may have no other title."""
    value = mail.header.get(b"subject")
    if not value or (place.root.is_here and place.key != place.root.key):
        return _Subject(None)
    subject = decode_value(value, charset)
    if len(subject) <= MAX_TITLE_CHARACTERS:
        return _Subject(subject or None)
    note = (
        f"has a subject of {len(subject):,} characters, of which the first {MAX_TITLE_CHARACTERS - 1:,} are kept; "
        "the whole stands in the original."
    )
    return _Subject(f"{subject[: MAX_TITLE_CHARACTERS - 1]}…", (note,))


def _read_facts(mail: Mail, place: Place, subject: str | None) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    key = mail.ids.key
    if key is not None and not key.startswith(_HASHED_ID) and not _UNPRINTABLE.search(key):
        facts["message_id"] = key
    if not place.root.is_here and subject:
        facts["subject"] = subject
    return facts


def _list_files(mail: Mail, attached: list[Part]) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    if attached:
        facts["attachments"] = [describe(mail.raw, part) for part in attached[:MAX_FILES_LISTED]]
    if len(attached) > MAX_FILES_LISTED:
        facts["further_attachments"] = len(attached) - MAX_FILES_LISTED
    return facts


def _notes_on_files(attached: list[Part]) -> Iterator[str]:
    if len(attached) > MAX_FILES_LISTED:
        yield (
            f"has {len(attached):,} attachments, of which the first {MAX_FILES_LISTED} are listed; "
            "all of them are in the original."
        )
    if any(len(part.content.kind) > MAX_FILE_TYPE_CHARACTERS for part in attached[:MAX_FILES_LISTED]):
        yield (
            f"has attachments whose types are longer than {MAX_FILE_TYPE_CHARACTERS} characters, and are cut there; "
            "they are in the original."
        )


def _notes(mail: Mail, place: Place) -> Iterator[str]:
    if mail.ids.names_itself:
        yield "names itself as what it answers; it is taken for the beginning of a thread."
    if place.has_taken_id:
        yield "bears the Message-ID of another mail in the file, and differs from it; it is known by its bytes."
