"""Which answer a moderator is given next."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session

from archive.domain.bench_rules import drawn_below
from archive.domain.ids import PublicId, UserId
from archive.domain.permissions import Permission, Role, permissions_of
from archive.domain.queue_mix import Stream
from archive.domain.records import PostKind
from archive.domain.second_opinions import Basis, State
from archive.store.acts import DONE, Act, ActKind
from archive.store.base import UtcDateTime
from archive.store.bench_rules import StoredRules
from archive.store.bulk_tags import Mark
from archive.store.claims import Claim
from archive.store.collections import Collection
from archive.store.holds import Hold
from archive.store.pending import Pending
from archive.store.queue import WAITING
from archive.store.tags import Skip, StoredSuggestion, Tag
from archive.store.threads import Author, Post, Revision, Thread
from archive.store.trained import IN_FORCE, TrainedModel
from archive.store.users import User, UserRole
from archive.store.votes import Vote

NOBODY = "nobody named"
_Answers = Select[int, PublicId]
_MINE = bindparam("mine", type_=Integer)
_COLLECTION = bindparam("collection", type_=Integer)
_ENGINE = bindparam("engine", type_=String)
_NOW = bindparam("now", type_=UtcDateTime)
_LAST = bindparam("last", type_=Integer)
_TRAINEE = bindparam("trainee", type_=Boolean)
_ANSWER = and_(Post.public, Post.kind == PostKind.ANSWER)


class Served(NamedTuple):
    """An answer to be read."""

    id: int
    public_id: PublicId


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Whose queue it is, and of what."""

    moderator: UserId
    collection_id: int | None  # None: of all
    engine: str  # whose suggestions say what is uncertain
    now: datetime
    last: int = 0  # the answer after which reading order goes on
    empty: frozenset[Stream] = frozenset()  # streams that need not be asked
    trainee: bool = False  # whether the moderator has not practised, so that no vote counts and none is asked for again

    @property
    def of_one(self) -> bool:
        """Whether it is the queue of one collection."""
        return self.collection_id is not None

    def values(self) -> dict[str, object]:
        """What the queries ask for."""
        return {
            "mine": self.moderator,
            "collection": self.collection_id,
            "engine": self.engine,
            "now": self.now,
            "last": self.last,
            "trainee": self.trainee,
        }


def next_of(session: Session, stream: Stream, desk: Desk, *, limit: int, claimed: bool) -> Sequence[Served]:
    """The first answers of a stream.

    :param claimed: whether those that others are about to read may be served, too.
    """
    found: list[Served] = []
    if stream in desk.empty:
        return found
    for query in _of_stream(session, stream, desk, claimed=claimed, limit=limit):
        rows = session.execute(query, desk.values())
        found += [served for served in map(Served._make, rows) if served not in found]
        if len(found) >= limit:
            break
    return found[:limit]


def next_found(
    session: Session, found: Subquery, desk: Desk, *, but: Sequence[int], claimed: bool, passed: bool, most: int
) -> Sequence[Served]:
    """Answers that a search has found, in the order in which their texts came.

    :param found: `post_id`, `revision_id`.
    :param passed: whether those that the moderator passed over are meant, or all others.
    """
    theirs = [Post.takedown_id.is_(None), *_open_to(Post.id, Post, claimed=claimed)]
    over = select(Skip.post_id).where(Skip.post_id == Post.id, Skip.moderator_id == _MINE)
    theirs.append(~_none(over) if passed else _none(over))
    if but:
        theirs.append(Post.id.not_in(but))
    query = _posts().join(found, found.c.post_id == Post.id).where(_ANSWER, *theirs)
    asked = {"mine": desk.moderator, "now": desk.now, "trainee": desk.trainee}  # what it finds has names of its own
    rows = session.execute(query.order_by(found.c.revision_id).limit(most), asked)
    return [Served._make(row) for row in rows]


def _of_stream(session: Session, stream: Stream, desk: Desk, *, claimed: bool, limit: int) -> Sequence[_Answers]:
    if stream is Stream.RANDOM:  # what is drawn depends on the rules of collections
        shares = _drawn_shares(session, desk)
        return [_drawn_query(shares, of_one=desk.of_one, claimed=claimed, limit=limit)] if shares else []
    return _queries(stream, of_one=desk.of_one, claimed=claimed, limit=limit)


@lru_cache(maxsize=256)
def _queries(stream: Stream, *, of_one: bool, claimed: bool, limit: int) -> Sequence[_Answers]:
    """Built once: to build one takes longer than to ask it."""
    return [_served(query, of_one=of_one, claimed=claimed, limit=limit) for query in _STREAMS[stream]()]


@lru_cache(maxsize=64)
def _drawn_query(shares: tuple[tuple[int, int], ...], *, of_one: bool, claimed: bool, limit: int) -> _Answers:
    return _served(_drawn(shares), of_one=of_one, claimed=claimed, limit=limit)


def _served(query: _Answers, *, of_one: bool, claimed: bool, limit: int) -> _Answers:
    """Those of a stream that are open to a moderator.

    The stream is a query of its own, which an OFFSET keeps apart: of what is open PostgreSQL expects next to nothing,
    and would look all of the stream through and sort it, where it is to stop at the first few. How many are wanted
    stands in the words of the query, since it has to be known before anything is asked.
    """
    query = query.where(Post.takedown_id.is_(None))
    if of_one:
        of_collection = and_(Thread.id == Post.thread_id, Thread.collection_id == _COLLECTION)
        query = query.where(select(Thread.id).where(of_collection).correlate(Post).exists())
    stream = query.offset(_NONE_LEFT_OUT).subquery("waiting")
    served = select(stream.c.id, stream.c.public_id)
    return served.where(*_open_to(stream.c.id, stream, claimed=claimed)).limit(literal_column(str(limit)))


def _open_to(post: Any, answers: Any, *, claimed: bool) -> Iterator[ColumnElement[bool]]:
    """What keeps an answer from a moderator: it is read, left, held or marked, or others have it.

    :param post: the column with the numbers of the answers.
    :param answers: where that is.
    """
    read = select(Vote.id).join(Revision, and_(Revision.id == Vote.revision_id, Revision.is_current))
    mine = (Vote.moderator_id == _MINE, Vote.stands, Vote.counts | _TRAINEE)
    yield _none(read.where(Vote.post_id == post, *mine), answers)
    left = and_(Act.moderator_id == _MINE, Act.kind == ActKind.LEAVE, ~Act.undone)
    yield _none(select(Act.id).where(Act.post_id == post, left), answers)
    yield _none(select(Mark.post_id).where(Mark.post_id == post, Mark.moderator_id == _MINE), answers)
    current = and_(Revision.id == Pending.revision_id, Revision.is_current)
    disputed = select(Pending.post_id).join(Revision, current)
    yield _none(disputed.where(Pending.post_id == post, Pending.state == State.DISPUTED), answers)
    moderates = select(UserRole.user_id).where(UserRole.role.in_((Role.MODERATOR, Role.ADMIN)))
    there = select(User.id).where(User.active, User.id.in_(moderates))
    for_others = and_(Hold.for_id.is_not(None), Hold.for_id != _MINE, Hold.for_id.in_(there))
    held = (Hold.ended_at.is_(None), or_(Hold.by_id == _MINE, for_others))
    yield _none(select(Hold.id).where(Hold.post_id == post, *held), answers)
    if not claimed:
        others = and_(Claim.moderator_id != _MINE, Claim.until > _NOW)
        yield _none(select(Claim.post_id).where(Claim.post_id == post, others), answers)


def _none(query: Select[Any], answers: Any = Post) -> ColumnElement[bool]:
    """That there is no such row for the answer.

    With an OFFSET, PostgreSQL asks it of each answer until it has enough, and does not join whole tables for it.
    """
    return ~query.correlate(answers).offset(_NONE_LEFT_OUT).exists()


_NONE_LEFT_OUT: ColumnElement[int] = literal_column("0")


def _held() -> Iterator[_Answers]:
    mine = and_(Hold.post_id == Post.id, Hold.ended_at.is_(None), Hold.for_id == _MINE)
    yield _posts().join(Hold, mine).where(_ANSWER).order_by(Post.id)


def _second() -> Iterator[_Answers]:
    wanted = and_(Pending.post_id == Post.id, Pending.state == State.WANTS_VOTE)
    current = and_(Revision.id == Pending.revision_id, Revision.is_current)
    yield _fresh(_posts().join(Pending, wanted).join(Revision, current).where(_ANSWER)).order_by(Pending.since, Post.id)


def _uncertain() -> Iterator[_Answers]:
    theirs = and_(StoredSuggestion.engine == _ENGINE, StoredSuggestion.level.is_not(None))
    query = (
        select(Post.id, Post.public_id)
        .select_from(StoredSuggestion)
        .join(Revision, and_(Revision.id == StoredSuggestion.revision_id, Revision.is_current))
        .join(Post, Post.id == Revision.post_id)
        .where(theirs, WAITING)
    )
    yield _fresh(query).order_by(StoredSuggestion.confidence, StoredSuggestion.revision_id)


def _drawn_shares(session: Session, desk: Desk) -> tuple[tuple[int, int], ...]:
    """The collections of which a share is drawn, and how large it is."""
    rows = [(row.collection_id, row.double_percent) for row in session.execute(_DRAWING)]
    return tuple(row for row in rows if desk.collection_id in (None, row[0]))


_DRAWING = (
    select(StoredRules.collection_id, StoredRules.double_percent)
    .where(StoredRules.double_percent > 0)
    .order_by(StoredRules.collection_id)
)


def _drawn(shares: Sequence[tuple[int, int]]) -> _Answers:
    drawn = [
        and_(Thread.collection_id == collection, Post.public_id < drawn_below(percent))
        for collection, percent in shares
    ]
    drawn_ones = _posts().join(Thread, Thread.id == Post.thread_id).where(WAITING, or_(false(), *drawn))
    return _fresh(drawn_ones).order_by(Post.public_id)


def _audit() -> Iterator[_Answers]:
    alone = and_(Tag.id == Post.tag_id, Tag.basis == Basis.SINGLE, Tag.moderator_id != _MINE)
    yield _fresh(_posts().join(Tag, alone).where(_ANSWER, Post.level.is_not(None))).order_by(Tag.id)


def _order() -> Iterator[_Answers]:
    waiting = _fresh(_posts().where(WAITING)).order_by(Post.id)
    yield waiting.where(Post.id > _LAST)
    yield waiting


def _passed_over() -> Iterator[_Answers]:
    passed = and_(Skip.post_id == Post.id, Skip.moderator_id == _MINE)
    yield _posts().join(Skip, passed).where(WAITING).order_by(Skip.at, Post.id)


def _posts() -> _Answers:
    return select(Post.id, Post.public_id).select_from(Post)


def _fresh(query: _Answers) -> _Answers:
    """Without those that the moderator passed over."""
    passed = select(Skip.post_id).where(Skip.post_id == Post.id, Skip.moderator_id == _MINE)
    return query.where(_none(passed))


_STREAMS: dict[Stream, Callable[[], Iterator[_Answers]]] = {
    Stream.HELD: _held,
    Stream.SECOND: _second,
    Stream.UNCERTAIN: _uncertain,
    Stream.AUDIT: _audit,
    Stream.ORDER: _order,
    Stream.PASSED_OVER: _passed_over,
}


class DeskRow(NamedTuple):
    """Where a moderator is."""

    last: int  # the answer on which something was done last; 0 for none
    acts: int  # what was done since some moment, and not taken back
    engine: str | None  # the weights in force; None for those that come with the program
    empty: frozenset[Stream]  # of those that are mostly empty, those that are empty for everybody, or for the moderator
    trainee: bool  # whether no vote counts, as the practice answers come first


def desk_of(session: Session, moderator: UserId, *, since: datetime, base: str) -> DeskRow:
    """Where a moderator is now.

    :param base: the version of the program's engine.
    """
    row = session.execute(_DESK, {"mine": moderator, "since": since, "base": base}).one()
    last, acts, engine, held, wanting, trainee = row
    empty = [stream for stream, some in ((Stream.HELD, held), (Stream.SECOND, wanting)) if not some]
    return DeskRow(last, acts, engine, frozenset(empty), trainee)


_NEWEST_ACT = (
    select(Act.post_id)
    .where(Act.moderator_id == _MINE, Act.post_id.is_not(None), ~Act.undone)
    .order_by(Act.id.desc())
    .limit(1)
)
_ACTS = select(func.count()).where(Act.moderator_id == _MINE, Act.at >= bindparam("since", type_=UtcDateTime), DONE)
_ADMINS = [role for role in Role if Permission.ADMINISTER in permissions_of(frozenset({role}))]
_COUNTS = or_(
    select(User.id).where(User.id == _MINE, User.practised_at.is_not(None)).exists(),
    select(UserRole.user_id).where(UserRole.user_id == _MINE, UserRole.role.in_(_ADMINS)).exists(),
)
_DESK = select(
    func.coalesce(_NEWEST_ACT.scalar_subquery(), 0),
    _ACTS.scalar_subquery(),
    select(TrainedModel.engine).where(IN_FORCE, TrainedModel.base == bindparam("base", type_=String)).scalar_subquery(),
    select(Hold.id).where(Hold.for_id == _MINE, Hold.ended_at.is_(None)).exists(),
    select(Pending.post_id).where(Pending.state == State.WANTS_VOTE).exists(),
    ~_COUNTS,
)


def current_text(session: Session, post_id: int) -> int:
    """The number of the text of a post that readers see; 0 for none."""
    return session.scalar(select(Revision.id).where(Revision.post_id == post_id, Revision.is_current)) or 0


def collection_numbered(session: Session, slug: str) -> int | None:
    """The number of the collection of that name; None if there is none."""
    return session.scalar(_NUMBER, {"slug": slug})


_NUMBER = select(Collection.id).where(Collection.slug == bindparam("slug"))


def name_of_writer(session: Session, post: PublicId) -> str:
    """Whose answer it is."""
    return session.scalar(_WRITER, {"address": post}) or NOBODY


_WRITER = (
    select(func.coalesce(Author.name, Post.byline))
    .select_from(Post)
    .outerjoin(Author, Author.id == Post.author_id)
    .where(Post.public_id == bindparam("address"))
)
