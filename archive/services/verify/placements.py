"""Decisions on where posts hang: the table of them, and where posts hang, against the ledger."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from archive.domain.placement import Outcome, PlacementAct, kind_of_moved
from archive.domain.records import Edge
from archive.services.verify.ledger import parsed
from archive.store.ledger import read_entries
from archive.store.placements import Placement, as_recorded, select_placements
from archive.store.threads import Post, Thread

_ACTS = frozenset(act.value for act in PlacementAct)
_Parent = aliased(Post)
_Awaited = aliased(Post)
_Told = dict[str, object]


def placement_faults(session: Session) -> Iterator[str]:
    """Yield where decisions, and the places of posts, are not what the ledger holds."""
    recorded, newest = _recorded(session)
    query = select_placements().order_by(Placement.id).execution_options(yield_per=1000)
    for row, parent, thread, post, name in session.execute(query):
        told = recorded.pop(row.id, None)
        if told is None:
            yield f"Placement {row.id} of post {post}: the ledger does not know of it."
            continue
        stands = {**as_recorded(row, parent=parent, thread=thread), "post": f"post {post}"}
        stands |= {"by": name, "act": row.act}
        for key in [key for key in told if told[key] != stands.get(key)]:
            yield f"Placement {row.id} of post {post}: its {key} is {stands.get(key)}, and the ledger says {told[key]}."
    for number, told in recorded.items():
        yield f"Placement {number} of {told['post']}: the ledger holds it, and the table of placements does not."
    yield from _places(session, newest)
    yield from _strays(session)


def _places(session: Session, newest: dict[str, _Told]) -> Iterator[str]:
    columns = (Post.public_id, Post.placement_id, Post.edge, Post.kind, Thread.public_id)
    above = (func.coalesce(_Parent.public_id, Post.awaits), func.coalesce(_Parent.kind, _Awaited.kind))
    query = (
        select(*columns, *above)
        .join(Thread, Thread.id == Post.thread_id)
        .outerjoin(_Parent, _Parent.id == Post.parent_id)
        .outerjoin(_Awaited, _Awaited.public_id == Post.awaits)  # under which it was put, and which was withdrawn
        .where(Post.placement_id.is_not(None) | (Post.edge == Edge.PERSON))
        .order_by(Post.id)
    )
    for post, number, edge, kind, thread, parent, parent_kind in session.execute(query):
        told = newest.pop(f"post {post}", {})
        moved = told.get("outcome") == Outcome.MOVED
        place = (parent or thread) if edge is Edge.PERSON else None
        if number != told.get("placement") or place != ((told["parent"] or told["thread"]) if moved else None):
            yield f"Post {post}: it does not hang where the newest decision in the ledger has put it."
        elif moved and kind is not kind_of_moved(parent_kind):
            yield f"Post {post}: it is said to be a {kind}, which does not follow from where it was put."
    for subject in newest:
        yield f"P{subject[1:]}: the ledger has a decision on where it hangs, and the post knows of none."


def _strays(session: Session) -> Iterator[str]:
    query = (
        select(Post.public_id)
        .join(_Parent, _Parent.id == Post.parent_id)
        .where(Post.thread_id != _Parent.thread_id)
        .order_by(Post.id)
    )
    for (post,) in session.execute(query):
        yield f"Post {post}: it hangs under a post of another thread."


def _recorded(session: Session) -> tuple[dict[object, _Told], dict[str, _Told]]:
    """By decision, what the ledger tells of it; and by post, the newest."""
    recorded: dict[object, _Told] = {}
    newest: dict[str, _Told] = {}
    for entry in read_entries(session):
        if entry.act in _ACTS:
            told = {"outcome": None, "parent": None, "thread": None, **parsed(entry.detail)}
            told |= {"post": entry.subject, "by": entry.actor, "act": entry.act}
            recorded[told.get("placement")] = newest[entry.subject] = told
    return recorded, newest
