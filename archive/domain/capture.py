"""What an import does to a thread: which posts are new, which are known, which have changed.

Pure: it is given what the archive holds of a thread and what a file says of it, and
returns what to write. Where the source numbers its posts, its numbers decide. Where it does
not (plain text), a post is known by its author and its text, and one whose text is new is
the next of that author's posts that no text matched, in order. A name that stands for
nobody ("[deleted]") connects nothing but equal texts.
"""

import hashlib
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import count
from operator import itemgetter

from archive.domain.batch import Outcome
from archive.domain.ids import PostKey, PublicId, Sha256, ThreadKey
from archive.domain.records import Edge, Markup, PostKind, PostRecord, PostState

NOBODY = frozenset({"[deleted]", "[removed]", "[unknown]", ""})
_PLACEHOLDERS = NOBODY | {"[deleted by user]", "[removed by moderator]", "[removed by reddit]", "[unavailable]"}
_TELLING = 40  # characters: shorter words of nobody ("Thanks!") may well be those of two people


def author_name(byline: str | None) -> str | None:
    """The author that a by-line names; None where it names nobody."""
    return None if byline is None or byline.strip().lower() in NOBODY else byline


def fingerprint(title: str | None, text: str, state: PostState = PostState.PRESENT) -> Sha256:
    """The hash by which two captures of a text are equal, whatever their line ends."""
    whole = f"{title or ''}\0{text}"
    if "\r" in whole:
        whole = whole.replace("\r\n", "\n").replace("\r", "\n")
    if state is not PostState.PRESENT:
        whole = f"{whole}\0{state}"
    return Sha256(hashlib.sha256(whole.encode("utf-8")).hexdigest())


def record_fingerprint(record: PostRecord) -> Sha256:
    """The fingerprint of a post as it was read."""
    return fingerprint(record.title, record.text, record.state)


@dataclass(slots=True)
class KnownPost:
    """A post that the archive holds, or is about to, with its newest revision and where it was seen."""

    id: int
    thread_id: int  # in which it is
    said_thread_id: int  # the one that its source names: a person may have moved it, or what it hangs under
    key: PostKey
    kind: PostKind  # as its source has it
    stands_as: PostKind  # what it is where it hangs now
    byline: str | None
    fingerprint: Sha256
    markup: Markup
    revision_id: int
    is_earlier: bool  # whether the source itself has a newer text than that revision
    last_number: int  # of all its revisions
    seen: dict[tuple[int, Sha256], int]  # reading and fingerprint → the revision that was read there
    live: set[int]  # revisions that a batch holds which was not rolled back
    in_batch: bool  # whether the batch under way has brought it already
    parent_id: int | None
    position: int
    depth: int
    posted_at: datetime | None = None
    awaits: PublicId | None = None  # the address of a parent that had not come
    edge: Edge = Edge.SOURCE
    row: dict[str, object] | None = None  # while it is not yet written
    author_id: int | None = None  # as it was first given
    namer: int = 0  # the reading that gave `byline`
    names: dict[int, str | None] | None = None  # by reading; None where no capture ever gave another

    def yields_to(self, revision_id: int, record: PostRecord) -> bool:
        """Whether a revision that says what the record does would be newer than the newest so far."""
        return self.rolled_back or (record.is_earlier, -revision_id) < (self.is_earlier, -self.revision_id)

    def take(self, revision_id: int, record: PostRecord, print_: Sha256) -> None:
        """Have this revision as the newest."""
        self.fingerprint, self.markup, self.revision_id = print_, record.markup, revision_id
        self.is_earlier = record.is_earlier

    def call(self, byline: str | None, reading_id: int) -> None:
        """Have this name, if it is newer. A capture that says nothing of the author takes no name away."""
        if byline is not None and (self.byline is None or reading_id > self.namer):
            self.byline, self.namer = byline, reading_id

    @property
    def rolled_back(self) -> bool:
        """Whether every batch that brought it was rolled back."""
        return not self.live


@dataclass(frozen=True, slots=True)
class KnownParent:
    """What is asked of a post only because others hang under it."""

    id: int
    thread_id: int  # as of a `KnownPost`, here and below
    said_thread_id: int
    kind: PostKind
    stands_as: PostKind


@dataclass(frozen=True, slots=True)
class _Traits:
    """What a thread, or records of one, may have in common with another of the same title and asker."""

    questions: frozenset[Sha256]
    said: Collection[tuple[str | None, Sha256]]  # by whom, and the text
    names: frozenset[str]
    unnamed: bool  # whether nobody said some of it
    answered: bool


@dataclass(slots=True)
class KnownThread:
    """A thread that the archive holds, or is about to."""

    id: int
    key: ThreadKey
    public_id: PublicId
    namesake: PublicId | None = None  # the first thread with its title and asker, where that is another
    posts: dict[PostKey, KnownPost] = field(default_factory=dict)  # in the order in which they came
    has_guests: bool = False  # whether a person brought posts into it that its source has elsewhere
    shown: dict[tuple[int, int], KnownPost] = field(default_factory=dict)  # by reading and offset in bytes
    _traits: _Traits | None = None  # made once: every namesake that comes is held against them

    def show(self, place: tuple[int, int], post: KnownPost) -> None:
        """Know that a reading shows a post there, which is new, or may have got another text."""
        self.shown[place], self._traits = post, None

    def traits(self) -> _Traits:
        """What it may have in common with others."""
        if self._traits is None:
            posts = [post for post in self.posts.values() if post.kind is not PostKind.QUESTION]
            said = frozenset((author_name(post.byline), post.fingerprint) for post in posts)
            self._traits = _Traits(
                questions=frozenset(post.fingerprint for post in self.posts.values() if post.kind is PostKind.QUESTION),
                said=said,
                names=frozenset(name for name, _ in said if name is not None),
                unnamed=any(name is None for name, _ in said),
                answered=bool(posts),
            )
        return self._traits


@dataclass(frozen=True, slots=True)
class Match:
    """One post that was read, and what it is to the archive."""

    record: PostRecord
    fingerprint: Sha256
    key: PostKey  # under which it is, or will be, known
    known: KnownPost | None
    revision_id: int | None  # of the post's revisions, the one that says the same; None where the text is new

    @property
    def is_live(self) -> bool:
        """Whether a batch has its text that was not rolled back."""
        return self.known is not None and self.revision_id in self.known.live


def match_numbered(post: KnownPost | None, record: PostRecord, *, reading_id: int) -> Match:
    """The match of a record that its source numbers, given the post of that number."""
    print_ = record_fingerprint(record)
    return Match(record, print_, record.key, post, _revision_of(post, record, print_, reading_id) if post else None)


def match_unnumbered(known: KnownThread | None, records: Sequence[PostRecord], *, reading_id: int) -> Iterator[Match]:
    """Yield a match for each record of a reading whose source does not number its posts, in order.

    A text is known when the newest revision says the same in the same markup, or when this very reading has
    brought it before. An older text that another reading brings is new: the source went back to it.
    """
    prints = [record_fingerprint(record) for record in records]
    if known is None:
        free = _FreeKeys({})
        for record, print_ in zip(records, prints, strict=True):
            yield Match(record, print_, free.take(record), None, None)
        return
    pairs = _pair_by_position(known, records, prints, reading_id)
    free = _FreeKeys(known.posts)
    for record, print_ in zip(records, prints, strict=True):
        post = known.posts.get(record.key) if record.kind is PostKind.QUESTION else pairs.get(id(record))
        if post is None:
            yield Match(record, print_, free.take(record), None, None)
        else:
            yield Match(record, print_, post.key, post, _revision_of(post, record, print_, reading_id))


def _revision_of(post: KnownPost, record: PostRecord, print_: Sha256, reading_id: int) -> int | None:
    """The same words in another markup are another revision: or a markup that was wrong could not be put right."""
    newest = post.revision_id if (post.fingerprint, post.markup) == (print_, record.markup) else None
    return post.seen.get((reading_id, print_), newest)


def outcome_of(match: Match, *, renamed: bool) -> Outcome:
    """What the balance sheet says of a match, and of the name of its author."""
    if match.known is None or match.known.rolled_back:
        return Outcome.ADDED
    if not match.is_live:
        return Outcome.CHANGED
    if match.known.in_batch:
        return Outcome.DUPLICATE
    return Outcome.CHANGED if renamed else Outcome.UNCHANGED


def choose_thread(
    alike: Sequence[KnownThread], records: Sequence[PostRecord], *, reading_id: int
) -> KnownThread | None:
    """Of threads with the same title and asker, the one that records are of; None where it is yet another.

    What this very reading has decided before stays decided. Otherwise it is the one with most in common.
    """
    if not alike:  # as most are: nothing of them needs to be gathered
        return None
    shown = {(reading_id, record.ref.offset) for record in records}
    for thread in alike:
        if not shown.isdisjoint(thread.shown):
            return thread
    traits = _traits_of(records)
    ranked = [(common, thread) for thread in alike if (common := _in_common(thread.traits(), traits)) is not None]
    return max(ranked, key=itemgetter(0))[1] if ranked else None


def _traits_of(records: Sequence[PostRecord]) -> _Traits:
    """What records have that may tell whose thread they are of."""
    answers = [record for record in records if record.kind is not PostKind.QUESTION]
    asked = (record for record in records if record.kind is PostKind.QUESTION and not _is_placeholder(record.text))
    said = [(author_name(record.byline), record_fingerprint(record)) for record in answers if _tells(record)]
    return _Traits(
        questions=frozenset(map(record_fingerprint, asked)),
        said=said,
        names=frozenset(name for record in answers if (name := author_name(record.byline)) is not None),
        unnamed=any(name is None for name, _ in said),
        answered=bool(answers),
    )


def _in_common(known: _Traits, new: _Traits) -> tuple[int, int] | None:
    """How many texts and how many authors a thread and records under its key share; None where they are of two.

    A weekly thread has the same title and asker every week. It is another thread when neither the question's
    text nor an answer's author is shared, nor a telling text of somebody whom both captures leave unnamed.
    """
    same_question = not new.questions.isdisjoint(known.questions)
    authors = len(known.names & new.names)
    texts = sum(said in known.said for said in new.said) if authors or new.unnamed else 0
    if known.answered and new.answered and not (same_question or texts or authors):
        return None
    return same_question + texts, authors


def _tells(record: PostRecord) -> bool:
    """Whether a text says whose it is: words of nobody do where they are many."""
    if author_name(record.byline) is None:
        return len(record.text.strip()) >= _TELLING
    return not _is_placeholder(record.text)


def _is_placeholder(text: str) -> bool:
    return text.strip().lower() in _PLACEHOLDERS


def other_thread_key(alike: Sequence[KnownThread], records: Sequence[PostRecord]) -> ThreadKey:
    """The key of yet another thread of a title and an asker: its first answer that says whose it is tells it apart."""
    answers = [record for record in records if record.kind is not PostKind.QUESTION]
    first = next(filter(_tells, answers), answers[0])
    key = base = ThreadKey(f"{alike[0].key}~{fingerprint(first.byline, first.text)[:16]}")
    taken = {thread.key for thread in alike}
    numbers = count(2)
    while key in taken:
        key = ThreadKey(f"{base}~{next(numbers)}")
    return key


class _FreeKeys:
    """Hands out the keys of posts that are new, none twice."""

    def __init__(self, taken: Iterable[PostKey]) -> None:
        self._taken = set(taken)
        self._tried: dict[str | None, int] = {}  # by author: none is free up to that number

    def take(self, record: PostRecord) -> PostKey:
        key, number = record.key, self._tried.get(record.byline, 1)
        while key in self._taken and record.kind is not PostKind.QUESTION:
            number += 1
            key = PostKey(f"{record.byline}#{number}")
            self._tried[record.byline] = number
        self._taken.add(key)
        return key


def _pair_by_position(
    known: KnownThread, records: Sequence[PostRecord], prints: Sequence[Sha256], reading_id: int
) -> dict[int, KnownPost]:
    """Pair records with known posts: those that this reading showed at the same place, texts that it brought
    before, then equal texts, then the rest of each author's in order.
    """
    pairs: dict[int, KnownPost] = {}
    used: set[int] = set()
    for record, print_ in zip(records, prints, strict=True):
        post = known.shown.get((reading_id, record.ref.offset))
        if post is not None and (reading_id, print_) in post.seen and post.byline == record.byline:
            pairs[id(record)] = post
            used.add(post.id)
    for texts_of in (partial(_texts_read, reading_id), _newest_text, _any_text):
        waiting: dict[tuple[PostKind, str | None, str | None], deque[KnownPost]] = {}
        for post in known.posts.values():
            for text in texts_of(post):
                waiting.setdefault((post.kind, post.byline, text), deque()).append(post)
        for record, print_ in zip(records, prints, strict=True):
            text = None if texts_of is _any_text else print_
            if (
                id(record) in pairs
                or record.kind is PostKind.QUESTION
                or (text, author_name(record.byline)) == (None, None)
            ):
                continue
            queue = waiting.get((record.kind, record.byline, text), deque())
            while queue and id(record) not in pairs:
                post = queue.popleft()
                if post.id not in used:
                    pairs[id(record)] = post
                    used.add(post.id)
    return pairs


def _texts_read(reading_id: int, post: KnownPost) -> set[Sha256]:
    return {print_ for reading, print_ in post.seen if reading == reading_id}


def _newest_text(post: KnownPost) -> set[Sha256]:
    return {post.fingerprint}


def _any_text(post: KnownPost) -> set[None]:  # noqa: ARG001 - one of three ways of asking
    return {None}
