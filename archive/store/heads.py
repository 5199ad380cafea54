"""Heads of threads: the posts below which others are read, in the order in which a page has them.

A head is an answer, a reply to the question, or a post of which it is not known what it answers. What hangs below it
follows it in reading order, up to the next head. Both are found by indexes that hold nothing but public heads, so a
part of a thread takes as long whatever the thread holds beside it.

Statements are put together once: that takes as long as all that the database does for one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVarTuple

from sqlalchemy import ColumnElement, Integer, Select, String, and_, bindparam, cast, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from archive.domain.ids import PublicId
from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.store.pages import SHOWN
from archive.store.threads import Post

Columns = TypeVarTuple("Columns")
TO_THE_QUESTION = -1  # the rank of replies to the question, which stand before all answers
SPINE = tuple(level for level in Level if level.rank is not None)  # from what can be checked soonest
RANKS: Mapping[Level | None, int] = {level: rank for rank, level in enumerate(SPINE)}
OTHERS = len(SPINE)  # the rank of all other heads, where those come first that can be checked soonest
ALL = 0  # the rank of all heads that are no replies to the question, where the order is that of posting
_IS_HEAD = text("(post.kind = 'answer' OR post.depth < 2)")  # the words of the index, so that both databases use it
_IS_ANSWER = text("post.kind = 'answer'")
_Following = aliased(Post, name="following")
_Below = aliased(Post, name="below")
_SHOWN_BELOW = text("below.public")
_FOLLOWS = text("following.public AND (following.kind = 'answer' OR following.depth < 2)")
_BEFORE_ALL, _LAST = -1, 2**31 - 1
_THREAD, _QUESTION = bindparam("thread_id", type_=Integer), bindparam("question_id", type_=Integer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which heads of a thread a page has, and in which order."""

    thread_id: int
    question_id: int | None
    sourced_first: bool
    levels: frozenset[Level | None] | None  # of the answers asked for; None: everything
    drafts: bool

    @property
    def ranks(self) -> Sequence[int]:
        """The ranks of heads, in order."""
        ranks = (*range(OTHERS), OTHERS) if self.sourced_first and not self.drafts else (ALL,)
        if self.sourced_first and self.levels is not None:
            ranks = tuple(rank for rank in ranks if rank == OTHERS or SPINE[rank] in self.levels)
        has_replies = self.question_id is not None and self.levels is None
        return (TO_THE_QUESTION, *ranks) if has_replies else ranks


class Head(NamedTuple):
    """A post below which others are read."""

    id: int
    public_id: PublicId
    position: int
    end: int  # the position of the next head
    posts: int  # that are shown from it on up to there
    rank: int


class Standing(NamedTuple):
    """Where a post is in its thread, and what its place among the heads follows from."""

    id: int
    public_id: PublicId
    position: int
    kind: PostKind
    level: Level | None
    parent_id: int | None
    takedown_id: int | None


_STANDING = (Post.id, Post.public_id, Post.position, Post.kind, Post.level, Post.parent_id, Post.takedown_id)


def question_of(session: Session, thread_id: int, *, drafts: bool) -> Standing | None:
    """The question of a thread, if it is there."""
    row = session.connection().execute(_question(drafts=drafts), {"thread_id": thread_id}).first()
    return None if row is None else Standing._make(row)


@cache
def _question(*, drafts: bool) -> Any:
    query = select(*_STANDING).where(Post.thread_id == _THREAD, text("post.kind = 'question'"))
    return (query if drafts else query.where(SHOWN)).order_by(Post.id).limit(1)


def standing_of_post(session: Session, thread_id: int, public_id: str, *, drafts: bool) -> Standing | None:
    """Where a post stands in a thread; None if it is not there, or may not be seen."""
    query = select(*_STANDING).where(Post.public_id == public_id, Post.thread_id == thread_id)
    row = session.execute(query if drafts else query.where(SHOWN)).first()
    return None if row is None else Standing._make(row)


def head_above(session: Session, wanted: Wanted, position: int) -> Standing | None:
    """The head below which the post at a position is read."""
    query = _shown(select(*_STANDING), drafts=wanted.drafts).where(_is_head(Post), Post.position <= position)
    row = session.execute(query.order_by(Post.position.desc()).limit(1), _values(wanted)).first()
    return None if row is None else Standing._make(row)


def heads(
    session: Session, wanted: Wanted, rank: int, *, beyond: int | None, backwards: bool = False, limit: int
) -> Sequence[Head]:
    """Heads of one rank, as posted, from the one on that follows a position; or those before it, the last one first."""
    if beyond is None:
        beyond = _LAST if backwards else _BEFORE_ALL
    levels = None if wanted.levels is None else frozenset(wanted.levels)
    which = _Which(rank, wanted.sourced_first and not wanted.drafts, levels, wanted.drafts, backwards)
    values = _values(wanted, beyond=beyond, limit=limit)
    return [Head._make((*row, rank)) for row in session.connection().execute(_heads(which), values).all()]


class _Which(NamedTuple):
    """What a statement that finds heads depends on."""

    rank: int
    sourced_first: bool
    levels: frozenset[Level | None] | None
    drafts: bool
    backwards: bool


@lru_cache(100)
def _heads(which: _Which) -> Select[Any]:
    beyond, end = bindparam("beyond", type_=Integer), func.coalesce(_end(drafts=which.drafts), _LAST)
    some = _shown(select(Post.id, Post.position, end.label("end")), drafts=which.drafts)
    some = some.where(*_of_rank(which), Post.position < beyond if which.backwards else Post.position > beyond)
    some = some.order_by(Post.position.desc() if which.backwards else Post.position).limit(bindparam("limit"))
    found = some.subquery("found")  # by the index alone; of all others only these are looked at
    below = select(func.count()).where(
        _Below.thread_id == _THREAD, _Below.position >= found.c.position, _Below.position < found.c.end
    )
    below = below if which.drafts else below.where(_SHOWN_BELOW)
    return (
        select(found.c.id, Post.public_id, found.c.position, found.c.end, below.scalar_subquery())
        .join(Post, Post.id == found.c.id)
        .order_by(found.c.position.desc() if which.backwards else found.c.position)
    )


def end_of(session: Session, wanted: Wanted, position: int) -> int:
    """The position of the head that follows another."""
    values = _values(wanted, position=position)
    found: int | None = session.connection().execute(_next_head(drafts=wanted.drafts), values).scalar()
    return _LAST if found is None else found


@cache
def _next_head(*, drafts: bool) -> Select[Any]:
    query = _shown(select(Post.position), drafts=drafts).where(_is_head(Post), Post.position > bindparam("position"))
    return query.order_by(Post.position).limit(1)


def answers_up_to(session: Session, thread_id: int, position: int) -> int:
    """How many public answers a thread has up to a position."""
    query = select(func.count()).where(*_ANSWERS, Post.position <= position)
    return session.scalar(query, {"thread_id": thread_id}) or 0


def answer_positions(session: Session, thread_id: int) -> Sequence[int]:
    """The positions of all public answers of a thread, in order."""
    joined: str | None = session.connection().execute(_POSITIONS, {"thread_id": thread_id}).scalar()
    return sorted(map(int, joined.split(","))) if joined else []


def tagged_answers(session: Session, thread_id: int) -> dict[Level | None, int]:
    """How many public answers of a thread have each level, of those that are tagged."""
    rows = session.connection().execute(_TAGGED, {"thread_id": thread_id})
    return {row[0]: row[1] for row in rows}


def next_sourced(session: Session, thread_id: int, position: int) -> PublicId | None:
    """The first public answer behind a position whose source can be looked up."""
    found = [
        session.connection().execute(_AT_LEVEL, {"thread_id": thread_id, "level": level, "position": position}).first()
        for level in SPINE
        if level.sourced
    ]
    return min((row for row in found if row is not None), default=(0, None))[1]


def _values(wanted: Wanted, **more: object) -> dict[str, object]:
    return {"thread_id": wanted.thread_id, "question_id": wanted.question_id, **more}


def _shown(query: Select[*Columns], *, drafts: bool) -> Select[*Columns]:
    """The query over posts of the thread that may be seen, and only over heads of which it cannot be more."""
    query = query.where(Post.thread_id == _THREAD)
    return query if drafts else query.where(SHOWN, _IS_HEAD)


def _is_head(post: Any) -> ColumnElement[bool]:
    """SQL: whether others are read below a post."""
    hangs = or_(post.parent_id.is_(None), post.parent_id == _QUESTION)
    return or_(post.kind == PostKind.ANSWER, and_(post.kind == PostKind.REPLY, hangs))


def _of_rank(which: _Which) -> Sequence[Any]:
    if which.rank == TO_THE_QUESTION:
        return ((Post.kind == PostKind.REPLY) & (Post.parent_id == _QUESTION),)
    if which.sourced_first and which.rank < OTHERS:
        return (_IS_ANSWER, Post.level == SPINE[which.rank], Post.takedown_id.is_(None))
    others = (Post.kind == PostKind.ANSWER) | and_(Post.kind == PostKind.REPLY, Post.parent_id.is_(None))
    of_rank: list[Any] = (
        [others] if which.levels is None else [_IS_ANSWER, Post.takedown_id.is_(None), _among(which.levels)]
    )
    if which.sourced_first:
        of_rank.append(or_(Post.level.is_(None), Post.level.not_in(SPINE), Post.takedown_id.is_not(None)))
    return of_rank


def _among(levels: frozenset[Level | None]) -> ColumnElement[bool]:
    named = Post.level.in_(sorted(level for level in levels if level is not None))
    return or_(Post.level.is_(None), named) if None in levels else named


def _end(*, drafts: bool) -> Any:
    """SQL: the position of the next head."""
    following = select(_Following.position).where(
        _Following.thread_id == _THREAD, _Following.position > Post.position, _is_head(_Following)
    )
    following = following if drafts else following.where(_FOLLOWS)
    return following.order_by(_Following.position).limit(1).correlate(Post).scalar_subquery()


_ANSWERS: Sequence[Any] = (
    Post.thread_id == _THREAD,
    SHOWN,
    _IS_HEAD,
    Post.kind == PostKind.ANSWER,
    Post.takedown_id.is_(None),
)
_POSITIONS = select(func.aggregate_strings(cast(Post.position, String), ",")).where(*_ANSWERS)  # thousands in one row
_UP_ANSWERS: Sequence[Any] = (Post.thread_id == _THREAD, SHOWN, _IS_ANSWER, Post.takedown_id.is_(None))
_TAGGED = select(Post.level, func.count()).where(*_UP_ANSWERS, Post.level.is_not(None)).group_by(Post.level)
_AT_LEVEL = (
    select(Post.position, Post.public_id)
    .where(*_UP_ANSWERS, Post.level == bindparam("level"), Post.position > bindparam("position"))
    .order_by(Post.position)
    .limit(1)
)
