"""Queries behind old addresses: posts and threads by permanent addresses, with the format that they were read from; and
all posts of a collection with what their sources say of where they were.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from archive.domain.batch import BatchState
from archive.domain.ids import PublicId
from archive.domain.records import KeyBasis, PostKind
from archive.store.batches import Batch, BatchInput
from archive.store.collections import Collection
from archive.store.originals import Reading
from archive.store.parts import parts
from archive.store.threads import Author, Post, Revision, Thread

_Said = aliased(Thread)
_THREADS_AT_ONCE, _POSTS_AT_ONCE = 500, 1_000


class Found(NamedTuple):
    """Something public at an address."""

    address: PublicId
    format: str
    kind: PostKind
    by: str | None
    title: str
    thread: PublicId
    collection_name: str


_COLUMNS = (
    Reading.format,
    Post.kind,
    func.coalesce(Author.name, Post.byline),
    Thread.title,
    Thread.public_id,
    Collection.name,
)


def posts_found(session: Session, addresses: Sequence[PublicId]) -> Sequence[Found]:
    """The public posts at these addresses, in no order."""
    found: list[Found] = []
    for part in parts(addresses):
        query = _joined(select(Post.public_id, *_COLUMNS)).where(Post.public_id.in_(part), Post.public)
        found += [Found._make(row) for row in session.execute(query)]
    return found


def threads_found(session: Session, addresses: Sequence[PublicId]) -> Sequence[Found]:
    """The public threads at these addresses, each by its first public post, in no order."""
    found: list[Found] = []
    first = select(func.min(Post.id)).where(Post.thread_id == Thread.id, Post.public).correlate(Thread)
    for part in parts(addresses):
        query = _joined(select(Thread.public_id, *_COLUMNS)).where(
            Thread.public_id.in_(part), Thread.public, Post.id == first.scalar_subquery()
        )
        found += [Found._make(row) for row in session.execute(query)]
    return found


def _joined(query: Any) -> Any:
    return (
        query.select_from(Post)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Collection, Collection.id == Thread.collection_id)
        .join(Revision, (Revision.post_id == Post.id) & Revision.is_current)
        .join(Reading, Reading.id == Revision.reading_id)
        .outerjoin(Author, Author.id == Post.author_id)
    )


def numbered_posts(session: Session, collection_id: int) -> Iterator[Any]:
    """Yield the public posts of a collection that their sources number, but for what is down, thread by thread."""
    query = (
        select(
            Post.public_id,
            Post.source_key,
            func.coalesce(_Said.source_key, Thread.source_key).label("thread"),
            func.coalesce(Post.source_kind, Post.kind).label("kind"),
            Revision.facts,
            Reading.format,
        )
        .join(Thread, Thread.id == Post.thread_id)
        .join(Revision, (Revision.post_id == Post.id) & Revision.is_current)
        .join(Reading, Reading.id == Revision.reading_id)
        .outerjoin(_Said, _Said.id == Post.source_thread_id)
        .where(Post.public, Post.takedown_id.is_(None), Post.key_basis == KeyBasis.SOURCE)
        .order_by(Post.thread_id, Post.position, Post.id)
    )
    last = 0
    while ids := _next_threads(session, collection_id, last):
        last = ids[-1]
        wanted = query.where(Post.thread_id.in_(ids))
        yield from session.execute(wanted.execution_options(yield_per=_POSTS_AT_ONCE))


def collections_read_from_others(session: Session, formats: AbstractSet[str]) -> frozenset[int]:
    """The numbers of the collections of which something is published that was read from another format than these."""
    query = (
        select(Batch.collection_id)
        .distinct()
        .join(BatchInput, BatchInput.batch_id == Batch.id)
        .join(Reading, Reading.id == BatchInput.reading_id)
        .where(Batch.state == BatchState.PUBLISHED, Reading.format.not_in(sorted(formats)))
    )
    return frozenset(session.scalars(query))


def _next_threads(session: Session, collection_id: int, last: int) -> Sequence[int]:
    query = select(Thread.id).where(Thread.public, Thread.collection_id == collection_id, Thread.id > last)
    return session.scalars(query.order_by(Thread.id).limit(_THREADS_AT_ONCE)).all()
