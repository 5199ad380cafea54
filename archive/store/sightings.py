"""Where a revision was seen: in which file, and at which place in it."""

from dataclasses import dataclass

from sqlalchemy import exists, literal, select, union_all
from sqlalchemy.orm import Session

from archive.domain.batch import BatchState
from archive.domain.ids import Sha256
from archive.store.batches import Batch, BatchInput
from archive.store.originals import Reading
from archive.store.threads import Revision, Sighting


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
    published = exists().where(
        BatchInput.reading_id == seen.c.reading_id,
        BatchInput.done_bytes > seen.c.offset,
        Batch.id == BatchInput.batch_id,
        Batch.state == BatchState.PUBLISHED,
    )
    query = (
        select(Reading.original, Reading.format, seen.c.offset, seen.c.length)
        .join(seen, seen.c.reading_id == Reading.id)
        .order_by(published.desc(), seen.c.rank)
        .limit(1)
    )
    row = session.execute(query if drafts else query.where(published)).first()
    return None if row is None else Place(*row)
