"""What a reader of a foreign format yields: posts, and everything else that it met.

Every item says where in the original it came from, and the items of a file cover it:
the stretches of posts, layout, skipped and unreadable parts follow one another without
a gap or an overlap, so that a balance sheet can be drawn up in bytes as well as in posts.
Notes, doubtful lines, known gaps, whole threads and checkpoints comment on stretches and cover nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from archive.domain.ids import PostKey, Sha256, ThreadKey


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRef:
    """Where in the original a record came from, so that any claim can be checked."""

    original: Sha256
    offset: int  # bytes from the start of the unpacked file
    length: int  # bytes


class PostKind(StrEnum):
    """The part that a post plays in its thread."""

    QUESTION = "question"
    ANSWER = "answer"
    REPLY = "reply"


class Markup(StrEnum):
    """How a post's text is written."""

    PLAIN = "plain"
    MARKDOWN = "markdown"  # CommonMark
    REDDIT = "reddit"  # Markdown with Reddit's spoilers, superscript, /u/ and /r/
    HTML = "html"
    MAIL = "mail"  # plain text whose lines beginning with ">" are quotations


class PostState(StrEnum):
    """What its source says has become of a post."""

    PRESENT = "present"
    DELETED = "deleted"  # by its author, or by nobody that the source names
    REMOVED = "removed"  # by a moderator of the source


class Edge(StrEnum):
    """How it is known under which post another hangs."""

    LAYOUT = "layout"  # an answer stands below its question
    SOURCE = "source"  # the source names the parent
    REFERENCES = "references"  # the source names what it answers, as mails do, and no thread: that is only inferred
    CUT = "cut"  # the source has it answer a reply to itself; the circle was cut above it
    UNSAID = "unsaid"  # a mail’s subject says that it replies, and nothing in it says to what
    ADDRESSED = "addressed"  # as LAYOUT, but its first words speak to somebody who answered before
    PERSON = "person"  # decided by a person, whatever the source says


class KeyBasis(StrEnum):
    """How a post's key is known."""

    SOURCE = "source"  # the source numbers its posts, and no number twice in a collection
    POSITION = "position"  # it does not: the key is the author and the how-manieth post of that author


class LineReading(StrEnum):
    """What a line that stands alone can be."""

    NAME = "name"  # the next author's name
    TEXT = "text"  # a paragraph of the post before it


Fact = str | int | float | bool | list[str] | list[dict[str, str | int]]
Facts = Mapping[str, Fact]  # by the names in `archive.domain.facts`


class Mention(NamedTuple):
    """A post that a file names and does not hold, or that answers such a one; and what it says stood above it."""

    key: PostKey
    above: PostKey


class MailKeys(NamedTuple):
    """By what a mail may be known: its Message-ID, which another mail may bear too, and then its bytes."""

    message_id: PostKey
    of_bytes: PostKey


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRecord:
    """One post as the source gives it. What the source does not say is None."""

    thread: ThreadKey  # with the edge REFERENCES, only as far as its file tells
    key: PostKey
    key_basis: KeyBasis
    parent: (
        PostKey | None
    )  # it may come later, in another file, or never; None for a question, and where nothing is said
    kind: PostKind
    byline: str | None  # the author's name as printed; "[deleted]" stays "[deleted]"
    title: str | None  # of the thread, on its question only
    text: str  # exactly as received, decoded
    markup: Markup
    posted_at: datetime | None  # aware, UTC; None when the source gave none we could read
    ref: RawRef  # the post's whole stretch: name, text and what lies between them
    edge: Edge = Edge.LAYOUT
    is_earlier: bool = False  # whether the source itself has a newer text of it
    state: PostState = PostState.PRESENT  # of one that is not, the text is "" unless the source still gives it
    facts: Facts | None = None
    mentions: tuple[Mention, ...] = ()  # where no thread is named: what it tells of posts that its file lacks
    mail_keys: MailKeys | None = None  # of a mail with an id; `key` is the one by which its file knows it


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Bytes that hold a file together and belong to no post: blank lines, separators, wrapping."""

    ref: RawRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A stretch left out on purpose."""

    ref: RawRef
    reason: str  # a sentence for the archivist


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A stretch that could not be read. It goes into quarantine with its place and reason."""

    ref: RawRef
    reason: str  # a sentence for the archivist


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something assumed about the file, which the batch repeats: an encoding, say."""

    ref: RawRef
    text: str  # a sentence for the archivist


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulLine:
    """A line that may be a name or a paragraph, how it was read, and how surely."""

    ref: RawRef  # the line itself; ref.offset is what a correction names
    thread: ThreadKey
    number: int  # of the line in its text, from 1
    text: str
    reading: LineReading
    confidence: float  # 0.5 to 1
    corrected: bool  # whether the archivist said so
    reasons: tuple[str, ...]  # why, in words, strongest first


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGap:
    """Posts that the source says there are, and does not give."""

    ref: RawRef  # where it says so
    thread: ThreadKey
    parent: PostKey | None  # under which they hang
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeThread:
    """What was yielded of a thread is all that its source showed of it when it was captured, but for known gaps.

    Only then may a post that an earlier capture has be called absent from this one.
    """

    ref: RawRef  # where it says so, or ends
    thread: ThreadKey


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Everything before this place has been yielded, and reading may begin again here."""

    offset: int  # bytes from the start of the unpacked file


Item = PostRecord | Layout | Skipped | Unreadable | Note | DoubtfulLine | KnownGap | WholeThread | Checkpoint
