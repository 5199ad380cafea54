"""Threads whose posts are still to be put in order."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import case, collate, exists, func, select, text, update
from sqlalchemy.orm import Session, aliased

from archive.domain.ids import PostKey, PublicId
from archive.domain.records import Edge, KeyBasis
from archive.domain.thread_tree import Node, Tree
from archive.store.parts import parts
from archive.store.threads import Post, Thread

_MOST_THREADS = 500
_AT_ONCE = 5_000  # rows
_Above = aliased(Post)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the posts of a thread stand now, and its tree of them in the order of siblings: numbers alone, for there
    may be a million.
    """

    tree: Tree
    positions: "array[int]"  # by the number in the order of siblings
    depths: "array[int]"


@dataclass(frozen=True, slots=True)
class Link:
    """A post of a circle."""

    id: int
    key: PostKey
    edge: Edge
    source_thread_id: int | None  # the thread that its source names, where that is another


def unsettled_threads(session: Session, *, posts: int, touched: bool = False) -> Sequence[tuple[int, PublicId]]:
    """Some waiting threads, by number and address, that hold that many posts together, or the first one alone.

    :param touched: only those that are touched by a batch (see `publishing`).
    """
    query = (
        select(Thread.id, Thread.public_id, func.count(Post.id))
        .outerjoin(Post, Post.thread_id == Thread.id)  # all of them may have been carried elsewhere
        .where(Thread.unsettled)
        .group_by(Thread.id, Thread.public_id)
        .order_by(Thread.id)
        .limit(_MOST_THREADS)
    )
    query = query.where(text("thread.id IN (SELECT id FROM touched_thread)")) if touched else query
    return list(_up_to(posts, [(id_, public_id, count) for id_, public_id, count in session.execute(query)]))


def standing_of(session: Session, thread_ids: Sequence[int]) -> Iterator[tuple[int, Standing]]:
    """Yield each thread's number and how its posts stand. To be read to the end before anything is written."""
    columns = (Post.thread_id, Post.id, Post.parent_id, Post.position, Post.depth)
    query = select(*columns).where(Post.thread_id.in_(thread_ids)).order_by(Post.thread_id, *_by_rank(session))
    rows = session.execute(query.execution_options(yield_per=_AT_ONCE))
    for thread_id, posts in groupby(rows, key=itemgetter(0)):
        positions, depths = array("i"), array("i")
        yield thread_id, Standing(Tree(_nodes(posts, positions, depths)), positions, depths)


def links_of(session: Session, post_ids: Sequence[int]) -> Sequence[Link]:
    """Posts of a circle, in the order given."""
    found: dict[int, Link] = {}
    for part in parts(post_ids):
        query = select(Post.id, Post.source_key, Post.edge, Post.source_thread_id).where(Post.id.in_(part))
        found |= {row.id: Link(*row) for row in session.execute(query)}
    return [found[id_] for id_ in post_ids]


def holds_mails(session: Session, thread_ids: Sequence[int]) -> Sequence[int]:
    """Those of the threads in which some post hangs by what mails name."""
    named = exists().where(Post.thread_id == Thread.id, Post.edge == Edge.REFERENCES)
    return session.scalars(select(Thread.id).where(Thread.id.in_(thread_ids), named).order_by(Thread.id)).all()


def _by_rank(session: Session) -> tuple[Any, ...]:
    """SQL: the order of `sibling_rank`, and among equals that in which they came."""
    bytewise = "BINARY" if session.get_bind().dialect.name == "sqlite" else "C"
    numbered = Post.key_basis == KeyBasis.SOURCE
    dated = numbered & Post.posted_at.is_not(None)
    key = collate(case((numbered, Post.source_key), else_=""), bytewise)
    return case((dated, 0), else_=1), case((numbered, Post.posted_at), else_=None), key, Post.id


def _nodes(rows: Iterable[Any], positions: "array[int]", depths: "array[int]") -> Iterator[Node]:
    for _, id_, parent_id, position, depth in rows:
        positions.append(position)
        depths.append(depth)
        yield Node(id_, parent_id)


def cut_edge(session: Session, post_id: int) -> None:
    """Let a post hang from nothing, say why, and keep what its source says."""
    above = select(_Above.public_id).where(_Above.id == Post.parent_id).scalar_subquery()
    cut = update(Post).where(Post.id == post_id).execution_options(synchronize_session=False)
    values = {"source_parent": above, "source_edge": Post.edge, "parent_id": None, "awaits": None}
    session.execute(cut.values(**values, edge=Edge.CUT))


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
