"""Objections to tags, and the replies to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

from archive.api.shapes.basics import Id, Moment, ObjectionUrl, Row, ThreadName
from archive.api.shapes.desks import NO_NUL, Evidence, RevisionNumber, TagVersion
from archive.api.shapes.posts import Post
from archive.domain.objections import MAX_REPLY, ObjectionState
from archive.domain.source_quality import Level

_Reply = Annotated[
    str,
    Meta(max_length=MAX_REPLY, pattern=NO_NUL, description="Whoever objected reads it, and so does everybody else."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What somebody says against a tag, and what was replied. Its words are shown as they were typed."""

    id: Row
    url: Annotated[ObjectionUrl, Meta(description="Its page, which everybody can read.")]
    post: Id
    thread: ThreadName
    state: Annotated[ObjectionState, Meta(description="“open” waits for a reply.", examples=["changed"])]
    revision: Annotated[int, Meta(ge=1, description="Number of the text that was read.", examples=[1])]
    questioned: Annotated[Level | None, Meta(description="The level to which it objects.", examples=["cited"])]
    tagged_by: str
    reason: str
    expected: Annotated[Level | None, Meta(description="null: not said.", examples=["pinpoint"])]
    reference: str
    locator: str
    identifier: Annotated[str, Meta(description="A link or a number, as it was typed.", examples=["doi:10.1000/182"])]
    link: Annotated[str | None, Meta(description="Where that leads.", examples=["https://doi.org/10.1000/182"])]
    objector: Annotated[str | None, Meta(description="null: a reader without a name.")]
    has_account: Annotated[bool, Meta(description="Whether the name is that of an account.")]
    by_author: Annotated[bool, Meta(description="Says to be the author of the answer; nobody checked it.")]
    given_at: Moment
    reply: str
    outcome: Annotated[Level | None, Meta(description="In force after the reply.", examples=["pinpoint"])]
    answered_by: Annotated[str | None, Meta(description="Of one that is open: who took a reply back.")]
    answered_at: Moment | None
    by_the_same: Annotated[bool, Meta(description="Whether whoever had given the tag alone replied.", examples=[False])]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionInFull:
    """An objection with the answer whose tag it questions."""

    objection: Objection
    post: Post
    alone: Annotated[
        bool, Meta(description="Whether you gave the tag alone, and a colleague could reply.", examples=[False])
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """The objections to the tags of an answer."""

    answered: Annotated[Sequence[Objection], Meta(description="With the replies.")]
    waiting: Annotated[int, Meta(ge=0, description="That no moderator has answered.", examples=[0])]


class TagKept(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reply that leaves the tag as it is."""

    reply: _Reply
    tag_version: TagVersion


class TagReversed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reply with another tag."""

    reply: _Reply
    level: Annotated[Level, Meta(examples=["pinpoint"])]
    revision: RevisionNumber
    tag_version: TagVersion
    evidence: Evidence = ()
