"""Threads whose posts are still to be put in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session, aliased

from archive.domain.ids import PostKey, PublicId
from archive.domain.records import Edge, KeyBasis
from archive.store.threads import Post, Thread

_MOST_THREADS = 500
_Above = aliased(Post)


@dataclass(slots=True)
class Standing:
    """Where a post stands now."""

    id: int
    key: PostKey
    key_basis: KeyBasis
    parent_id: int | None
    posted_at: datetime | None
    position: int
    depth: int
    edge: Edge
    source_thread_id: int | None  # the thread that its source names, where that is another


def unsettled_threads(session: Session, *, posts: int, touched: bool = False) -> Sequence[tuple[int, PublicId]]:
    """Some waiting threads, by number and address, that hold that many posts together, or the first one alone.

    :param touched: only those that are touched by a batch (see `publishing`).
    """
    query = (
        select(Thread.id, Thread.public_id, func.count(Post.id))
        .join(Post, Post.thread_id == Thread.id)
        .where(Thread.unsettled)
        .group_by(Thread.id, Thread.public_id)
        .order_by(Thread.id)
        .limit(_MOST_THREADS)
    )
    query = query.where(text("thread.id IN (SELECT id FROM touched_thread)")) if touched else query
    return list(_up_to(posts, [(id_, public_id, count) for id_, public_id, count in session.execute(query)]))


def posts_of(session: Session, thread_ids: Sequence[int]) -> Iterator[tuple[int, Sequence[Standing]]]:
    """Yield each thread's number and its posts in the order in which they came."""
    place = (Post.parent_id, Post.posted_at, Post.position, Post.depth, Post.edge, Post.source_thread_id)
    columns: tuple[Any, ...] = (Post.id, Post.source_key, Post.key_basis, *place)
    query = select(Post.thread_id, *columns).where(Post.thread_id.in_(thread_ids)).order_by(Post.thread_id, Post.id)
    for thread_id, rows in groupby(session.execute(query).all(), key=itemgetter(0)):
        yield thread_id, [Standing(*row[1:]) for row in rows]


def cut_edge(session: Session, post_id: int) -> None:
    """Let a post hang from nothing, say why, and keep what its source says."""
    above = select(_Above.public_id).where(_Above.id == Post.parent_id).scalar_subquery()
    cut = update(Post).where(Post.id == post_id).execution_options(synchronize_session=False)
    session.execute(cut.values(source_parent=above, parent_id=None, awaits=None, edge=Edge.CUT))


def mark_settled(session: Session, thread_ids: Sequence[int]) -> None:
    """Forget that threads were waiting."""
    session.execute(update(Thread).where(Thread.id.in_(thread_ids)).values(unsettled=False))


def _up_to(most: int, threads: Sequence[tuple[int, PublicId, int]]) -> Iterator[tuple[int, PublicId]]:
    held = 0
    for id_, public_id, posts in threads:
        held += posts
        if held > most and held > posts:
            return
        yield id_, public_id
