"""Readings that differ, and what is sent to decide between them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

from archive.api.shapes.basics import Id, Moment, PostUrl, Row
from archive.api.shapes.desks import Evidence, Note, TagVersion
from archive.api.shapes.posts import Post, Words
from archive.domain.moderation import ReasonCode
from archive.domain.source_quality import Level

_MOST_VOTES = 200
_MayDecide = Annotated[bool, Meta(description="false: one of the votes is yours, or yours do not count yet.")]
_LEVELS = [Level.RECOLLECTED.value, Level.TESTIMONY.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeLine:
    """An answer on which moderators read different levels."""

    post: Id
    url: PostUrl
    author: Annotated[str | None, Meta(examples=["marcus_v"], description="null: nobody is named.")]
    title: Annotated[str, Meta(description="Of its thread.", examples=["Who actually destroyed the Library?"])]
    since: Moment
    levels: Annotated[Sequence[Level], Meta(examples=[_LEVELS])]
    may_decide: _MayDecide


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedVote:
    """A vote that stands, and whose it is."""

    id: Row
    by: str
    level: Annotated[Level, Meta(examples=[Level.RECOLLECTED.value])]
    reason: ReasonCode | None
    evidence: Sequence[Words]
    note: str
    at: Moment
    codebook: Annotated[int, Meta(description="The version under which it was given.", examples=[1])]
    blind: Annotated[bool, Meta(description="Whether neither the suggestion nor other votes were seen before it.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """One of them with the votes side by side."""

    post: Post
    question: Post | None
    votes: Annotated[Sequence[NamedVote], Meta(description="In the order in which they came.")]
    seen: Annotated[Sequence[Row], Meta(description="Their numbers: sent back with the decision.", examples=[[17]])]
    own: Annotated[bool, Meta(description="Whether one of them is yours.", examples=[False])]
    may_decide: _MayDecide


class Ruling(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is decided between votes, in writing."""

    level: Annotated[Level, Meta(examples=[Level.RECOLLECTED.value])]
    note: Annotated[Note, Meta(min_length=1, description="Why: readers find it, and so do those who voted.")]
    tag_version: TagVersion
    seen: Annotated[tuple[Row, ...], Meta(max_length=_MOST_VOTES, description="As it came.", examples=[[17]])]
    evidence: Annotated[Evidence, Meta(description="None: what the votes for that level name.")] = ()
