"""What moderators and archivists see and send."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct

from archive.api.shapes.basics import (
    BatchUrl,
    CollectionName,
    Id,
    Moment,
    Number,
    Row,
    Sha256,
    UnreadUrl,
)
from archive.api.shapes.posts import Post, Words
from archive.domain.batch import BatchState, Outcome
from archive.domain.bench_rules import Showing
from archive.domain.moderation import MAX_EVIDENCE, MAX_NOTE, ReasonCode
from archive.domain.records import Markup, PostKind
from archive.domain.second_opinions import Basis, State
from archive.domain.source_quality import Level
from archive.services.bench.cast import Sight
from archive.services.ingest.watching import Course
from archive.store.acts import ActKind

NO_NUL = "^[^\\x00]*$"
Note = Annotated[str, Meta(max_length=MAX_NOTE, pattern=NO_NUL)]
Place = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Span = Annotated[tuple[Place, Place], Meta(description="Start and end (exclusive) in characters of the text.")]
Evidence = Annotated[tuple[Span, ...], Meta(max_length=MAX_EVIDENCE)]
RevisionNumber = Annotated[int, Meta(ge=1, le=2**31 - 1, description="Of the text that was read: its “number”.")]
TagVersion = Annotated[int, Meta(ge=0, le=2**31 - 1, description="As it came with the post.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A collection's queue."""

    collection: CollectionName
    waiting: Annotated[int, Meta(ge=0, description="Answers without a tag.")]
    decided: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """Answers that come next, in their order."""

    posts: Sequence[Id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """Something that the program noticed in a text."""

    start: Number
    end: Number
    text: str
    kind: Annotated[str, Meta(examples=["url"])]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """What the program would say."""

    level: Level
    confidence: Annotated[float, Meta(ge=0, le=1, examples=[0.72])]
    engine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnVote:
    """What one said of an answer oneself."""

    id: Row
    level: Level
    reason: ReasonCode | None
    evidence: Sequence[Words]
    note: str
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchItem:
    """An answer to be tagged. What may be seen before the vote, the rules of its collection say."""

    post: Annotated[
        Post, Meta(description="Before your vote without its tag and without what was found of its sources.")
    ]
    question: Post | None
    above: Annotated[Sequence[Post], Meta(description="Between question and answer, the outermost first.")]
    showing: Showing
    noticed: Annotated[Sequence[Noticed], Meta(description="Empty where the vote is to be blind.")]
    suggested: Annotated[Suggested | None, Meta(description="null: there is none, or it comes after the vote.")]
    votes_needed: Number
    votes: Annotated[int, Meta(ge=0, description="That stand and count.")]
    own_vote: OwnVote | None


class Begin(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose answers are wanted."""

    collection: Annotated[str, Meta(max_length=80, pattern=NO_NUL)] | None = None


class VoteCast(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A level for an answer, and the words that justify it."""

    level: Level
    revision: RevisionNumber
    tag_version: TagVersion
    evidence: Evidence = ()
    reason: ReasonCode | None = None
    note: Note = ""
    seen: Annotated[
        Sight,
        Meta(
            description="What was seen before: neither, words marked by the program, its suggestion, others’ reading."
        ),
    ]
    sure: Annotated[bool, Meta(description="That a sourced level is meant, though no words say where it cites.")] = (
        False
    )


class HoldCast(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To whom an answer is left, and why."""

    meant_for: Annotated[str, Meta(max_length=80, pattern=NO_NUL, description="A moderator; “”: anybody else.")] = ""
    note: Note = ""


class MarkSet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether an answer is to be marked."""

    marked: bool = True


class TakeBack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which decision is taken back."""

    decision: Annotated[int, Meta(ge=1, le=2**31 - 1, description="The “id” of the decision in force.")]


class Nothing(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An object without anything in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voted:
    """A vote that is stored, and what follows."""

    vote: Row
    level: Level
    counts: Annotated[bool, Meta(description="false: the practice answers come first.")]
    state: State
    decided: Annotated[Level | None, Meta(description="Where votes decide.")]
    basis: Basis | None
    wanted: Annotated[int, Meta(ge=0, description="Further votes.")]
    suggested: Annotated[Suggested | None, Meta(description="Where it differs and is shown now; else null.")]
    tag_version: Annotated[int, Meta(ge=0, description="From now on.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Something that was done to an answer."""

    post: Id
    tag_version: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """Whether an answer is marked."""

    post: Id
    marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What was taken back, or done again."""

    act: Annotated[ActKind | None, Meta(description="null: there was nothing.")]
    post: Annotated[Id | None, Meta(description="null: many answers.")]
    level: Level | None
    answers: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """An import."""

    id: Row
    url: BatchUrl
    state: BatchState
    collection: CollectionName
    started_at: Moment
    by: str
    files: Number
    failure: str | None
    balance: Annotated[dict[str, int], Meta(description="The balance sheet.", examples=[{"read": 12, "added": 12}])]
    adds_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """A file of an import."""

    name: str
    sha256: Sha256
    size: Annotated[int, Meta(ge=0, description="Bytes.")]
    format: Annotated[str | None, Meta(description="null: not read yet.")]
    done: Annotated[int, Meta(ge=0, description="Bytes that were read.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDetail:
    """An import, how far it is, and the first 200 of its files."""

    batch: Batch
    course: Course
    done: Annotated[int, Meta(ge=0, description="Bytes that were read …")]
    size: Annotated[int, Meta(ge=0, description="… of so many.")]
    has_worker: Annotated[bool, Meta(description="Whether something runs that reads in what is ordered.")]
    undone: Annotated[str | None, Meta(description="Why it was not published or rolled back, though it was ordered.")]
    format: str
    markup: Markup
    finished_at: Moment | None
    files: Sequence[InputFile]


@dataclass(frozen=True, slots=True, kw_only=True)
class SketchedPost:
    """A post as it would come in."""

    author: str | None
    kind: PostKind
    outcome: Outcome
    depth: Number
    first_words: str
    characters: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class SketchedThread:
    """A thread as it would come in, with its first posts."""

    title: str
    asker: str | None
    posts: Number
    first: Sequence[SketchedPost]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A note, a skip or a stretch that could not be read."""

    kind: Annotated[str, Meta(examples=["quarantined"])]
    file: str
    offset: Annotated[int, Meta(ge=0, description="Bytes.")]
    length: Annotated[int, Meta(ge=0, description="Bytes.")]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A line of which it is not sure how it is to be read."""

    file: str
    line: Number
    text: str
    reading: str
    confidence: float
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedText:
    """A post that would have another text."""

    post: Id | None
    thread_title: str
    author: str | None
    text: Annotated[str, Meta(description="The new one.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an import would do. Lists hold the first ones."""

    balance: dict[str, int]
    adds_up: bool
    formats: Sequence[str]
    threads: Sequence[SketchedThread]
    doubts: Sequence[Doubt]
    doubtful: Annotated[int, Meta(ge=0, description="Doubtful lines in all.")]
    remarks: Sequence[Remark]
    refused: Sequence[Remark]
    changed: Annotated[Sequence[ChangedText], Meta(description="Posts that would have another text.")]
    absences: Annotated[int, Meta(ge=0, description="Posts that the archive has and these files lack.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A stretch that could not be read, is neither repaired nor dismissed, and lies in quarantine."""

    batch: Row
    number: Annotated[int, Meta(ge=0, description="In the batch.")]
    url: UnreadUrl
    file: str
    sha256: Sha256 | None
    offset: Annotated[int, Meta(ge=0, description="Bytes.")]
    length: Annotated[int, Meta(ge=0, description="Bytes.")]
    reason: str


class RunOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a batch is to be read in."""

    publish: Annotated[bool, Meta(description="Whether it is published once it is complete.")] = False


class RollBack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a batch is rolled back."""

    reason: Annotated[str, Meta(max_length=2000, pattern=NO_NUL, description="For the ledger.")] = ""
