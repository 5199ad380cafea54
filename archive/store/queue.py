"""Queries behind the moderators' queue."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select, text
from sqlalchemy.orm import Session

from archive.domain.ids import CollectionSlug, PublicId, UserId
from archive.domain.records import PostKind
from archive.store.collections import Collection
from archive.store.tags import Skip, Tag, TagAct
from archive.store.threads import Post, Thread

# The words of the index `ix_post_waiting`, so that both databases use it.
_WAITING = text("post.public AND post.kind = 'answer' AND post.level IS NULL")


def next_waiting(session: Session, moderator: UserId, *, collection: str | None, after: int | None) -> PublicId | None:
    """The next answer without a tag, after a post where one is named; answers passed over come back last."""
    skipped = exists().where(Skip.post_id == Post.id, Skip.moderator_id == moderator)
    fresh = _waiting(select(Post.public_id), collection).where(~skipped).order_by(Post.id).limit(1)
    passed_over = (
        _waiting(select(Post.public_id), collection)
        .join(Skip, (Skip.post_id == Post.id) & (Skip.moderator_id == moderator))
        .order_by(Skip.at, Post.id)
        .limit(1)
    )
    attempts = (fresh.where(Post.id > (after or 0)), fresh, passed_over)
    found: Iterator[PublicId | None] = (session.scalar(query) for query in attempts)
    return next((public_id for public_id in found if public_id is not None), None)


def count_waiting(session: Session, *, collection: str | None) -> int:
    """How many answers have no tag."""
    return session.scalar(_waiting(select(func.count(Post.id)), collection)) or 0


def count_done(session: Session, moderator: UserId, *, since: datetime) -> int:
    """How many tags a moderator has given."""
    query = select(func.count()).where(Tag.moderator_id == moderator, Tag.act == TagAct.TAG, Tag.at >= since)
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
        .where(Post.public, Post.kind == PostKind.ANSWER)
        .group_by(Collection.id, Collection.slug, Collection.name)
        .order_by(Collection.name, Collection.id)
        .limit(limit)
    )
    return [QueueRow(*row) for row in session.execute(query)]


def newest_own_decision(session: Session, moderator: UserId) -> Tag | None:
    """The newest decision of a moderator on what is still public that no undo has taken back."""
    undone = select(Tag.undoes).where(Tag.undoes.is_not(None))
    query = (
        select(Tag)
        .join(Post, Post.id == Tag.post_id)
        .where(Tag.moderator_id == moderator, Tag.act == TagAct.TAG, Tag.id.not_in(undone), Post.public)
        .order_by(Tag.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def _waiting(query: Select[Any], collection: str | None) -> Select[Any]:
    query = query.select_from(Post).where(_WAITING)
    if collection is None:
        return query
    return query.join(Thread, Thread.id == Post.thread_id).join(
        Collection, (Collection.id == Thread.collection_id) & (Collection.slug == collection)
    )
