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


def load_known(session: Session, public_ids: Iterable[PublicId], *, batch_id: int) -> dict[PublicId, KnownThread]:
    """What the archive holds of these threads, published or not, while a batch is under way."""
    known: dict[PublicId, KnownThread] = {}
    for part in _parts(list(public_ids)):
        threads = {
            row.id: KnownThread(row.id, row.source_key, row.public_id)
            for row in session.execute(
                select(Thread.id, Thread.source_key, Thread.public_id).where(Thread.public_id.in_(part))
            )
        }
        for ids in _parts(list(threads)):
            _load_posts(session, threads, ids, batch_id)
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


def live_reading(reading_id: Any, offset: Any) -> Any:
    """SQL: whether a batch that was not rolled back has read that far in that way."""
    return exists().where(
        BatchInput.reading_id == reading_id,
        BatchInput.done_bytes > offset,
        Batch.id == BatchInput.batch_id,
        Batch.state != BatchState.ROLLED_BACK,
    )


def _load_posts(session: Session, threads: dict[int, KnownThread], ids: Sequence[int], batch_id: int) -> None:
    revisions = session.execute(_REVISIONS.where(Post.thread_id.in_(ids))).all()
    places = _places(session, revisions, ids)
    inputs = _live_inputs(session, {reading for seen in places.values() for reading, _ in seen})
    for row in revisions:
        posts = threads[row.thread_id].posts
        post = posts.get(row.source_key) or posts.setdefault(row.source_key, _known_post(row))
        seen = places[row.revision_id]
        batches = {batch for reading, offset in seen for batch, done in inputs.get(reading, ()) if offset < done}
        if batches:
            post.live.add(row.revision_id)
        if batches or not post.live:  # the newest live one; where none is live, the newest
            post.fingerprint, post.revision_id = row.fingerprint, row.revision_id
        post.last_number = row.number
        post.seen.update({(reading, row.fingerprint): row.revision_id for reading, _ in seen})
        post.in_batch = post.in_batch or batch_id in batches


_REVISIONS = (
    select(
        Post.id,
        Post.thread_id,
        Post.source_key,
        Post.kind,
        Post.byline,
        Post.parent_id,
        Post.position,
        Post.depth,
        Revision.id.label("revision_id"),
        Revision.number,
        Revision.fingerprint,
        Revision.reading_id,
        Revision.offset,
    )
    .join(Revision, Revision.post_id == Post.id)
    .order_by(Post.id, Revision.number)
)


def _known_post(row: Any) -> KnownPost:
    return KnownPost(
        id=row.id,
        key=row.source_key,
        kind=row.kind,
        byline=row.byline,
        fingerprint=row.fingerprint,
        revision_id=row.revision_id,
        last_number=0,
        seen={},
        live=set(),
        in_batch=False,
        parent_id=row.parent_id,
        position=row.position,
        depth=row.depth,
    )


def _places(session: Session, revisions: Sequence[Any], thread_ids: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """By revision, the readings in which it was seen, and where in each."""
    places: dict[int, list[tuple[int, int]]] = {row.revision_id: [(row.reading_id, row.offset)] for row in revisions}
    query = (
        select(Sighting.revision_id, Sighting.reading_id, Sighting.offset)
        .join(Revision, Revision.id == Sighting.revision_id)
        .join(Post, Post.id == Revision.post_id)
        .where(Post.thread_id.in_(thread_ids))
    )
    for sighting in session.execute(query):
        places[sighting.revision_id].append((sighting.reading_id, sighting.offset))
    return places


def _live_inputs(session: Session, readings: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """By reading, the batches that were not rolled back and how many bytes of it they have read in."""
    inputs: dict[int, list[tuple[int, int]]] = {}
    for part in _parts(sorted(readings)):
        query = (
            select(BatchInput.reading_id, BatchInput.batch_id, BatchInput.done_bytes)
            .join(Batch, Batch.id == BatchInput.batch_id)
            .where(BatchInput.reading_id.in_(part), Batch.state != BatchState.ROLLED_BACK)
        )
        for row in session.execute(query):
            inputs.setdefault(row.reading_id, []).append((row.batch_id, row.done_bytes))
    return inputs


def _index_texts(session: Session, first: int, last: int) -> None:
    session.execute(
        text(
            "INSERT INTO revision_fts(rowid, title, text) "
            "SELECT revision_id, title, text FROM revision_text WHERE revision_id BETWEEN :first AND :last"
        ),
        {"first": first, "last": last},
    )


def _insert(session: Session, class_: type[Base], rows: Sequence[dict[str, Any]], *, otherwise: str = "") -> None:
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
    parameters: Any = rows
    if query.positional:
        parameters = [*map(itemgetter(*(query.positiontup or ())), rows)]
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
