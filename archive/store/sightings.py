"""Where a revision was seen: in which reading, at which place in it, and so in which batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from archive.domain.batch import BatchState
from archive.domain.ids import Sha256
from archive.domain.records import Edge
from archive.store.batches import Batch, BatchInput
from archive.store.originals import Reading
from archive.store.parts import parts
from archive.store.threads import Post, Revision, Sighting, Thread


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of an original that a revision was read from."""

    original: Sha256
    format: str
    offset: int  # bytes
    length: int  # bytes


def find_place(session: Session, revision_id: int, *, drafts: bool) -> Place | None:
    """The first place in a published batch; with drafts, where there is none, the first of all."""
    first = select(Revision.reading_id, Revision.offset, Revision.length, literal(0).label("rank"))
    again = select(Sighting.reading_id, Sighting.offset, Sighting.length, Sighting.reading_id.label("rank"))
    seen = union_all(
        first.where(Revision.id == revision_id), again.where(Sighting.revision_id == revision_id)
    ).subquery()
    published = _read_so_far(seen.c.reading_id, seen.c.offset, Batch.state == BatchState.PUBLISHED)
    query = (
        select(Reading.original, Reading.format, seen.c.offset, seen.c.length)
        .join(seen, seen.c.reading_id == Reading.id)
        .order_by(published.desc(), seen.c.rank, seen.c.offset)
        .limit(1)
    )
    row = session.execute(query if drafts else query.where(published)).first()
    return None if row is None else Place(*row)


def live_reading(reading_id: Any, offset: Any) -> ColumnElement[bool]:
    """SQL: whether a batch that was not rolled back has read that far in that way."""
    return _read_so_far(reading_id, offset, Batch.state != BatchState.ROLLED_BACK)


def thread_is_in_batch(batch_id: int) -> ColumnElement[bool]:
    """SQL: whether a reading of the batch holds something of the thread."""
    return Thread.id.in_(_seen_in_batch(batch_id, Revision.thread_id))


def count_threads_in_batch(session: Session, batch_id: int) -> int:
    """How many threads a batch holds something of."""
    return _count(session, _seen_in_batch(batch_id, Revision.thread_id))


def count_posts_in_batch(session: Session, batch_id: int) -> int:
    """How many posts a batch holds a text of."""
    return _count(session, _seen_in_batch(batch_id, Revision.post_id))


def count_those_in_batch(session: Session, batch_id: int, post_ids: Sequence[int]) -> int:
    """Of how many of some posts a batch holds a text."""
    readings = select(BatchInput.reading_id).where(BatchInput.batch_id == batch_id, BatchInput.done_bytes > 0)
    again = exists().where(Sighting.revision_id == Revision.id, Sighting.reading_id.in_(readings))
    query = select(func.count(Revision.post_id.distinct())).where(or_(Revision.reading_id.in_(readings), again))
    return sum(session.scalar(query.where(Revision.post_id.in_(part))) or 0 for part in parts(post_ids))


def older_than_parents(session: Session, batch_id: int) -> tuple[int, str | None]:
    """How many of a batch's posts are dated before the post that they answer, and the key of one."""
    parent = aliased(Post)
    in_batch = Post.id.in_(_seen_in_batch(batch_id, Revision.post_id))
    query = select(func.count(), func.min(Post.source_key)).join(parent, parent.id == Post.parent_id)
    said = Post.edge != Edge.PERSON
    count, key = session.execute(query.where(Post.posted_at < parent.posted_at, said, in_batch)).one()
    return count, key


def _read_so_far(reading_id: Any, offset: Any, by: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        BatchInput.reading_id == reading_id, BatchInput.done_bytes > offset, Batch.id == BatchInput.batch_id, by
    )


def _seen_in_batch(batch_id: int, of_revision: InstrumentedAttribute[int]) -> CompoundSelect[Any]:
    """SQL: the column, once for each of its values, of the revisions that a reading of the batch shows."""
    readings = select(BatchInput.reading_id).where(BatchInput.batch_id == batch_id, BatchInput.done_bytes > 0)
    brought = select(of_revision).where(Revision.reading_id.in_(readings))
    again = select(of_revision).join(Sighting, Sighting.revision_id == Revision.id)
    return brought.union(again.where(Sighting.reading_id.in_(readings)))


def _count(session: Session, values: CompoundSelect[Any]) -> int:
    return session.scalar(select(func.count()).select_from(values.subquery())) or 0
