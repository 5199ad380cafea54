"""Parts of threads that are too long for one page.

A part is known by the post before it, and not by a number, which would be another with each post that comes.
"""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.domain.records import PostKind
from archive.store.pages import SHOWN, PostRow, select_posts
from archive.store.threads import Post

T = TypeVar("T")
MAX_POSTS = 5_000  # of one thread on one page


def only_seen(query: Select[T], *, drafts: bool) -> Select[T]:
    """The query without the drafts, unless they may be seen.

    By an index of nothing but public posts: a page takes no longer for the drafts that lie between them.
    """
    return query if drafts else query.where(SHOWN)


def posts_of_thread(session: Session, thread_id: int, *, drafts: bool, after: int = -1) -> Sequence[PostRow]:
    """A thread's posts in reading order, at most MAX_POSTS, from the one on that follows a position."""
    query = only_seen(select_posts(drafts=drafts), drafts=drafts).where(
        Post.thread_id == thread_id, Post.position > after
    )
    return session.execute(query.order_by(Post.position, Post.id).limit(MAX_POSTS)).all()


def position_of(session: Session, thread_id: int, public_id: str, *, drafts: bool) -> int | None:
    """Where a post stands in a thread; None if it is not there, or may not be seen."""
    query = select(Post.position).where(Post.public_id == public_id, Post.thread_id == thread_id)
    return session.scalar(query if drafts else query.where(SHOWN))


def post_before_window(session: Session, row: PostRow, *, drafts: bool) -> PublicId | None:
    """The post after which a part of its thread begins with the post in the row; None if the first part holds it."""
    before = only_seen(select(Post.id), drafts=drafts).where(
        Post.thread_id == row.thread_id, Post.position < row.position
    )
    counted = select(func.count()).select_from(before.limit(MAX_POSTS).subquery())
    if (session.scalar(counted) or 0) < MAX_POSTS:
        return None
    last = before.with_only_columns(Post.public_id).order_by(Post.position.desc(), Post.id.desc())
    return session.scalar(last.limit(1))


def count_answers(session: Session, thread_id: int, *, up_to: int, drafts: bool) -> int:
    """How many answers a thread has up to a position."""
    if up_to < 0:
        return 0
    query = only_seen(select(func.count()).select_from(Post), drafts=drafts).where(
        Post.thread_id == thread_id,
        Post.position <= up_to,
        Post.kind == PostKind.ANSWER,
        Post.takedown_id.is_(None),
    )
    return session.scalar(query) or 0
