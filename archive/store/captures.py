"""Bulk reading and writing of threads for an import: what is known of them, and rows for what is new.

Ids are counted here, not by the database: one import at a time writes these tables.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, exists, func, insert, select, text, update
from sqlalchemy.orm import Session

from archive.domain.batch import BatchState
from archive.domain.capture import KnownPost, KnownThread
from archive.domain.ids import PublicId
from archive.store.base import Base
from archive.store.batches import Batch, BatchInput
from archive.store.threads import Author, Post, Revision, RevisionText, Sighting, Thread

_MOST_PARAMETERS = 1000  # in one IN list


@dataclass(slots=True)
class Rows:
    """What one chunk adds."""

    threads: list[dict[str, Any]] = field(default_factory=list)
    authors: list[dict[str, Any]] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)
    revisions: list[dict[str, Any]] = field(default_factory=list)
    texts: list[dict[str, Any]] = field(default_factory=list)
    sightings: list[dict[str, Any]] = field(default_factory=list)
    places: list[dict[str, Any]] = field(default_factory=list)  # posts whose place in their thread moved


@dataclass(slots=True)
class NextIds:
    """The ids that the next rows get."""

    thread: int
    author: int
    post: int
    revision: int


def next_ids(session: Session) -> NextIds:
    """The first free id of each table."""

    def free(table: type[Thread | Author | Post | Revision]) -> int:
        return (session.scalar(select(func.max(table.id))) or 0) + 1

    return NextIds(thread=free(Thread), author=free(Author), post=free(Post), revision=free(Revision))


def load_known(session: Session, public_ids: Iterable[PublicId]) -> dict[PublicId, KnownThread]:
    """What the archive holds of these threads, published or not."""
    known: dict[PublicId, KnownThread] = {}
    for part in _parts(list(public_ids)):
        threads = {
            row.id: KnownThread(row.id, row.source_key, row.public_id)
            for row in session.execute(
                select(Thread.id, Thread.source_key, Thread.public_id).where(Thread.public_id.in_(part))
            )
        }
        for ids in _parts(list(threads)):
            _load_posts(session, threads, ids)
        known.update({thread.public_id: thread for thread in threads.values()})
    return known


def load_authors(session: Session, collection_id: int, names: Iterable[str]) -> dict[str, int]:
    """The ids of those of the names that are known."""
    known: dict[str, int] = {}
    for part in _parts(list(names)):
        query = select(Author.name, Author.id).where(Author.collection_id == collection_id, Author.name.in_(part))
        known.update({row.name: row.id for row in session.execute(query)})
    return known


def write_rows(session: Session, rows: Rows) -> None:
    """Write a chunk, and make its texts searchable."""
    for table, new in (
        (Thread, rows.threads),
        (Author, rows.authors),
        (Post, rows.posts),
        (Revision, rows.revisions),
        (RevisionText, rows.texts),
    ):
        _insert(session, table, new)
    if rows.texts and session.get_bind().dialect.name == "sqlite":
        _index_texts(session, rows.texts[0]["revision_id"], rows.texts[-1]["revision_id"])
    # What a reading shows stays true: a batch that reads the same way again sees the same.
    _insert(session, Sighting, rows.sightings, otherwise=" ON CONFLICT DO NOTHING")
    if rows.places:
        query = update(_table(Post)).where(_table(Post).c.id == bindparam("post_id"))
        session.connection().execute(
            query.values(position=bindparam("new_position"), depth=bindparam("new_depth")), rows.places
        )


def touch_threads(session: Session, thread_ids: Sequence[int], *, now: datetime) -> None:
    """Count up the versions of threads whose pages have changed."""
    for part in _parts(thread_ids):
        query = update(Thread).where(Thread.id.in_(part))
        session.execute(query.values(version=Thread.version + 1, changed_at=now))


def live_reading(reading_id: Any) -> Any:
    """SQL: whether a batch that was not rolled back contains the reading."""
    return exists().where(
        BatchInput.reading_id == reading_id,
        Batch.id == BatchInput.batch_id,
        Batch.state != BatchState.ROLLED_BACK,
    )


def _load_posts(session: Session, threads: dict[int, KnownThread], ids: Sequence[int]) -> None:
    seen_again = exists().where(Sighting.revision_id == Revision.id, live_reading(Sighting.reading_id))
    live = live_reading(Revision.reading_id) | seen_again
    query = (
        select(Post, Revision, live.label("live"))
        .join(Revision, Revision.post_id == Post.id)
        .where(Post.thread_id.in_(ids))
        .order_by(Post.id, live, Revision.number)  # so that the newest live revision comes last
    )
    newest: dict[int, KnownPost] = {}
    for post, revision, is_live in session.execute(query):
        last = newest[post.id].last_number if post.id in newest else 0
        newest[post.id] = KnownPost(
            id=post.id,
            key=post.source_key,
            kind=post.kind,
            byline=post.byline,
            fingerprint=revision.fingerprint,
            revision_id=revision.id,
            last_number=max(last, revision.number),
            reading_id=revision.reading_id,
            batch_id=revision.batch_id,
            rolled_back=not is_live,
            parent_id=post.parent_id,
            position=post.position,
            depth=post.depth,
        )
        threads[post.thread_id].posts[post.source_key] = newest[post.id]


def _index_texts(session: Session, first: int, last: int) -> None:
    session.execute(
        text(
            "INSERT INTO revision_fts(rowid, title, text) "
            "SELECT revision_id, title, text FROM revision_text WHERE revision_id BETWEEN :first AND :last"
        ),
        {"first": first, "last": last},
    )


def _insert(
    session: Session, class_: type[Base], rows: Sequence[dict[str, Any]], *, otherwise: str = ""
) -> None:
    """Hand rows to the driver as it wants them: SQLAlchemy's own way takes four times as long, 60 µs a post."""
    if not rows:
        return
    dialect = session.get_bind().dialect
    query = insert(_table(class_)).compile(dialect=dialect, column_keys=list(rows[0]))
    for column in _table(class_).columns:
        processor = column.type.dialect_impl(dialect).bind_processor(dialect)
        if processor is not None and column.name in rows[0]:
            stored = cache(processor)  # words, dates and flags: few are different
            for row in rows:
                row[column.name] = stored(row[column.name])
    parameters = [*map(itemgetter(*query.positiontup), rows)] if query.positional else rows
    session.connection().exec_driver_sql(str(query) + otherwise, parameters)


def _table(class_: type[Base]) -> Table:
    return cast("Table", class_.__table__)  # declarative says FromClause


def _parts(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(items), _MOST_PARAMETERS):
        yield items[start : start + _MOST_PARAMETERS]


def thread_is_in_batch(batch_id: int) -> ColumnElement[bool]:
    """SQL: whether a reading of the batch holds something of the thread."""
    readings = select(BatchInput.reading_id).where(BatchInput.batch_id == batch_id)
    brought = select(Revision.thread_id).where(Revision.reading_id.in_(readings))
    seen = select(Revision.thread_id).join(Sighting, Sighting.revision_id == Revision.id)
    return Thread.id.in_(brought.union(seen.where(Sighting.reading_id.in_(readings))))
