"""Queries behind the moderators' queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, func, select, text
from sqlalchemy.orm import Session

from archive.domain.ids import CollectionSlug, UserId
from archive.domain.records import PostKind
from archive.store.collections import Collection
from archive.store.threads import Post, Thread
from archive.store.votes import Vote

_MOST_TIMES = 2_000
# The words of the indexes `ix_post_waiting` and `ix_post_drawn`, so that both databases use them.
WAITING = text("post.public AND post.kind = 'answer' AND post.level IS NULL AND post.takedown_id IS NULL")


def count_waiting(session: Session, *, collection: str | None) -> int:
    """How many answers have no tag."""
    return session.scalar(_waiting(select(func.count(Post.id)), collection)) or 0


def count_found(session: Session, found: Subquery) -> tuple[int, int]:
    """How many answers that a search found have no tag, and how many they are.

    :param found: `post_id`.
    """
    query = select(func.count() - func.count(Post.level), func.count()).select_from(found)
    waiting, answers = session.execute(query.join(Post, Post.id == found.c.post_id)).one()
    return waiting, answers


def count_done(session: Session, moderator: UserId, *, since: datetime) -> int:
    """How many answers a moderator has voted on."""
    query = select(func.count()).where(Vote.moderator_id == moderator, Vote.stands, Vote.at >= since)
    return session.scalar(query) or 0


def vote_times(session: Session, moderator: UserId, *, since: datetime) -> Sequence[datetime]:
    """When a moderator voted, in order. At most the newest 2,000."""
    query = (
        select(Vote.at)
        .where(Vote.moderator_id == moderator, Vote.stands, Vote.at >= since)
        .order_by(Vote.id.desc())
        .limit(_MOST_TIMES)
    )
    return sorted(session.scalars(query))


def count_answers(session: Session, *, collection: str | None) -> int:
    """How many public answers there are."""
    query = select(func.coalesce(func.sum(Thread.answers), 0)).where(Thread.public)
    if collection is not None:
        query = query.join(Collection, (Collection.id == Thread.collection_id) & (Collection.slug == collection))
    return session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A collection's queue."""

    slug: CollectionSlug
    name: str
    waiting: int
    decided: int


def queue_rows(session: Session, *, limit: int = 500) -> Sequence[QueueRow]:
    """Collections with public answers: how many wait, how many are decided."""
    decided = func.count(Post.level)
    query = (
        select(Collection.slug, Collection.name, func.count() - decided, decided)
        .join(Thread, Thread.collection_id == Collection.id)
        .join(Post, Post.thread_id == Thread.id)
        .where(Post.public, Post.kind == PostKind.ANSWER, Post.takedown_id.is_(None))
        .group_by(Collection.id, Collection.slug, Collection.name)
        .order_by(Collection.name, Collection.id)
        .limit(limit)
    )
    return [QueueRow(*row) for row in session.execute(query)]


def _waiting(query: Select[Any], collection: str | None) -> Select[Any]:
    query = query.select_from(Post).where(WAITING)
    if collection is None:
        return query
    return query.join(Thread, Thread.id == Post.thread_id).join(
        Collection, (Collection.id == Thread.collection_id) & (Collection.slug == collection)
    )
