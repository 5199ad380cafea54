"""Bounded queries for posts under which another may belong, and for posts of which that is in doubt."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session, aliased

from archive.domain.ids import CollectionSlug, PublicId
from archive.domain.placement import Outcome
from archive.domain.records import PostKind
from archive.store.collections import Collection
from archive.store.pages import PostRow, select_posts
from archive.store.placements import Placement
from archive.store.threads import DOUBTFUL, Post, Revision, Thread

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


def posts_near(session: Session, row: PostRow, *, drafts: bool) -> Sequence[PostRow]:
    """The posts of the same thread that stand before a post, the nearest first."""
    query = select_posts(drafts=drafts).where(Post.thread_id == row.thread_id, Post.position < row.position)
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
    moved = select(_Other.parent_id).where(
        _Other.thread_id == row.thread_id, _Other.source_parent == missing, _Other.id != row.id
    )
    waiting = select(_Other.id).where(_Other.awaits == missing, _Other.id != row.id)
    found = [*session.scalars(moved.limit(_MOST_ALIKE)), *session.scalars(waiting.limit(_MOST_ALIKE))]
    ids = [id_ for id_ in found if id_ is not None]
    return session.execute(select_posts(drafts=drafts).where(Post.id.in_(ids)).order_by(Post.id)).all()


def question_of(session: Session, thread_id: int, *, drafts: bool) -> PostRow | None:
    """The question of a thread."""
    query = select_posts(drafts=drafts).where(Post.thread_id == thread_id, Post.kind == PostKind.QUESTION)
    return session.execute(query.order_by(Post.id).limit(1)).first()


def post_at(session: Session, addresses: Sequence[PublicId], *, drafts: bool) -> PostRow | None:
    """The post at one of some addresses, or the first of the thread that one of them leads to."""
    query = select_posts(drafts=drafts).where(Post.public_id.in_(addresses)).limit(1)
    if found := session.execute(query).first():
        return found
    thread = select(Thread.id).where(Thread.public_id.in_(addresses)).limit(1).scalar_subquery()
    query = select_posts(drafts=drafts).where(Post.thread_id == thread, Post.position == 0)
    return session.execute(query.limit(1)).first()


def doubtful_posts(
    session: Session, collection: str, *, drafts: bool, after: int, limit: int
) -> Sequence[tuple[PostRow, bool]]:
    """Posts of a collection of which it is not sure where they hang, and that nobody wanted left, in the order in
    which they came; each with whether the archive holds what it is said to answer.
    """
    query = _doubtful(select(Post.id, Post.awaits), collection, drafts=drafts).where(Post.id > after)
    found = session.execute(query.order_by(Post.id).limit(limit)).all()
    awaited = [row.awaits for row in found if row.awaits]
    here = set(session.scalars(select(_Above.public_id).where(_Above.public_id.in_(awaited))))
    rows = session.execute(select_posts(drafts=drafts).where(Post.id.in_([row.id for row in found]))).all()
    return [(row, row.awaits in here) for row in sorted(rows, key=lambda row: row.id)]


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
