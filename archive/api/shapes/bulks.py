"""Many answers at once: before, what is sent, and afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

from archive.api.shapes.basics import BulkUrl, Id, Moment, Number, Row
from archive.api.shapes.desks import NO_NUL, Note, Noticed, RevisionNumber, TagVersion
from archive.api.shapes.posts import Post
from archive.api.shapes.reading import AnyLevel
from archive.domain.at_once import MOST_AT_ONCE, LeftOut
from archive.domain.moderation import ReasonCode
from archive.domain.source_quality import Level

_STANDING = {"free": 1, "decided": 2}
Search = Annotated[
    str, Meta(max_length=1000, pattern=NO_NUL, description="As in the box.", examples=["library alexandria"])
]
Levels = Annotated[list[AnyLevel], Meta(max_length=9, description="Answers of these levels; “none”: not yet tagged.")]
Slug = Annotated[str, Meta(max_length=80, pattern=NO_NUL, description="The short name of a collection.")]
AuthorName = Annotated[str, Meta(max_length=1000, pattern=NO_NUL, description="The name of an author.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAsIs:
    """An answer as it stands: sent back as it is."""

    post: Id
    revision: Annotated[int, Meta(ge=1, examples=[1])]
    tag_version: Annotated[int, Meta(ge=0, examples=[0])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """An answer of the sample, and what the program noticed in it."""

    post: Post
    noticed: Annotated[Sequence[Noticed], Meta(description="Empty where answers are read blind.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkForeseen:
    """What would be tagged at once. Nothing is stored yet."""

    found: Annotated[int, Meta(ge=0, description="Answers that were found, and looked at.", examples=[3])]
    more: Annotated[bool, Meta(description="Whether there are more, which were not looked at.", examples=[False])]
    standing: Annotated[
        dict[str, int],
        Meta(
            description="Of those found: “free” of votes, your “own” alone, “read”, “decided”, or put “aside”.",
            examples=[_STANDING],
        ),
    ]
    answers: Annotated[Sequence[AnswerAsIs], Meta(description="That would be tagged: sent back, all or some.")]
    sample: Annotated[Sequence[Sampled], Meta(description="Some of them, drawn by their addresses, to be read first.")]
    later: Annotated[int, Meta(ge=0, description="That are too many to be tagged at once.", examples=[0])]


class AnswerPicked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer as it stood when it was looked at."""

    post: Id
    revision: RevisionNumber
    tag_version: TagVersion


class FoundBy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The search by which answers were found."""

    q: Search = ""
    level: Levels = []
    collection: Slug | None = None
    author: AuthorName | None = None


class AtOnce(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One level for many answers."""

    level: Annotated[Level, Meta(examples=[Level.UNSOURCED.value])]
    answers: Annotated[tuple[AnswerPicked, ...], Meta(min_length=1, max_length=MOST_AT_ONCE)]
    reason: ReasonCode | None = None
    note: Note = ""
    own: Annotated[bool, Meta(description="Whether answers that you tagged alone are tagged anew.")] = False
    search: Annotated[FoundBy | None, Meta(description="By what they were found; null: they were marked.")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLeftOut:
    """An answer that stayed as it is."""

    post: Id
    why: Annotated[LeftOut, Meta(examples=[LeftOut.DECIDED.value])]
    words: Annotated[str, Meta(examples=[LeftOut.DECIDED.words])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """One level that was given to many answers, and what became of them."""

    id: Row
    url: BulkUrl
    by: str
    at: Moment
    level: Annotated[Level, Meta(examples=[Level.UNSOURCED.value])]
    reason: ReasonCode | None
    note: str
    search: Annotated[
        str | None, Meta(description="As an address has it; null: they were marked.", examples=["q=library+alexandria"])
    ]
    asked: Annotated[int, Meta(ge=0, description="Answers that were sent.", examples=[3])]
    stored: Annotated[int, Meta(ge=0, description="Votes that were given.", examples=[2])]
    own: Annotated[bool, Meta(description="Whether it is yours.")]
    taken_back: Annotated[bool, Meta(examples=[False])]
    tagged: Annotated[int, Meta(ge=0, description="Answers whose level rests on it now.", examples=[2])]
    waiting: Annotated[int, Meta(ge=0, description="For further votes.", examples=[0])]
    open: Annotated[int, Meta(ge=0, description="Without a level again.", examples=[0])]
    otherwise: Annotated[Sequence[Id], Meta(description="Decided without it.", examples=[[]])]
    left_out: Sequence[AnswerLeftOut]
    gone: Annotated[Number, Meta(description="Left out, and not shown to readers any more.", examples=[0])]
