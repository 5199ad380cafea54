"""Carrying posts from thread to thread: whatever names a thread follows the post that it belongs to."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Integer, bindparam, case, func, select, update
from sqlalchemy.orm import Session, aliased

from archive.domain.records import PostKind
from archive.domain.thread_tree import Node, below
from archive.store.bulk import table_of
from archive.store.parts import parts
from archive.store.tags import StoredSuggestion, Tag
from archive.store.threads import Post, Revision

_Parent = aliased(Post)


def said_thread() -> Any:
    """SQL: the thread that its source names for a post."""
    return func.coalesce(Post.source_thread_id, Post.thread_id)


def subtree(session: Session, thread_id: int, post_id: int) -> Sequence[int]:
    """A post and everything that hangs below it in its thread."""
    query = select(Post.id, Post.parent_id).where(Post.thread_id == thread_id).order_by(Post.id)
    return below([Node(row.id, row.parent_id) for row in session.execute(query)], post_id)


def carry(session: Session, post_ids: Sequence[int], thread_id: int) -> None:
    """Have posts be in a thread, with their texts, tags and suggestions; what their sources say is kept."""
    carry_each(session, dict.fromkeys(post_ids, thread_id))


def carry_each(session: Session, homes: Mapping[int, int]) -> None:
    """The same, by post with the thread."""
    if not homes:
        return
    post, said, home = table_of(Post), said_thread(), bindparam("home", type_=Integer)
    query = update(post).where(post.c.id == bindparam("post_id"))
    query = query.values(source_thread_id=case((said == home, None), else_=said), thread_id=home)
    session.connection().execute(query, [{"post_id": id_, "home": thread_id} for id_, thread_id in homes.items()])
    for part in parts(sorted(homes)):
        of_revision = select(Revision.thread_id).where(Revision.id == StoredSuggestion.revision_id).scalar_subquery()
        revisions = select(Revision.id).where(Revision.post_id.in_(part))
        for table, mine, there in (
            (Revision, Revision.post_id.in_(part), _thread_of(Revision.post_id)),
            (Tag, Tag.post_id.in_(part), _thread_of(Tag.post_id)),
            (StoredSuggestion, StoredSuggestion.revision_id.in_(revisions), of_revision),
        ):
            session.execute(update(table).where(mine).values(thread_id=there).execution_options(**_QUIET))


def follow_parents(session: Session, post_ids: Sequence[int]) -> set[int]:
    """Carry posts that were linked to a parent in another thread to where that is; the threads that this changed.

    Only a decision can have taken the parent there: a source that names another thread contradicts itself.
    """
    changed: set[int] = set()
    while astray := _astray(session, post_ids):
        post_id, here, there = astray
        carry(session, subtree(session, here, post_id), there)
        changed |= {here, there}
    return changed


def _astray(session: Session, post_ids: Sequence[int]) -> tuple[int, int, int] | None:
    for part in parts(post_ids):
        query = (
            select(Post.id, Post.thread_id, _Parent.thread_id)
            .join(_Parent, _Parent.id == Post.parent_id)
            .where(Post.id.in_(part), Post.thread_id != _Parent.thread_id)
            .order_by(Post.id)
            .limit(1)
        )
        if found := session.execute(query).first():
            return found[0], found[1], found[2]
    return None


def _thread_of(post_id: Any) -> Any:
    return select(Post.thread_id).where(Post.id == post_id).scalar_subquery()


def set_kind(session: Session, post_ids: Sequence[int], *, said: PostKind, is_: PostKind) -> None:
    """Have posts be of a kind, and remember what their sources say where that is another."""
    values = {"kind": is_, "source_kind": None if said is is_ else said}
    for part in parts(post_ids):
        session.execute(update(Post).where(Post.id.in_(part)).values(**values).execution_options(**_QUIET))


_QUIET: dict[str, Any] = {"synchronize_session": False}
