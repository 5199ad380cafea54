"""Queries behind the moderators' queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Subquery, bindparam, func, select, text
from sqlalchemy.orm import Session

from archive.domain.ids import CollectionSlug, UserId
from archive.store.base import UtcDateTime
from archive.store.collections import Collection
from archive.store.listing import LISTED
from archive.store.threads import Post, Thread
from archive.store.votes import STANDS, Vote

_MOST_TIMES = 2_000
# The words of the indexes `ix_post_waiting` and `ix_post_drawn`, so that both databases use them.
WAITING = text("post.public AND post.kind = 'answer' AND post.level IS NULL AND post.takedown_id IS NULL")


class FarRow(NamedTuple):
    """How far a moderator and a queue are."""

    answers: int  # public ones
    decided: int  # of these
    today: int  # answers that the moderator has voted on


def how_far(session: Session, moderator: UserId, *, collection: str | None, since: datetime) -> FarRow:
    """How many answers of a collection, or of all, are decided, and how many the moderator has done since a moment."""
    query = _FAR if collection is None else _FAR_OF_ONE
    asked = {"mine": moderator, "since": since} | ({} if collection is None else {"collection": collection})
    return FarRow._make(session.execute(query, asked).one())


def count_found(session: Session, found: Subquery) -> tuple[int, int]:
    """How many answers that a search found have no tag, and how many they are.

    :param found: `post_id`.
    """
    query = select(func.count() - func.count(Post.level), func.count()).select_from(found)
    waiting, answers = session.execute(query.join(Post, Post.id == found.c.post_id)).one()
    return waiting, answers


def vote_times(session: Session, moderator: UserId, *, since: datetime) -> Sequence[datetime]:
    """When a moderator voted, in order. At most the newest 2,000."""
    return sorted(session.scalars(_TIMES, {"mine": moderator, "since": since}))


_DONE = (Vote.moderator_id == bindparam("mine"), STANDS, Vote.at >= bindparam("since", type_=UtcDateTime))
_TIMES = select(Vote.at).where(*_DONE).order_by(Vote.at.desc()).limit(_MOST_TIMES)
_FAR = select(
    func.coalesce(func.sum(Thread.answers), 0),
    func.coalesce(func.sum(Thread.decided), 0),
    select(func.count()).where(*_DONE).scalar_subquery(),
).where(LISTED)
_FAR_OF_ONE = _FAR.join(Collection, Collection.id == Thread.collection_id).where(
    Collection.slug == bindparam("collection")
)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A collection's queue."""

    slug: CollectionSlug
    name: str
    waiting: int
    decided: int


def queue_rows(session: Session, *, limit: int = 500) -> Sequence[QueueRow]:
    """Collections with public answers: how many wait, how many are decided."""
    answers, decided = func.sum(Thread.answers), func.sum(Thread.decided)
    query = (
        select(Collection.slug, Collection.name, answers - decided, decided)
        .join(Thread, Thread.collection_id == Collection.id)
        .where(LISTED)
        .group_by(Collection.id, Collection.slug, Collection.name)
        .having(answers > 0)
        .order_by(Collection.name, Collection.id)
        .limit(limit)
    )
    return [QueueRow(*row) for row in session.execute(query)]
