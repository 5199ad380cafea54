"""What a thread is called, as far as the posts tell it that came."""

from collections.abc import Sequence

from archive.domain.records import PostRecord
from archive.domain.thread_tree import sibling_rank
from archive.store.titles import UNTITLED


def title_of(records: Sequence[PostRecord]) -> str:
    """What a thread is called of which these posts came, until readers see another title."""
    return first_title(records) or _first_subject(records) or UNTITLED


def first_title(records: Sequence[PostRecord]) -> str | None:
    """The first title among them."""
    return next((record.title for record in records if record.title), None)


def subject(record: PostRecord) -> str | None:
    """The subject of a mail, where it was kept because the mail that began its thread is missing."""
    subject = record.facts.get("subject") if record.facts else None
    return subject if isinstance(subject, str) and subject.strip() else None


def _first_subject(records: Sequence[PostRecord]) -> str | None:
    told = [(sibling_rank(record.posted_at, record.key), words) for record in records if (words := subject(record))]
    return min(told)[1] if told else None
