"""Heads of threads: the posts below which others are read, in the order in which a page has them.

A head is an answer, a reply to the question, or a post of which it is not known what it answers. What hangs below it
follows it in reading order, up to the next head. Both are found by indexes that hold nothing but public heads, so a
part of a thread takes as long whatever the thread holds beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text
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
_LAST = 2**31 - 1


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
    query = select(*_STANDING).where(Post.thread_id == thread_id, text("post.kind = 'question'"))
    query = query if drafts else query.where(SHOWN)
    row = session.execute(query.order_by(Post.id).limit(1)).first()
    return None if row is None else Standing._make(row)


def standing_of_post(session: Session, thread_id: int, public_id: str, *, drafts: bool) -> Standing | None:
    """Where a post stands in a thread; None if it is not there, or may not be seen."""
    query = select(*_STANDING).where(Post.public_id == public_id, Post.thread_id == thread_id)
    row = session.execute(query if drafts else query.where(SHOWN)).first()
    return None if row is None else Standing._make(row)


def head_above(session: Session, wanted: Wanted, position: int) -> Standing | None:
    """The head below which the post at a position is read."""
    query = _shown(select(*_STANDING), wanted).where(_is_head(Post, wanted), Post.position <= position)
    row = session.execute(query.order_by(Post.position.desc()).limit(1)).first()
    return None if row is None else Standing._make(row)


def heads(
    session: Session, wanted: Wanted, rank: int, *, beyond: int | None, backwards: bool = False, limit: int
) -> Sequence[Head]:
    """Heads of one rank, as posted, from the one on that follows a position; or those before it, the last one first."""
    end = _end(wanted)
    below = select(func.count()).where(
        _Below.thread_id == wanted.thread_id,
        _Below.position >= Post.position,
        _Below.position < func.coalesce(end, _LAST),
    )
    below = below if wanted.drafts else below.where(_SHOWN_BELOW)
    query = select(
        Post.id, Post.public_id, Post.position, func.coalesce(end, _LAST), below.correlate(Post).scalar_subquery()
    )
    query = _shown(query, wanted).where(*_of_rank(wanted, rank))
    if beyond is not None:
        query = query.where(Post.position < beyond if backwards else Post.position > beyond)
    query = query.order_by(Post.position.desc() if backwards else Post.position).limit(limit)
    return [Head._make((*row, rank)) for row in session.execute(query)]


def end_of(session: Session, wanted: Wanted, position: int) -> int:
    """The position of the head that follows another."""
    query = _shown(select(Post.position), wanted).where(_is_head(Post, wanted), Post.position > position)
    found = session.scalar(query.order_by(Post.position).limit(1))
    return _LAST if found is None else found


def answers_up_to(session: Session, thread_id: int, position: int) -> int:
    """How many public answers a thread has up to a position."""
    query = select(func.count()).where(*_answers(thread_id), Post.position <= position)
    return session.scalar(query) or 0


def answer_positions(session: Session, thread_id: int) -> Sequence[int]:
    """The positions of all public answers of a thread, in order."""
    query = select(Post.__table__.c.position).where(*_answers(thread_id)).order_by(Post.position)
    return session.connection().execute(query).scalars().all()  # past the classes: there may be 5,000


def tagged_answers(session: Session, thread_id: int) -> dict[Level | None, int]:
    """How many public answers of a thread have each level, of those that are tagged."""
    tagged = Post.thread_id == thread_id, SHOWN, _IS_ANSWER, Post.level.is_not(None), Post.takedown_id.is_(None)
    rows = session.execute(select(Post.level, func.count()).where(*tagged).group_by(Post.level))
    return {row[0]: row[1] for row in rows}


def next_sourced(session: Session, thread_id: int, position: int) -> PublicId | None:
    """The first public answer behind a position whose source can be looked up."""
    found = [
        session.execute(
            select(Post.position, Post.public_id)
            .where(*_at_level(thread_id, level), Post.position > position)
            .order_by(Post.position)
            .limit(1)
        ).first()
        for level in SPINE
        if level.sourced
    ]
    return min((row for row in found if row is not None), default=(0, None))[1]


def count_ghosts(session: Session, thread_id: int) -> int:
    """How many posts are missing to which public posts of a thread point."""
    awaited = text("post.awaits IS NOT NULL")
    query = select(func.count(Post.awaits.distinct())).where(Post.thread_id == thread_id, SHOWN, awaited)
    return session.scalar(query) or 0


def _shown(query: Select[*Columns], wanted: Wanted) -> Select[*Columns]:
    """The query over posts of the thread that may be seen, and only over heads of which it cannot be more."""
    query = query.where(Post.thread_id == wanted.thread_id)
    return query if wanted.drafts else query.where(SHOWN, _IS_HEAD)


def _is_head(post: Any, wanted: Wanted) -> ColumnElement[bool]:
    """SQL: whether others are read below a post."""
    hangs = or_(post.parent_id.is_(None), post.parent_id == wanted.question_id)
    return or_(post.kind == PostKind.ANSWER, and_(post.kind == PostKind.REPLY, hangs))


def _of_rank(wanted: Wanted, rank: int) -> Sequence[Any]:
    to_the_question = (Post.kind == PostKind.REPLY) & (Post.parent_id == wanted.question_id)
    if rank == TO_THE_QUESTION:
        return (to_the_question,)
    if wanted.sourced_first and not wanted.drafts and rank < OTHERS:
        return (_IS_ANSWER, Post.level == SPINE[rank], Post.takedown_id.is_(None))
    others = (Post.kind == PostKind.ANSWER) | and_(Post.kind == PostKind.REPLY, Post.parent_id.is_(None))
    which: list[Any] = (
        [others] if wanted.levels is None else [_IS_ANSWER, Post.takedown_id.is_(None), _among(wanted.levels)]
    )
    if wanted.sourced_first and not wanted.drafts:
        which.append(or_(Post.level.is_(None), Post.level.not_in(SPINE), Post.takedown_id.is_not(None)))
    return which


def _among(levels: frozenset[Level | None]) -> ColumnElement[bool]:
    named = Post.level.in_(sorted(level for level in levels if level is not None))
    return or_(Post.level.is_(None), named) if None in levels else named


def _answers(thread_id: int) -> Sequence[Any]:
    return Post.thread_id == thread_id, SHOWN, _IS_HEAD, Post.kind == PostKind.ANSWER, Post.takedown_id.is_(None)


def _at_level(thread_id: int, level: Level) -> Sequence[Any]:
    return Post.thread_id == thread_id, SHOWN, _IS_ANSWER, Post.level == level, Post.takedown_id.is_(None)


def _end(wanted: Wanted) -> Any:
    """SQL: the position of the next head."""
    following = select(_Following.position).where(
        _Following.thread_id == wanted.thread_id, _Following.position > Post.position, _is_head(_Following, wanted)
    )
    following = following if wanted.drafts else following.where(_FOLLOWS)
    return following.order_by(_Following.position).limit(1).correlate(Post).scalar_subquery()
