"""Bounded queries for posts under which another may belong, and for posts of which that is in doubt."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select, text, true
from sqlalchemy.orm import Session, aliased

from archive.domain.ids import CollectionSlug, PublicId
from archive.domain.placement import Outcome
from archive.domain.records import Edge
from archive.store.collections import Collection
from archive.store.moving import said_thread
from archive.store.pages import PostRow, select_posts
from archive.store.placements import Placement
from archive.store.threads import DOUBTFUL, Post, Revision, Thread
from archive.store.windows import only_seen

COUNT_UP_TO = 1_000  # doubtful posts of one collection
_MOST_NEAR = 300  # posts of the same thread that are looked at
_MOST_ALIKE = 20
_Decided = aliased(Placement)
_Other = aliased(Post)
_Above = aliased(Post)
_DOUBTFUL = text(f"({DOUBTFUL})".replace("awaits", "post.awaits").replace("edge", "post.edge"))  # as its index has it


def end_of_branch(session: Session, row: PostRow) -> int:
    """The position in its thread after everything that hangs below a post, without looking at the whole thread."""
    own = select(Post.position).where(Post.thread_id == row.thread_id)
    after = own.where(Post.position > row.position, Post.depth <= row.depth).order_by(Post.position).limit(1)
    end = session.scalar(after)
    return end if end is not None else (session.scalar(own.order_by(Post.position.desc()).limit(1)) or 0) + 1


def count_below(session: Session, row: PostRow, *, drafts: bool) -> int:
    """How many posts hang below a post."""
    below = Post.position > row.position, Post.position < end_of_branch(session, row)
    query = only_seen(select(func.count()).select_from(Post), drafts=drafts)
    return session.scalar(query.where(Post.thread_id == row.thread_id, *below)) or 0


def posts_near(session: Session, row: PostRow, *, drafts: bool) -> Sequence[PostRow]:
    """The posts of the same thread that stand before a post, the nearest first."""
    query = only_seen(select_posts(drafts=drafts), drafts=drafts)
    query = query.where(Post.thread_id == row.thread_id, Post.position < row.position)
    return session.execute(query.order_by(Post.position.desc(), Post.id).limit(_MOST_NEAR)).all()


def posts_with_subject(session: Session, row: PostRow, *, drafts: bool) -> Sequence[PostRow]:
    """Posts of the collection that bear the subject of a post, those that came first in front."""
    subject = session.scalar(select(Revision.subject).where(Revision.id == row.revision_id))
    if subject is None:
        return []
    collection = select(Thread.collection_id).where(Thread.id == row.thread_id).scalar_subquery()
    alike = (
        select(Revision.post_id)
        .join(Thread, Thread.id == Revision.thread_id)
        .where(Revision.subject == subject, Thread.collection_id == collection, Revision.post_id != row.id)
        .where(true() if drafts else Revision.public)
        .order_by(Revision.post_id)
        .limit(_MOST_ALIKE)
    )
    found = session.scalars(alike).all()
    return session.execute(select_posts(drafts=drafts).where(Post.id.in_(found)).order_by(Post.id)).all()


def parents_of_siblings(session: Session, row: PostRow, *, drafts: bool) -> Sequence[PostRow]:
    """What others that name the same missing post were hung under by people, and those that still wait for it."""
    missing = session.scalar(select(func.coalesce(Post.awaits, Post.source_parent)).where(Post.id == row.id))
    if missing is None:
        return []
    seen = true() if drafts else _Other.public
    moved = select(_Other.parent_id).where(
        _Other.thread_id == row.thread_id, _Other.source_parent == missing, _Other.id != row.id, seen
    )
    waiting = select(_Other.id).where(_Other.awaits == missing, _Other.id != row.id, seen)
    found = [*session.scalars(moved.limit(_MOST_ALIKE)), *session.scalars(waiting.limit(_MOST_ALIKE))]
    ids = [id_ for id_ in found if id_ is not None]
    return session.execute(select_posts(drafts=drafts).where(Post.id.in_(ids)).order_by(Post.id)).all()


def post_at(session: Session, addresses: Sequence[PublicId], *, drafts: bool) -> PostRow | None:
    """The post at one of some addresses, or the first of the thread that one of them leads to."""
    query = select_posts(drafts=drafts).where(Post.public_id.in_(addresses)).limit(1)
    if found := session.execute(query).first():
        return found
    thread = select(Thread.id).where(Thread.public_id.in_(addresses)).limit(1).scalar_subquery()
    query = only_seen(select_posts(drafts=drafts), drafts=drafts).where(Post.thread_id == thread)
    query = query.order_by(Post.position, Post.id)
    return session.execute(query.limit(1)).first()


def doubtful_posts(
    session: Session, collection: str, *, drafts: bool, after: int, limit: int
) -> Sequence[tuple[PostRow, bool]]:
    """Posts of a collection of which it is not sure where they hang, and that nobody wanted left, in the order in
    which they came; each with whether what it is said to answer is in another thread.
    """
    query = _doubtful(select(Post.id), collection, drafts=drafts).where(Post.id > after)
    found = session.execute(query.order_by(Post.id).limit(limit)).all()
    ids = [row.id for row in found]
    elsewhere = contradicted(session, ids, drafts=drafts)
    rows = session.execute(select_posts(drafts=drafts).where(Post.id.in_(ids))).all()
    return [(row, row.id in elsewhere) for row in sorted(rows, key=lambda row: row.id)]


def contradicted(session: Session, post_ids: Sequence[int], *, drafts: bool) -> set[int]:
    """Those of the posts whose sources name a parent that the archive holds in another thread."""
    said_above = func.coalesce(_Above.source_thread_id, _Above.thread_id)
    query = (
        select(Post.id)
        .join(_Above, _Above.public_id == Post.awaits)
        .where(Post.id.in_(post_ids), said_above != said_thread())
        .where(Post.edge.not_in((Edge.PERSON, Edge.REFERENCES)))
        .where(true() if drafts else _Above.public)
    )
    return set(session.scalars(query))


def count_doubtful(session: Session, collection: str, *, drafts: bool) -> int:
    """How many there are, up to COUNT_UP_TO and one."""
    query = _doubtful(select(Post.id), collection, drafts=drafts).limit(COUNT_UP_TO + 1)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _doubtful(query: Any, collection: str, *, drafts: bool) -> Any:
    not_left: ColumnElement[bool] = _Decided.id.is_(None) | (_Decided.outcome != Outcome.LEFT)
    query = (
        query.select_from(Post)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Collection, (Collection.id == Thread.collection_id) & (Collection.slug == collection))
        .outerjoin(_Decided, _Decided.id == Post.placement_id)
        .where(_DOUBTFUL, not_left)
    )
    return query if drafts else query.where(Post.public)


def slug_of(session: Session, thread_id: int) -> CollectionSlug:
    """The collection of a thread."""
    query = select(Collection.slug).join(Thread, Thread.collection_id == Collection.id).where(Thread.id == thread_id)
    return session.scalars(query).one()
