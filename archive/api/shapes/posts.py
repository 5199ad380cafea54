"""Posts: what they say, how they say that they know it, what they cite, and the bytes they came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from msgspec import Meta

from archive.api.shapes.basics import (
    AuthorName,
    Id,
    Moment,
    Number,
    PostUrl,
    Row,
    Sha256,
    SourceUrl,
    TagUrl,
    ThreadName,
    Url,
)
from archive.domain.records import Markup, PostKind, PostState
from archive.domain.second_opinions import Basis
from archive.domain.source_quality import Level
from archive.domain.sources import Manner, SourceKind
from archive.domain.sources.verdicts import Verdict
from archive.domain.takedown import ReasonClass

Characters = Annotated[
    int, Meta(ge=0, description="Characters (code points) from the start of the text.", examples=[42])
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words of a text, by their place."""

    start: Characters
    end: Annotated[int, Meta(ge=0, description="Characters, exclusive.", examples=[71])]
    text: Annotated[str, Meta(examples=["Parsons 1952, pp. 371–373"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """The decision in force on how an answer says that it knows."""

    level: Annotated[Level, Meta(examples=[Level.PINPOINT.value])]
    badge: Annotated[str, Meta(description="What readers see.", examples=["Cited, with page"])]
    sourced: Annotated[bool, Meta(description="Whether a stranger can retrieve what it rests on.")]
    basis: Annotated[Basis, Meta(description="How it was decided.")]
    basis_words: Annotated[str, Meta(examples=["2 of 2 agree"])]
    agreeing: Annotated[int, Meta(ge=0, description="Votes that gave the level …", examples=[2])]
    votes: Annotated[int, Meta(ge=0, description="… of those that were in.", examples=[2])]
    by: Annotated[str, Meta(examples=["a moderator"])]
    at: Moment
    codebook: Annotated[int, Meta(description="The version under which it was given.", examples=[1])]
    note: str
    evidence: Annotated[Sequence[Words], Meta(description="Words that justify it, in the revision that was judged.")]
    revision: Annotated[int, Meta(description="The number of the revision that was judged.", examples=[1])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What somebody found who looked a citation up."""

    verdict: Annotated[Verdict, Meta(examples=[Verdict.SUPPORTS.value])]
    note: str
    by: str
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceName:
    """A work, by name."""

    id: Id
    title: Annotated[str, Meta(examples=["The Alexandrian Library"])]
    kind: SourceKind
    url: Annotated[SourceUrl | None, Meta(description="Its page; null where no public answer points to it any more.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A place in a text that points to a work. The program found it; what it is worth, people say."""

    id: Row
    source: SourceName
    words: Words
    locator: Annotated[str | None, Meta(description="The place in the work.", examples=["pp. 371–373"])]
    manner: Annotated[Manner, Meta(description="How the writer says that the work is known.")]
    csl: Annotated[dict[str, Any], Meta(description="What this text says of the work, as CSL-JSON.")]
    found: Annotated[Found | None, Meta(description="null: nobody has looked it up.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the verdicts on the references of an answer come to."""

    references: Annotated[int, Meta(ge=0, examples=[2])]
    looked_up: Annotated[int, Meta(ge=0, examples=[1])]
    words: Annotated[str, Meta(examples=["1 of 2 looked up: 1 supports"])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The bytes from which a post was read, as they were received."""

    sha256: Annotated[Sha256, Meta(description="Of the file.")]
    offset: Annotated[int, Meta(ge=0, description="Bytes from the start of the unpacked file.", examples=[10240])]
    length: Annotated[int, Meta(ge=0, description="Bytes.", examples=[812])]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionName:
    """A captured text of a post, by number."""

    number: Annotated[int, Meta(ge=1, examples=[1])]
    of: Annotated[int, Meta(ge=1, description="How many there are.", examples=[1])]
    captured_at: Moment
    fingerprint: Annotated[
        Sha256 | None, Meta(description="Of title, text and state, as they are shown; null where all was taken down.")
    ]
    pinned: Annotated[
        Url | None, Meta(description="A permanent address of this very text; null where it has no fingerprint.")
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenDown:
    """Why nothing of a post is shown."""

    reason: ReasonClass
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A question, an answer or a reply. What its source did not say is null."""

    id: Id
    url: Annotated[PostUrl, Meta(description="Its permalink.")]
    kind: PostKind
    thread: ThreadName
    parent: Annotated[Id | None, Meta(description="The post under which it hangs.")]
    awaits: Annotated[Id | None, Meta(description="A parent that its source names, and that has not come.")]
    depth: Annotated[int, Meta(ge=0, description="0 for the question.", examples=[1])]
    author: AuthorName | None
    byline: Annotated[str | None, Meta(description="The name as it is printed; may be of nobody, as “[deleted]”.")]
    posted_at: Moment | None
    state: Annotated[PostState, Meta(description="What its source says has become of it.")]
    text: Annotated[str | None, Meta(description="As received; null where all of it was taken down.")]
    markup: Markup
    facts: Annotated[dict[str, Any], Meta(description="What else the source says of it.", examples=[{"score": 12}])]
    revision: RevisionName
    tag: Annotated[Tag | None, Meta(description="null: not yet tagged. Only answers are.")]
    tag_version: Annotated[int, Meta(ge=0, description="Counts the decisions: sent back with a vote.", examples=[1])]
    checked: Annotated[Checked | None, Meta(description="null where its level needs none.")]
    citations: Sequence[Citation]
    original: Annotated[Original | None, Meta(description="null where it was taken down.")]
    taken_down: TakenDown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision on an answer, in force or past."""

    id: Number
    url: TagUrl
    act: Annotated[str, Meta(description="“tag” or “undo”.", examples=["tag"])]
    level: Annotated[Level | None, Meta(description="null: it took the tag away.")]
    was: Annotated[Level | None, Meta(description="Before it.")]
    by: str
    at: Moment
    evidence: Sequence[Words]
    note: str
    codebook: Number
    revision: Number
    basis_words: str
    because: Annotated[str, Meta(description="What led to it beside a look at the answer; often empty.")]
    in_force: bool
    withdrawn: Annotated[bool, Meta(description="Whether the text that was judged is shown no longer.")]
