"""The files that a collection was read from, as far as everybody may know of them: those that gave a public post."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.batch import BatchState
from archive.domain.ids import Sha256
from archive.store.batches import Batch, BatchInput
from archive.store.originals import Reading
from archive.store.threads import Post, Revision


class FileRow(NamedTuple):
    """A file of a published batch."""

    batch: int
    position: int  # in it
    received_at: datetime
    name: str  # without the folders that it lay in
    size: int  # bytes
    original: Sha256
    format: str


def files_of_collection(
    session: Session, collection_id: int, *, before: tuple[int, int] | None, limit: int
) -> Sequence[FileRow]:
    """Files of published batches of which a post is public, the last received first.

    :param before: the batch and the position in it behind which they lie.
    """
    of_it = (Revision.reading_id == BatchInput.reading_id) & Revision.is_current
    gave = (
        select(Revision.id)
        .join(Post, Post.id == Revision.post_id)
        .where(of_it, Post.public, Post.takedown_id.is_(None))
        .exists()
    )
    query = (
        select(
            Batch.id,
            BatchInput.position,
            Batch.started_at,
            BatchInput.name,
            BatchInput.size,
            BatchInput.original,
            Reading.format,
        )
        .join(BatchInput, BatchInput.batch_id == Batch.id)
        .join(Reading, Reading.id == BatchInput.reading_id)
        .where(Batch.collection_id == collection_id, Batch.state == BatchState.PUBLISHED, gave)
        .order_by(Batch.id.desc(), BatchInput.position)
        .limit(limit)
    )
    if before is not None:
        batch, position = before
        query = query.where((Batch.id < batch) | ((Batch.id == batch) & (BatchInput.position > position)))
    rows = (FileRow._make(row) for row in session.execute(query))
    return [row._replace(name=row.name.rpartition("/")[2]) for row in rows]
