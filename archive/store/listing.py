"""Lists for readers, each by keyset: threads in several orders, posts as they were received, authors by their posts."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select, text, tuple_
from sqlalchemy.orm import Session, aliased

from archive.domain.ids import PublicId
from archive.store.pages import SHOWN, PostRow, select_posts
from archive.store.threads import Author, Post, Thread

LISTED = text("thread.public")  # the words of the index `ix_thread_begun`, so that both databases use it
_Anchor = aliased(Thread)


class ThreadOrder(StrEnum):
    """In which order a collection's threads stand."""

    RECEIVED = "received"  # the last received first
    ASKED = "asked"  # the newest question first; without those that have no date
    ANSWERED = "answered"  # those with the most answers first
    SOURCED = "sourced"  # those with the most answers that can be looked up first


_KEYS: dict[ThreadOrder, tuple[str, ...]] = {
    ThreadOrder.RECEIVED: ("id",),
    ThreadOrder.ASKED: ("began_at", "id"),
    ThreadOrder.ANSWERED: ("answers", "id"),
    ThreadOrder.SOURCED: ("sourced", "id"),
}


class AuthorCount(NamedTuple):
    """An author, and how much of theirs is public."""

    id: int
    public_id: PublicId
    name: str
    posts: int


def is_listed(session: Session, collection_id: int) -> bool:
    """Whether anything of a collection is public."""
    query = select(Thread.id).where(LISTED, Thread.collection_id == collection_id).limit(1)
    return session.scalar(query) is not None


def thread_numbers(
    session: Session,
    collection_id: int,
    order: ThreadOrder,
    *conditions: ColumnElement[bool],
    before: int | None,
    limit: int,
) -> Sequence[int]:
    """The numbers of public threads of a collection, in an order.

    :param before: the number of the thread behind which they lie.
    """
    keys = [getattr(Thread, name) for name in _KEYS[order]]
    query = select(Thread.id).where(LISTED, Thread.collection_id == collection_id, *conditions)
    if order is ThreadOrder.ASKED:
        query = query.where(Thread.began_at.is_not(None))
    if before is not None:
        anchor = select(*(getattr(_Anchor, name) for name in _KEYS[order])).where(_Anchor.id == before)
        values = session.execute(anchor).one_or_none()
        query = query.where(tuple_(*keys) < tuple(values)) if values and None not in values else query
    return session.scalars(query.order_by(*(key.desc() for key in keys)).limit(limit)).all()


def newest_threads(session: Session, *, limit: int) -> Sequence[int]:
    """The numbers of the public threads that were received last, of whatever collection."""
    return session.scalars(select(Thread.id).where(LISTED).order_by(Thread.id.desc()).limit(limit)).all()


def newest_posts(
    session: Session, *conditions: ColumnElement[bool], before: int | None = None, limit: int
) -> Sequence[PostRow]:
    """Public posts that were not taken down, the last received first.

    :param before: the number of the post behind which they lie.
    """
    query = select_posts(drafts=False).where(Post.takedown_id.is_(None), *conditions)
    query = query if before is None else query.where(Post.id < before)
    return session.execute(query.order_by(Post.id.desc()).limit(limit)).all()


def authors_by_posts(
    session: Session, collection_id: int, *, after: tuple[int, int] | None, limit: int
) -> Sequence[AuthorCount]:
    """The authors of a collection of whom something is public, those with the most posts first.

    :param after: the posts and the number of the author behind whom they lie.
    """
    posts = func.count()
    query = (  # one join and one sum: of a sum joined to names PostgreSQL may make a loop in a loop
        select(Author.id, Author.public_id, Author.name, posts)
        .join(Post, Post.author_id == Author.id)
        .where(SHOWN, Post.takedown_id.is_(None), Author.collection_id == collection_id)
        .group_by(Author.id, Author.public_id, Author.name)
    )
    if after is not None:
        query = query.having(or_(posts < after[0], (posts == after[0]) & (Author.id > after[1])))
    rows = session.execute(query.order_by(posts.desc(), Author.id).limit(limit))
    return [AuthorCount._make(row) for row in rows]


def count_authors(session: Session, collection_id: int) -> int:
    """How many authors of a collection something is public of."""
    has_posts = select(Post.id).where(SHOWN, Post.takedown_id.is_(None), Post.author_id == Author.id).exists()
    query = select(func.count()).select_from(Author).where(Author.collection_id == collection_id, has_posts)
    return session.scalar(query) or 0


def has_posts(session: Session, author_id: int) -> bool:
    """Whether anything of an author is public."""
    query = select(Post.id).where(SHOWN, Post.takedown_id.is_(None), Post.author_id == author_id).limit(1)
    return session.scalar(query) is not None
