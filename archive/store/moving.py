"""Carrying posts from thread to thread: whatever names a thread follows the post that it belongs to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, case, func, select, update
from sqlalchemy.orm import Session, aliased

from archive.domain.records import PostKind
from archive.domain.thread_tree import Node, Tree
from archive.store.bulk import table_of
from archive.store.checks import CitationCheck
from archive.store.holds import Hold
from archive.store.objections import Objection
from archive.store.parts import parts
from archive.store.pending import Pending
from archive.store.sources import Citation
from archive.store.tags import StoredSuggestion, Tag
from archive.store.threads import Post, Revision
from archive.store.traces import Trace
from archive.store.votes import Vote

_Parent = aliased(Post)
_AT_ONCE = 5_000  # rows


def said_thread() -> Any:
    """SQL: the thread that its source names for a post."""
    return func.coalesce(Post.source_thread_id, Post.thread_id)


def subtree(session: Session, thread_id: int, post_id: int) -> Sequence[int]:
    """A post and everything that hangs below it in its thread."""
    return [id_ for id_, _ in _tree(session, thread_id).below([post_id])]


def _tree(session: Session, thread_id: int) -> Tree:
    query = select(Post.id, Post.parent_id).where(Post.thread_id == thread_id).order_by(Post.id)
    return Tree(Node(id_, parent_id) for id_, parent_id in session.execute(query.execution_options(yield_per=_AT_ONCE)))


def carry(session: Session, post_ids: Sequence[int], thread_id: int) -> None:
    """Have posts be in a thread, with their texts, tags, suggestions and citations; what their sources say is kept."""
    carry_each(session, ((post_id, thread_id) for post_id in post_ids))


def carry_each(session: Session, homes: Iterable[tuple[int, int]]) -> None:
    """The same, each post with the thread."""
    left = iter(homes)
    while some := dict(islice(left, _AT_ONCE)):
        _carry(session, some)


def _carry(session: Session, homes: Mapping[int, int]) -> None:
    post, said, home = table_of(Post), said_thread(), bindparam("home", type_=Integer)
    query = update(post).where(post.c.id == bindparam("post_id"))
    query = query.values(source_thread_id=case((said == home, None), else_=said), thread_id=home)
    session.connection().execute(query, [{"post_id": id_, "home": thread_id} for id_, thread_id in homes.items()])
    for part in parts(sorted(homes)):
        of_revision = select(Revision.thread_id).where(Revision.id == StoredSuggestion.revision_id).scalar_subquery()
        revisions = select(Revision.id).where(Revision.post_id.in_(part))
        of_citation = select(Citation.thread_id).where(Citation.id == CitationCheck.citation_id).scalar_subquery()
        cited = select(Citation.id).where(Citation.post_id.in_(part))
        for table, mine, there in (
            (Revision, Revision.post_id.in_(part), _thread_of(Revision.post_id)),
            (Tag, Tag.post_id.in_(part), _thread_of(Tag.post_id)),
            (StoredSuggestion, StoredSuggestion.revision_id.in_(revisions), of_revision),
            (Citation, Citation.post_id.in_(part), _thread_of(Citation.post_id)),
            (Trace, Trace.post_id.in_(part), _thread_of(Trace.post_id)),
            (Vote, Vote.post_id.in_(part), _thread_of(Vote.post_id)),
            (Pending, Pending.post_id.in_(part), _thread_of(Pending.post_id)),
            (Hold, Hold.post_id.in_(part), _thread_of(Hold.post_id)),
            (Objection, Objection.post_id.in_(part), _thread_of(Objection.post_id)),
            (CitationCheck, CitationCheck.citation_id.in_(cited), of_citation),
        ):
            session.execute(update(table).where(mine).values(thread_id=there).execution_options(**_QUIET))


def follow_parents(session: Session, post_ids: Sequence[int]) -> set[int]:
    """Carry posts that were linked to a parent in another thread to where that is; the threads that this changed.

    Only a decision can have taken the parent there: a source that names another thread contradicts itself.
    """
    changed: set[int] = set()
    while astray := {post.id: post for post in _astray(session, post_ids)}:
        homes = _homes(session, astray)
        carry_each(session, homes.items())
        changed |= {post.here for post in astray.values()} | {*homes.values()}
    return changed


class _Astray(NamedTuple):
    """A post in another thread than its parent."""

    id: int
    here: int
    parent_id: int
    there: int  # where the parent is


def _astray(session: Session, post_ids: Sequence[int]) -> Iterator[_Astray]:
    for part in parts(post_ids):
        query = (
            select(Post.id, Post.thread_id, Post.parent_id, _Parent.thread_id)
            .join(_Parent, _Parent.id == Post.parent_id)
            .where(Post.id.in_(part), Post.thread_id != _Parent.thread_id)
            .order_by(Post.id)
        )
        rows: Sequence[Any] = session.execute(query).all()
        yield from (_Astray(*row) for row in rows)


def _homes(session: Session, astray: Mapping[int, _Astray]) -> dict[int, int]:
    """By post that is astray, or hangs below one, the thread of the parent: or, where that goes along with another that
    is astray, the thread into which that one comes.
    """
    tops: dict[int, int] = {}
    for thread_id in sorted({post.here for post in astray.values()}):
        here = [post.id for post in astray.values() if post.here == thread_id]
        tops.update(_tree(session, thread_id).below(here))
    comes_into: dict[int, int] = {}
    for post_id in astray:
        way: dict[int, None] = {}
        top: int | None = post_id
        while top is not None and top not in way and top not in comes_into:
            way[top] = None
            last, top = top, tops.get(astray[top].parent_id)
        if top is None:
            home = astray[last].there
        elif top in comes_into:
            home = comes_into[top]
        else:  # each goes along with the next: what the first would do alone
            home = astray[min([*way][[*way].index(top) :])].there
        comes_into |= dict.fromkeys(way, home)
    return {post_id: comes_into[top] for post_id, top in tops.items()}


def _thread_of(post_id: Any) -> Any:
    return select(Post.thread_id).where(Post.id == post_id).scalar_subquery()


def set_kind(session: Session, post_ids: Sequence[int], *, said: PostKind, is_: PostKind) -> None:
    """Have posts be of a kind, and remember what their sources say where that is another."""
    values = {"kind": is_, "source_kind": None if said is is_ else said}
    for part in parts(post_ids):
        session.execute(update(Post).where(Post.id.in_(part)).values(**values).execution_options(**_QUIET))


_QUIET: dict[str, Any] = {"synchronize_session": False}
