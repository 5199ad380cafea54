"""Takedowns as moderators see them, and what they send."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

from archive.api.shapes.basics import Id, Moment, PostUrl, Row, TakedownUrl
from archive.api.shapes.desks import NO_NUL
from archive.api.shapes.posts import Post
from archive.domain.records import PostKind
from archive.domain.takedown import MAX_PASSAGE, MAX_PASSAGES, MAX_REPLY, ReasonClass, Scope, TakedownState

_Version = Annotated[int, Meta(ge=0, le=2**31 - 1, description="As it came with the takedown.", examples=[2])]
_Passage = Annotated[str, Meta(max_length=MAX_PASSAGE, pattern=NO_NUL)]
_Kind = Annotated[PostKind, Meta(examples=[PostKind.REPLY.value])]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakedownLine:
    """A takedown, without what anybody wrote."""

    id: Row
    url: TakedownUrl
    version: Annotated[int, Meta(ge=0, description="Counts the decisions: sent back with the next.", examples=[2])]
    state: Annotated[TakedownState, Meta(examples=[TakedownState.PROPOSED.value])]
    reason: ReasonClass
    scope: Annotated[
        Scope | None, Meta(description="All of the post, or words; null: nothing is proposed.", examples=["words"])
    ]
    stretches: Annotated[int, Meta(ge=0, description="Of words that are to go.", examples=[1])]
    post: Annotated[Id | None, Meta(description="null: readers do not see it now.")]
    asked_at: Moment
    proposed_by: str | None
    proposed_at: Moment | None
    decided_by: Annotated[str | None, Meta(description="Who agreed, or declined.", examples=[None])]
    decided_at: Annotated[Moment | None, Meta(examples=[None])]
    lift_by: Annotated[str | None, Meta(description="Who wants it lifted, or lifted it.", examples=[None])]
    lifted_at: Annotated[Moment | None, Meta(examples=[None])]
    purged: Annotated[bool, Meta(description="Whether an admin destroyed what was sealed.", examples=[False])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Another post in which words that are proposed stand, too."""

    post: Id
    url: PostUrl
    kind: _Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class TakedownInFull:
    """A takedown with who asked, and what its post says to everybody now."""

    takedown: TakedownLine
    asked_by: Annotated[str | None, Meta(description="null: a reader without a name.")]
    has_account: Annotated[bool, Meta(description="Whether the name is that of an account.", examples=[False])]
    contact: Annotated[str, Meta(description="Never public.", examples=["somebody@example.org"])]
    words: Annotated[str, Meta(description="Of whoever asked.")]
    reply: Annotated[str, Meta(description="To whoever asked.", examples=[""])]
    post: Annotated[Post | None, Meta(description="null: readers do not see it now.")]
    passages: Annotated[
        dict[str, int],
        Meta(description="Words that are proposed to go, with how often they stand there.", examples=[{"a name": 2}]),
    ]
    elsewhere: Sequence[Elsewhere]
    applies_to: Annotated[int, Meta(ge=0, description="Posts, once it is in force.", examples=[1])]


class Proposal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to go."""

    version: _Version
    reason: Annotated[ReasonClass, Meta(description="As everybody will see it.")]
    scope: Annotated[Scope, Meta(examples=["whole"])]
    passages: Annotated[
        tuple[_Passage, ...],
        Meta(max_length=MAX_PASSAGES, description="Of “words”: as they stand there, each at most 500 characters."),
    ] = ()


class AsSeen(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was seen of a takedown before it was decided on."""

    version: _Version


class RequestDeclined(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a request is declined."""

    version: _Version
    reply: Annotated[str, Meta(max_length=MAX_REPLY, pattern=NO_NUL, description="Whoever asked can read it.")]
