"""What pages are made of: plain, frozen, and already decided as to who may see what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from archive.domain.checking import CheckSum
from archive.domain.ids import CollectionSlug, PublicId, Sha256
from archive.domain.records import Edge, Facts, Markup, PostKind, PostState
from archive.domain.second_opinions import Basis, basis_words
from archive.domain.source_quality import Level
from archive.domain.takedown import ReasonClass

Shares = Mapping[Level | None, int]  # answers by decided level; None: not yet tagged


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionCard:
    """A collection with what it holds for readers."""

    slug: CollectionSlug
    name: str
    description: str  # "" where nobody has said what it is
    threads: int
    answers: int
    shares: Shares
    first: datetime | None  # when the first of its threads began that has a date
    last: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadLine:
    """A thread in a list."""

    public_id: PublicId
    title: str
    collection: CollectionSlug
    collection_name: str
    asker: str | None
    asked_at: datetime | None
    began_at: datetime | None  # the same, or when its first dated post was written
    answers: int
    replies: int
    shares: Shares
    checked: int  # cited answers of which somebody looked a reference up
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPage:
    """The whole archive at a glance."""

    collections: Sequence[CollectionCard]
    recent: Sequence[ThreadLine]
    threads: int
    answers: int
    decided: int  # answers with a tag
    sourced: int  # answers tagged pinpoint or cited


class Order(StrEnum):
    """In which order a thread's answers stand."""

    SOURCED = "sourced"
    POSTED = "posted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Words of the answer that justify its tag."""

    start: int  # characters of the revision that was tagged
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The tag in force."""

    level: Level
    by: str
    at: datetime
    codebook_version: int
    note: str
    evidence: Sequence[Evidence]
    revision_number: int  # of the text that was tagged
    basis: Basis
    agreeing: int  # votes that gave the level
    votes: int  # that were in

    @property
    def basis_words(self) -> str:
        """What readers are told of how it was decided."""
        return basis_words(self.basis, agreeing=self.agreeing, votes=self.votes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Posts that the newest capture to say so names, and does not give."""

    posts: int
    others: int  # that are at hand there, and came from elsewhere: maybe some of them
    received_at: datetime  # when the capture was

    @property
    def more(self) -> bool:
        """Whether some are missing still, for all that is known."""
        return self.posts > self.others


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenDown:
    """Why nothing of a post is shown."""

    reason: ReasonClass
    at: datetime


class PostView(NamedTuple):
    """A post as a page shows it. A tuple, since it is made five times as fast, and pages have hundreds."""

    id: int
    public_id: PublicId
    kind: PostKind
    author: str | None  # None: nobody is named; see byline
    author_id: PublicId | None
    byline: str | None  # as printed
    posted_at: datetime | None
    parent: PublicId | None
    parent_author: str | None
    awaits: PublicId | None  # the address of a parent that has not come
    edge: Edge
    depth: int  # 0 for the question, 1 for answers
    text: str  # as received
    words: str | None  # what is searched, where that is not the text itself
    markup: Markup
    state: PostState
    facts: Facts  # what else the source says of it
    revision_id: int
    revision_number: int
    revisions: int  # public ones
    captured_at: datetime
    decision: Decision | None
    tag_version: int
    checked: CheckSum | None = None  # what was found of its references; None where its level needs none
    absent_at: datetime | None = None  # when a capture of the whole thread came that lacks it, if it was not seen since
    missing: Missing | None = None  # below it
    taken_down: TakenDown | None = None  # all of it; what is left are its place and what hangs below it


class AnswerView(NamedTuple):
    """An answer with the replies under it, in reading order; a reply's depth says how deep it hangs."""

    post: PostView
    number: int | None  # among all answers of the thread, as posted, from 1; None where they are too many to count
    replies: Sequence[PostView]
    begun: bool = False  # whether the post itself was shown in an earlier part, and some of the replies
    goes_on: bool = False  # whether further replies are shown in the next part
    numbers: Mapping[int, tuple[int, int]] | None = None  # by reply, the how-manieth to its parent it is, of how many;
    # None: as shown. Of a group that is cut and too long to count, nothing is said.


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadPage:
    """A whole thread."""

    public_id: PublicId
    title: str
    collection: CollectionSlug
    collection_name: str
    received_at: datetime
    question: PostView | None  # None: it was not among the bytes received, or an earlier part shows it
    has_question: bool  # whether it is in the thread, shown here or not
    answers: Sequence[AnswerView]  # those that the filter lets through, in the order asked for
    all_answers: int
    all_replies: int
    shares: Shares  # of all answers
    missing: Missing | None  # posts of it of which it is not known where they hang, or which hang under a missing one
    after: PublicId | None  # the post after which what is shown begins; None for the thread's beginning
    further: PublicId | None  # the post after which there are further ones; None where there are none
    is_draft: bool  # no part of it is published
    previous: PublicId | None = None  # the post after which the part before begins; None: the thread's beginning
    beside_question: Sequence[PostView] = ()  # replies to the question itself, in reading order
    beside_question_whole: bool = True  # whether these are all
    in_parts: bool = False  # whether it has more than is shown
    fits_one_page: bool = True  # whether all of it may be asked for at once
    ghosts: int = 0  # posts that are missing to which others point
    offers: bool = True  # whether references may have been supplied for answers of it
    objections: bool = True  # whether tags of it may have been questioned
    next_sourced: PublicId | None = None  # the first answer behind what is shown whose source can be looked up

    @property
    def posts(self) -> Sequence[PostView]:
        """What is shown of it."""
        answers = (
            post for answer in self.answers for post in (*(() if answer.begun else (answer.post,)), *answer.replies)
        )
        return [*([self.question] if self.question else ()), *self.beside_question, *answers]


@dataclass(frozen=True, slots=True, kw_only=True)
class MendedStretch:
    """A stretch of an original that could not be read as it was received."""

    name: str  # of the file
    original: Sha256
    offset: int  # bytes
    length: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalPage:
    """A post beside the bytes it came from."""

    post: PostView
    thread: ThreadLine
    name: str  # of the file
    sha256: Sha256
    size: int  # bytes
    received_at: datetime
    format: str
    offset: int  # bytes
    length: int  # bytes
    encoding: str  # as the reader took it, by Python's name for it
    mends: MendedStretch | None  # what the file was made to mend, if it was
    before: str  # some lines before the stretch, decoded for showing; "" where they are not shown
    stretch: str
    after: str
    first_line: int | None  # number of the first line shown; None where the file is too large to count
    cut_before: bool  # whether the file goes on before what is shown
    cut_within: bool  # whether only the beginning of the stretch is shown, and nothing after it
    sealed: bool  # whether something else in the file was taken down, so that nothing around the stretch is shown
    cut_after: bool
