"""What readers can see beside posts: collections, threads, authors, works, hits, decisions, the codebook."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from msgspec import Meta

from archive.api.shapes.basics import (
    AuthorName,
    AuthorUrl,
    CodebookUrl,
    CollectionName,
    CollectionUrl,
    Counts,
    DecisionUrl,
    HomeUrl,
    Id,
    Moment,
    Number,
    Row,
    Slug,
    SourceUrl,
    ThreadName,
    TopicUrl,
    Url,
)
from archive.api.shapes.posts import Found, Post
from archive.domain.public_log import LogAct
from archive.domain.source_quality import Level
from archive.domain.sources import Manner, SourceKind
from archive.domain.takedown import ReasonClass, Scope

AnyLevel = Literal[
    "pinpoint", "cited", "attributed", "recollected", "unsourced", "testimony", "conjecture", "not_answer", "none"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The archive at a glance."""

    url: HomeUrl
    program: Annotated[str, Meta(examples=["footnote 1.0"])]
    collections: Number
    threads: Number
    answers: Number
    decided: Annotated[int, Meta(ge=0, description="Answers with a tag.", examples=[2])]
    sourced: Annotated[int, Meta(ge=0, description="Of those, answers that can be checked.", examples=[1])]
    codebook: Annotated[int, Meta(description="The version in force.", examples=[1])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A community or a list."""

    slug: Slug
    name: Annotated[str, Meta(examples=["Asked of History"])]
    url: CollectionUrl
    threads: Number
    answers: Number
    levels: Counts
    description: Annotated[str | None, Meta(description="What it is, as an archivist says it.")]
    first: Annotated[Moment | None, Meta(description="When the first of its threads began that has a date.")]
    last: Annotated[Moment | None, Meta(description="When the last did.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionDetail(Collection):
    """A collection, with all that an archivist says of it."""

    licence: Annotated[str | None, Meta(description="Under which its texts stand.")]
    provenance: Annotated[str | None, Meta(description="Where they come from.")]
    replies: Number
    authors: Number
    undated: Annotated[int, Meta(ge=0, description="Threads of which nothing public has a date.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A question and what hangs from it."""

    id: Id
    url: Url
    title: Annotated[str, Meta(examples=["Who actually destroyed the Library of Alexandria?"])]
    collection: CollectionName
    asker: str | None
    asked_at: Moment | None
    answers: Number
    replies: Number
    levels: Counts
    checked: Annotated[int, Meta(ge=0, description="Cited answers of which somebody looked a reference up.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A name under which somebody posted in a collection."""

    id: Id
    name: Annotated[str, Meta(examples=["marcus_v"])]
    url: AuthorUrl
    collection: CollectionName
    levels: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorPosts:
    """How much of an author's is public."""

    author: AuthorName
    posts: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A word under which a source files threads."""

    topic: Annotated[str, Meta(examples=["ancient-rome"])]
    threads: Number
    url: TopicUrl


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A work that public answers point to."""

    id: Id
    url: SourceUrl
    kind: Annotated[SourceKind, Meta(description="What identifies it.")]
    title: Annotated[str, Meta(examples=["The Alexandrian Library"])]
    names: Annotated[Sequence[str], Meta(description="The strongest first.", examples=[["doi:10.1000/182"]])]
    domain: Annotated[str | None, Meta(description="Where on the web it lies.", examples=["doi.org"])]
    csl: Annotated[dict[str, Any], Meta(description="What public answers say of it, as an item of CSL-JSON.")]
    answers: Number
    from_memory: Annotated[int, Meta(ge=0, description="Answers that only remember it.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Where an answer points to a work."""

    citation: Number
    before: str
    words: Annotated[str, Meta(examples=["Parsons 1952, pp. 371–373"])]
    behind: str
    locator: str | None
    manner: Manner
    archived: Annotated[Url | None, Meta(description="Where a capture as old as the answer may be.")]
    found: Found | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CitingAnswer:
    """An answer that points to a work."""

    post: Post
    from_memory: bool
    passages: Sequence[Passage]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a text."""

    text: str
    hit: Annotated[bool, Meta(description="Whether it was searched for.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A post that was found."""

    post: Post
    title: Annotated[Sequence[Piece], Meta(description="Of its thread.")]
    snippet: Sequence[Piece]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Something typed that was not searched."""

    typed: str
    why: str
    instead: Annotated[str | None, Meta(description="The whole search, with this changed.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionHits:
    """How many hits are in a collection."""

    collection: CollectionName
    hits: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """By what a search can be narrowed, each with how many of the counted hits that leaves."""

    counted: Annotated[int, Meta(ge=0, description="Hits, those received last.")]
    kinds: dict[str, int]
    collections: Sequence[CollectionHits]
    authors: dict[str, int]
    years: dict[str, int]
    domains: Annotated[dict[str, int], Meta(description="That hits cite.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """A part of what a search found."""

    query: Annotated[str, Meta(examples=["library alexandria"])]
    read_as: Annotated[str, Meta(description="What was searched, in words.", examples=["library, alexandria"])]
    ignored: Annotated[Sequence[Ignored], Meta(description="What was not searched of it, and why.")]
    offer: Annotated[str | None, Meta(description="The search spelled otherwise, where that finds more.")]
    left_out: Annotated[Sequence[str], Meta(description="What was not searched, in sentences.")]
    total: Number
    counted_all: Annotated[bool, Meta(description="false: there are more than “total”.")]
    order: Annotated[str, Meta(examples=["best first"])]
    levels: Counts
    facets: Annotated[Facets | None, Meta(description="null where they were not asked for, or nothing was found.")]
    items: Sequence[Hit]
    next: Annotated[Url | None, Meta(description="Where the list goes on; null at its end. Also in the header Link.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """Something that was decided."""

    id: Row
    url: DecisionUrl
    act: LogAct
    at: Moment
    by: str
    level: Annotated[Level | None, Meta(description="That the answer had then.")]
    basis_words: Annotated[str | None, Meta(description="Of a decision on a tag.")]
    post: Id
    thread: ThreadName


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookVersion:
    """A version of the codebook."""

    number: Annotated[int, Meta(ge=1, examples=[1])]
    url: CodebookUrl
    at: Annotated[Moment | None, Meta(description="null: the program came with it.")]
    by: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """A version of the codebook with its words."""

    number: Annotated[int, Meta(ge=1, examples=[1])]
    url: CodebookUrl
    at: Moment | None
    by: str | None
    reason: str
    wording: Annotated[
        dict[str, Any], Meta(description="By level what it means; the questions; cases of doubt; examples.")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Takedown:
    """Something that was taken down, without a word of it."""

    id: Row
    post: Annotated[Id | None, Meta(description="null: the archive does not show it.")]
    thread: Id | None
    scope: Annotated[Scope | None, Meta(description="All of the post, or words of it.")]
    reason: ReasonClass
    at: Moment | None
