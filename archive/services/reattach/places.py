"""What a place is, and how a post comes to hang there: with all that follows in the threads concerned."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from archive.domain.ids import PublicId, ThreadKey, thread_address
from archive.domain.placement import kind_below
from archive.domain.records import Edge, PostKind
from archive.services.ingest.joining import home_of_mail, settle_kinds
from archive.services.ingest.settle import write_moved
from archive.store.joining import Key, add_thread, thread_keys
from archive.store.moving import carry, said_thread, set_kind, subtree
from archive.store.pages import find_thread
from archive.store.publishing import refresh_threads
from archive.store.threads import Post, Thread
from archive.store.titles import title_by_public_texts, untitled_threads
from archive.store.unsettled import standing_of

_Parent = aliased(Post)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a post hangs: under another, or from nothing in a thread."""

    parent_id: int | None
    thread_id: int
    edge: Edge
    awaits: PublicId | None = None  # what it waits for, if it does


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Where its source has a post."""

    thread_id: int
    parent: PublicId | None  # an address, whether or not that post has come
    edge: Edge
    kind: PostKind


def held_post(session: Session, post_id: int) -> Post:
    """The post as it is stored now."""
    return session.get_one(Post, post_id, populate_existing=True)


def said_of(session: Session, post: Post) -> Said:
    """What the source says of a post, whatever was decided."""
    decided = post.edge is Edge.PERSON
    parent = post.source_parent if decided or post.edge is Edge.CUT else post.awaits
    if parent is None and not decided and post.parent_id is not None:
        parent = session.scalar(select(Post.public_id).where(Post.id == post.parent_id))
    return Said(
        thread_id=post.source_thread_id or post.thread_id,
        parent=parent,
        edge=post.source_edge if decided and post.source_edge else post.edge,
        kind=post.source_kind or post.kind,
    )


def place_by_source(session: Session, post: Post, said: Said) -> Place:
    """Where a post hangs if nobody decides, with the posts that have come by now; a public one under a public one."""
    if said.edge is Edge.CUT:
        return Place(parent_id=None, thread_id=_thread_of_cut(session, post, said), edge=said.edge)
    if said.parent is None:
        return Place(parent_id=None, thread_id=said.thread_id, edge=said.edge)
    if said.edge is Edge.REFERENCES:
        home = home_of_mail(session, said.parent, public=post.public, said_thread_id=said.thread_id)
        awaits = said.parent if home.parent_id is None else None
        return Place(parent_id=home.parent_id, thread_id=home.thread_id, edge=said.edge, awaits=awaits)
    query = select(Post.id, Post.thread_id, Post.public)
    parent = session.execute(query.where(Post.public_id == said.parent, said_thread() == said.thread_id)).first()
    if parent is None or (post.public and not parent.public):
        return Place(parent_id=None, thread_id=said.thread_id, edge=said.edge, awaits=said.parent)
    return Place(parent_id=parent.id, thread_id=parent.thread_id, edge=said.edge)


def _thread_of_cut(session: Session, post: Post, said: Said) -> int:
    """A mail above which a circle was cut begins a thread of its own."""
    key = thread_keys(session, [said.thread_id])[said.thread_id]
    own = find_thread(session, thread_address(key.collection, ThreadKey(post.source_key)))
    return own.id if own else said.thread_id


def _edge_of_cut(session: Session, post: Post, place: Place) -> Edge | None:
    """By what a post hung that is cut from it again."""
    if place.edge is not Edge.CUT:
        return None
    begins = session.get_one(Thread, place.thread_id).source_key == ThreadKey(post.source_key)
    return Edge.REFERENCES if begins else Edge.SOURCE


def put(session: Session, post: Post, place: Place, *, said: Said, now: datetime) -> None:
    """Hang a post there, with everything below it; bring kinds, order, counts and flags of both threads in line."""
    post_id, here, was_kind, public = post.id, post.thread_id, post.kind, post.public
    decided = place.edge is Edge.PERSON
    values: dict[str, Any] = {
        "parent_id": place.parent_id,
        "awaits": place.awaits,
        "edge": place.edge,
        "source_edge": said.edge if decided else _edge_of_cut(session, post, place),
        "source_parent": said.parent if decided or place.edge is Edge.CUT else None,
    }
    moved = subtree(session, here, post_id)
    session.execute(update(Post).where(Post.id == post_id).values(**values))
    if place.thread_id != here:
        carry(session, moved, place.thread_id)
    kind = _kind_there(session, place, said)
    set_kind(session, [post_id], said=said.kind, is_=kind)
    if (kind is PostKind.QUESTION) != (was_kind is PostKind.QUESTION):
        _follow_kind(session, post_id, place.thread_id, said=said.kind, is_=kind)
    threads = sorted({here, place.thread_id})
    settle_kinds(session, threads)
    write_moved(session, [standing for _, standing in standing_of(session, threads)])
    if public:  # what hangs below a post that is not is not public either
        refresh_threads(session, threads, now=now)
        title_by_public_texts(session, untitled_threads(session, threads))
    session.expire_all()


def own_thread(session: Session, post: Post, key: Key, *, title: str, now: datetime) -> int:
    """The thread that begins with a post: made now, or the one that it began before."""
    known = session.execute(select(Thread.id, Thread.public).where(Thread.public_id == key.address)).first()
    if known is not None:
        if post.public or not known.public:  # a draft says nothing to readers
            session.execute(update(Thread).where(Thread.id == known.id).values(title=title))
        return int(known.id)
    return add_thread(session, key, title=title, now=now)


def as_was(session: Session, post: Post) -> dict[str, Any]:
    """Where a post hangs, in addresses."""
    query = select(Thread.public_id, _Parent.public_id).select_from(Post).join(Thread, Thread.id == Post.thread_id)
    query = query.outerjoin(_Parent, _Parent.id == Post.parent_id).where(Post.id == post.id)
    thread, parent = session.execute(query).one()
    return {"thread": thread, "parent": parent, "awaits": post.awaits, "edge": post.edge, "kind": post.kind}


def _kind_there(session: Session, place: Place, said: Said) -> PostKind:
    if place.parent_id is None:
        return PostKind.QUESTION if place.edge is Edge.PERSON else said.kind
    parent = session.execute(select(Post.kind, Post.source_kind).where(Post.id == place.parent_id)).one()
    parent_said = parent.source_kind or parent.kind
    return kind_below(said.kind, edge=place.edge, parent_said=parent_said, parent_is=parent.kind)


def _follow_kind(session: Session, post_id: int, thread_id: int, *, said: PostKind, is_: PostKind) -> None:
    """What hangs directly under a question is an answer: it may have become one, or ceased to be."""
    columns = (Post.id, Post.kind, Post.source_kind, Post.edge)
    children = session.execute(select(*columns).where(Post.thread_id == thread_id, Post.parent_id == post_id)).all()
    for child in children:
        own = child.source_kind or child.kind
        kind = kind_below(own, edge=child.edge, parent_said=said, parent_is=is_)
        set_kind(session, [child.id], said=own, is_=kind)
