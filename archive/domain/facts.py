"""What sources say of a post beside its text, by name: what each is, and how a page calls it.

Kept as captured with a revision. What is not in this table is not kept: the original has it.
"""

from dataclasses import dataclass
from enum import StrEnum


class FactShape(StrEnum):
    """How a fact is written on a page."""

    NUMBER = "number"
    WORD = "word"
    WORDS = "words"
    FLAG = "flag"
    MOMENT = "moment"  # ISO 8601, UTC
    ADDRESS = "address"
    POST = "post"  # the key of another post, which bears the mark itself; on no page
    FILES = "files"  # name, type, size in bytes and SHA-256 of each; in a list of their own
    MORE_FILES = "more files"  # how many there are that are not in that list


@dataclass(frozen=True, slots=True)
class FactKind:
    """One kind of fact."""

    title: str  # on a page
    shape: FactShape


FACTS: dict[str, FactKind] = {
    "score": FactKind("score", FactShape.NUMBER),
    "accepted": FactKind("accepted by the asker", FactShape.FLAG),
    "accepted_answer": FactKind("accepted answer", FactShape.POST),  # on its question
    "pinned": FactKind("pinned", FactShape.FLAG),
    "edited": FactKind("edited", FactShape.FLAG),  # the source does not say when
    "edited_at": FactKind("edited", FactShape.MOMENT),
    "written_at": FactKind("this text written", FactShape.MOMENT),  # of one before the last edit
    "role": FactKind("posted as", FactShape.WORD),  # moderator, admin: in which capacity, by the source
    "author_id": FactKind("number of the author in the source", FactShape.WORD),
    "author_flair": FactKind("flair of the author", FactShape.WORD),
    "flair": FactKind("flair", FactShape.WORD),
    "tags": FactKind("topics", FactShape.WORDS),  # a tag is what a moderator decides
    "link": FactKind("linked page", FactShape.ADDRESS),  # what a question that is a link points to
    "address": FactKind("address in the source", FactShape.ADDRESS),
    "licence": FactKind("licence", FactShape.WORD),
    "mature": FactKind("marked as not for everyone", FactShape.FLAG),
    "subject": FactKind("subject", FactShape.WORD),  # of a mail whose thread has no title, since its root is missing
    "message_id": FactKind("Message-ID", FactShape.WORD),
    "attachments": FactKind("attachments", FactShape.FILES),
    "further_attachments": FactKind("further attachments", FactShape.MORE_FILES),
}
