"""Where the address of a thread leads in which nothing is left, or that is asked for a part that it has not."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from archive.domain.ids import PostKey, PublicId, ThreadKey, numbered_post_address, thread_address
from archive.services.ingest.lineage import Lineage
from archive.store.collections import Collection
from archive.store.pages import find_post, find_thread, select_posts
from archive.store.placements import last_moved_from
from archive.store.threads import Post, Thread


def leads_to(session: Session, thread: str, *, drafts: bool) -> PublicId | None:
    """The post that a person moved out of a thread last; or, where nothing is left, one that another thread took in.

    :param drafts: whether whoever asks may see drafts.
    """
    row = find_thread(session, thread)
    if row is None:
        return None
    moved = last_moved_from(session, row.id, drafts=drafts)
    if moved is not None and find_post(session, moved, drafts=drafts):
        return moved
    if any(_first(session, Post.thread_id == row.id, drafts=drafts)):
        return None
    return next(_joined(session, row, drafts=drafts), None)


def _joined(session: Session, thread: Thread, *, drafts: bool) -> Iterator[PublicId]:
    if thread.own:  # what was moved out of it has been looked for
        return
    yield from _first(session, Post.source_thread_id == thread.id, drafts=drafts)
    slug = session.get_one(Collection, thread.collection_id).slug
    mail = numbered_post_address(slug, PostKey(thread.source_key))
    root = Lineage(session, public=not drafts).roots([mail])[mail]
    if root is not None and root.thread_id is not None:
        yield from _first(session, Post.thread_id == root.thread_id, drafts=drafts)
    elif root is not None and root.key is not None:
        address = thread_address(slug, ThreadKey(root.key))
        there = select(Thread.id).where(Thread.public_id == address).scalar_subquery()
        yield from _first(session, Post.thread_id == there, drafts=drafts)


def _first(session: Session, which: ColumnElement[bool], *, drafts: bool) -> Iterator[PublicId]:
    query = select_posts(drafts=drafts).where(which).order_by(Post.thread_id, Post.position).limit(1)
    yield from (row.public_id for row in session.execute(query))
