"""Stretches of threads, by where their posts stand."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.store.heads import Head, Wanted
from archive.store.pages import SHOWN, PostRow, select_posts
from archive.store.parts import parts
from archive.store.thread_posts import AnyPost, Stretch, read_posts
from archive.store.threads import Post, Revision

T = TypeVar("T")
Columns = TypeVarTuple("Columns")

MAX_POSTS = 5_000  # of one thread on one page
PART_POSTS = 300  # of one thread on the page that is sent first
_STRETCHES = 4  # that are asked for one by one
_GAP = 8  # positions of drafts between posts that are asked for by their positions


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


def first_posts(session: Session, wanted: Wanted, *, limit: int) -> Sequence[AnyPost]:
    """A thread's first posts in reading order."""
    return _posts(session, wanted, Stretch.BEGINNING, limit=limit)


def first_captured(session: Session, wanted: Wanted) -> datetime | None:
    """When the first was received of a thread's posts, of as many as a part holds: all of them may be a million."""
    values = {"thread_id": wanted.thread_id, "limit": PART_POSTS}
    found: datetime | None = session.connection().execute(_first_captured(drafts=wanted.drafts), values).scalar()
    return found


@cache
def _first_captured(*, drafts: bool) -> Any:
    first = only_seen(select(Post.id), drafts=drafts).where(Post.thread_id == bindparam("thread_id"))
    first = first.order_by(Post.position, Post.id).limit(bindparam("limit"))
    query = select(func.min(Revision.captured_at)).where(Revision.post_id.in_(first))
    return query if drafts else query.where(Revision.is_current)


def posts_between(session: Session, wanted: Wanted, start: int, end: int, *, limit: int) -> Sequence[AnyPost]:
    """The first posts of a stretch in reading order, the last position not among them."""
    return _posts(session, wanted, Stretch.BETWEEN, start=start, end=end, limit=limit)


def posts_numbered(session: Session, wanted: Wanted, ids: Sequence[int]) -> Sequence[AnyPost]:
    """A few posts by their numbers."""
    return _posts(session, wanted, Stretch.NUMBERED, ids=ids)


def posts_of_heads(session: Session, wanted: Wanted, heads: Sequence[Head]) -> dict[int, list[AnyPost]]:
    """By the number of a head, its row and those of all that is read below it, in reading order."""
    stretches, rows, few = _stretches(heads), list[AnyPost](), list[int]()
    for start, end, posts in stretches:
        if len(stretches) > _STRETCHES and end - start <= posts + _GAP:
            few += range(start, end)
        else:
            rows += posts_between(session, wanted, start, end, limit=posts)
    for part in parts(few):
        rows += _posts(session, wanted, Stretch.AT, positions=part)
    found: dict[int, list[AnyPost]] = {head.id: [] for head in heads}
    tops, at = sorted(heads, key=lambda head: head.position), 0
    for row in sorted(rows, key=lambda row: (row.position, row.id)):
        while row.position >= tops[at].end:
            at += 1
        found[tops[at].id].append(row)
    return {head: below for head, below in found.items() if below}


def _posts(session: Session, wanted: Wanted, stretch: Stretch, **values: object) -> Sequence[AnyPost]:
    """Posts of a thread in reading order."""
    values["thread_id"] = wanted.thread_id
    if not wanted.drafts:
        return read_posts(session, stretch, values)
    return session.execute(_with_drafts(stretch), values).all()


@cache
def _with_drafts(stretch: Stretch) -> Select[Any]:
    query = select_posts(drafts=True).where(Post.thread_id == bindparam("thread_id"), *stretch.conditions)
    query = query.order_by(Post.position, Post.id)
    return query.limit(bindparam("limit")) if stretch.limited else query


def _stretches(heads: Sequence[Head]) -> list[tuple[int, int, int]]:
    """Where what is read below heads stands, and how many posts that are; those that follow each other as one."""
    found: list[tuple[int, int, int]] = []
    for head in sorted(heads, key=lambda head: head.position):
        if found and found[-1][1] == head.position:
            start, _, posts = found.pop()
            found.append((start, head.end, posts + head.posts))
        else:
            found.append((head.position, head.end, head.posts))
    return found


def nth_post(
    session: Session, wanted: Wanted, start: int, end: int, *, number: int, backwards: bool = False
) -> PublicId | None:
    """The post in a stretch that so many come before, or behind; None if there are fewer."""
    order = (Post.position.desc(), Post.id.desc()) if backwards else (Post.position, Post.id)
    query = _between(select(Post.public_id), wanted, start, end)
    found: PublicId | None = session.scalar(query.order_by(*order).offset(number).limit(1))
    return found


def count_between(session: Session, wanted: Wanted, start: int, end: int) -> int:
    """How many posts of a stretch may be seen."""
    return session.scalar(_between(select(func.count()).select_from(Post), wanted, start, end)) or 0


def has_more(session: Session, thread_id: int, posts: int, *, drafts: bool) -> bool:
    """Whether a thread holds more than so many posts."""
    values = {"thread_id": thread_id, "limit": posts + 1}
    return (session.connection().execute(_count_up_to(drafts=drafts), values).scalar() or 0) > posts


@cache
def _count_up_to(*, drafts: bool) -> Any:
    some = only_seen(select(Post.id), drafts=drafts).where(Post.thread_id == bindparam("thread_id"))
    return select(func.count()).select_from(some.limit(bindparam("limit")).subquery())


def _between(query: Select[*Columns], wanted: Wanted, start: int, end: int) -> Select[*Columns]:
    query = query.where(Post.thread_id == wanted.thread_id, Post.position >= start, Post.position < end)
    return query if wanted.drafts else query.where(SHOWN)


def hangs_between(session: Session, wanted: Wanted, start: int, end: int) -> Sequence[tuple[int, int | None]]:
    """Of the posts of a stretch in reading order, their numbers and those of their parents; of at most MAX_POSTS, and
    one more if there are more.
    """
    values = {"thread_id": wanted.thread_id, "start": start, "end": end, "limit": MAX_POSTS + 1}
    rows = session.connection().execute(_hangs_between(drafts=wanted.drafts), values)
    return [(row[0], row[1]) for row in rows]


@cache
def _hangs_between(*, drafts: bool) -> Any:
    query = select(Post.id, Post.parent_id)
    query = query.where(Post.thread_id == bindparam("thread_id"), *Stretch.BETWEEN.conditions)
    query = query if drafts else query.where(SHOWN)
    return query.order_by(Post.position, Post.id).limit(bindparam("limit"))
