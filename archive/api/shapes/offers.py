"""References that somebody supplied for answers that give none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

from archive.api.shapes.basics import Id, Moment, Number, Row, ThreadName
from archive.api.shapes.desks import NO_NUL, TagVersion
from archive.api.shapes.posts import Citation, Post
from archive.domain.source_quality import Level
from archive.domain.sources.verdicts import TraceState
from archive.domain.tracing import MAX_REASON

_CITED = [Level.CITED.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A reference that was supplied for an answer, and what became of it."""

    id: Row
    post: Id
    thread: ThreadName
    tag_version: Annotated[Number, Meta(description="Of the answer: sent back with the decision.")]
    level: Annotated[Level | None, Meta(description="Of the answer now.", examples=[Level.RECOLLECTED.value])]
    follows: Annotated[Level, Meta(description="The level that follows from the reference.", examples=_CITED)]
    state: TraceState
    reference: Annotated[str, Meta(description="As it was typed.", examples=["Parsons, The Alexandrian Library, 1952"])]
    locator: Annotated[str, Meta(description="The place in it.", examples=[""])]
    identifier: Annotated[str, Meta(description="A link or a number, as it was typed.", examples=["doi:10.1000/182"])]
    link: Annotated[str | None, Meta(description="Where that leads.", examples=["https://doi.org/10.1000/182"])]
    note: str
    giver: Annotated[str | None, Meta(description="null: a reader without a name.")]
    has_account: Annotated[bool, Meta(description="Whether the name is that of an account.")]
    given_at: Moment
    names: Annotated[
        Citation | None, Meta(description="The words of the answer that name the work, if it has them still.")
    ]
    revision: Annotated[int, Meta(ge=1, description="Number of the text for which it was supplied.", examples=[1])]
    other_text: Annotated[bool, Meta(description="Whether the answer has a later text.", examples=[False])]
    reason: Annotated[str, Meta(description="Why it was declined.", examples=[""])]
    decided_at: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplied:
    """A reference that is shown with an answer. It is no words of its author."""

    id: Row
    reference: Annotated[str, Meta(description="With the place in it.", examples=["Parsons 1952, pp. 371–373"])]
    identifier: Annotated[str, Meta(description="A link or a number, as it was typed.", examples=["doi:10.1000/182"])]
    link: Annotated[str | None, Meta(description="Where that leads.", examples=["https://doi.org/10.1000/182"])]
    note: str
    giver: Annotated[str | None, Meta(description="null: a reader without a name.")]
    has_account: Annotated[bool, Meta(description="Whether the name is that of an account.")]
    given_at: Moment
    accepted_by: str
    accepted_at: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Traceable:
    """An answer from memory, or one that names somebody, whose work somebody may know."""

    post: Post
    names: Annotated[Sequence[Citation], Meta(description="The works that it names, those it remembers first.")]
    waiting: Annotated[int, Meta(ge=0, description="References that were supplied and wait.", examples=[0])]


class OfferAccepted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The level of the answer with the reference."""

    level: Annotated[Level, Meta(description="“cited” or “pinpoint”.", examples=_CITED)]
    tag_version: TagVersion


class OfferDeclined(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a reference does not fit."""

    reason: Annotated[str, Meta(max_length=MAX_REASON, pattern=NO_NUL, description="Whoever offered it may read it.")]


class OfferTakenBack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That an accepted reference is to wait again."""

    tag_version: TagVersion
