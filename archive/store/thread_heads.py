"""What a page says of a thread beside its posts, and what it need not ask for, since the thread has none of it."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, select, text
from sqlalchemy.orm import Session

from archive.domain.ids import CollectionSlug, PublicId
from archive.store.changes import Absence
from archive.store.collections import Collection
from archive.store.gaps import Gap
from archive.store.objections import Objection
from archive.store.pages import SHOWN
from archive.store.threads import Post, Thread
from archive.store.traces import Trace


class ThreadVersion(NamedTuple):
    """Which state of a thread is shown."""

    id: int
    public: bool
    version: int  # counts up with everything that changes the thread


class ThreadHead(NamedTuple):
    """A thread without its posts."""

    id: int
    public_id: PublicId
    title: str
    collection: CollectionSlug
    collection_name: str
    answers: int
    replies: int
    public: bool
    changed_at: datetime
    ghosts: int  # posts that are missing to which public posts point
    # Whether there may be any, of drafts too:
    gaps: bool
    offers: bool  # references that were supplied
    objections: bool
    absences: bool  # in any thread


def version_of(session: Session, public_id: str) -> ThreadVersion | None:
    """The state of the thread at that address, published or not."""
    row = session.connection().execute(_VERSION, {"address": public_id}).first()
    return None if row is None else ThreadVersion._make(row)


def thread_head(session: Session, public_id: str) -> ThreadHead | None:
    """The thread at that address, published or not."""
    row = session.connection().execute(_HEAD, {"address": public_id}).first()
    return None if row is None else ThreadHead._make(row)


_AT = Thread.public_id == bindparam("address")
_VERSION = select(Thread.id, Thread.public, Thread.version).where(_AT)
_AWAITING = Post.thread_id == Thread.id, SHOWN, text("post.awaits IS NOT NULL")
_HEAD_COLUMNS: tuple[Any, ...] = (
    *(Thread.id, Thread.public_id, Thread.title, Collection.slug, Collection.name),
    *(Thread.answers, Thread.replies, Thread.public, Thread.changed_at),
    select(func.count(Post.awaits.distinct())).where(*_AWAITING).correlate(Thread).scalar_subquery(),
    *(exists().where(table.thread_id == Thread.id).correlate(Thread) for table in (Gap, Trace, Objection)),
    exists(select(Absence.post_id)),
)
_HEAD = select(*_HEAD_COLUMNS).join(Collection, Collection.id == Thread.collection_id).where(_AT)
