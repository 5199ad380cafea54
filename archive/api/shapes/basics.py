"""What all shapes are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Generic, TypeVar

from msgspec import Meta

Item = TypeVar("Item")

Moment = Annotated[datetime, Meta(tz=True, description="UTC, as RFC 3339 has it.", examples=["2019-03-09T14:05:00Z"])]
Url = Annotated[
    str, Meta(extra_json_schema={"format": "uri"}, examples=["https://footnote.example.org/threads/7m2k9x4q8v1tzc"])
]
_HOME = "https://footnote.example.org"
HomeUrl = Annotated[Url, Meta(examples=[f"{_HOME}/"])]
CollectionUrl = Annotated[Url, Meta(examples=[f"{_HOME}/collections/history"])]
TopicUrl = Annotated[Url, Meta(examples=[f"{_HOME}/collections/history/topics/ancient-rome"])]
PostUrl = Annotated[Url, Meta(examples=[f"{_HOME}/posts/7m2k9x4q8v1tzc"])]
AuthorUrl = Annotated[Url, Meta(examples=[f"{_HOME}/authors/7m2k9x4q8v1tzc"])]
SourceUrl = Annotated[Url, Meta(examples=[f"{_HOME}/sources/7m2k9x4q8v1tzc"])]
DecisionUrl = Annotated[Url, Meta(examples=[f"{_HOME}/log/17"])]
CodebookUrl = Annotated[Url, Meta(examples=[f"{_HOME}/codebook/versions/1"])]
TagUrl = Annotated[Url, Meta(examples=[f"{_HOME}/posts/7m2k9x4q8v1tzc/tags#decision-17"])]
UnreadUrl = Annotated[Url, Meta(examples=[f"{_HOME}/imports/17/quarantine/3"])]
BatchUrl = Annotated[Url, Meta(examples=[f"{_HOME}/imports/17"])]
BulkUrl = Annotated[Url, Meta(examples=[f"{_HOME}/moderation/bulks/17"])]
ObjectionUrl = Annotated[Url, Meta(examples=[f"{_HOME}/objections/17"])]
TakedownUrl = Annotated[Url, Meta(examples=[f"{_HOME}/moderation/takedowns/17"])]
Id = Annotated[
    str, Meta(pattern="^[0-9a-hjkmnp-tv-z]{14}$", description="A permanent name.", examples=["7m2k9x4q8v1tzc"])
]
Slug = Annotated[str, Meta(description="The short name of a collection.", examples=["history"])]
Sha256 = Annotated[
    str,
    Meta(pattern="^[0-9a-f]{64}$", examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]),
]
Number = Annotated[int, Meta(ge=0, examples=[3])]
Row = Annotated[int, Meta(ge=1, le=2**31 - 1, examples=[17])]
Counts = Annotated[
    dict[str, int],
    Meta(description="Answers by level; “none”: not yet tagged.", examples=[{"pinpoint": 1, "cited": 1, "none": 1}]),
]
Limit = Annotated[int, Meta(ge=1, le=200, description="How many at most.")]
After = Annotated[str, Meta(max_length=80, description="What comes behind this one: see “next” in the list before.")]
AfterRow = Annotated[
    int, Meta(ge=1, le=2**31 - 1, description="What is newer than this: see “next” in the list before.")
]
Before = Annotated[int, Meta(ge=1, le=2**31 - 1, description="What is older than this: see “next” in the list before.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """A part of a list."""

    items: Sequence[Item]
    next: Annotated[Url | None, Meta(description="Where the list goes on; null at its end. Also in the header Link.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionName:
    """A collection, by name."""

    slug: Slug
    name: Annotated[str, Meta(examples=["Asked of History"])]
    url: CollectionUrl


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadName:
    """A thread, by name."""

    id: Id
    title: Annotated[str, Meta(examples=["Who actually destroyed the Library of Alexandria?"])]
    url: Url
    collection: CollectionName


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorName:
    """An author, by name."""

    id: Id
    name: Annotated[str, Meta(examples=["marcus_v"])]
    url: AuthorUrl
