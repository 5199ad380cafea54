"""Doubtful lines: how the archivist says they are to be read, before a batch is read in."""

from sqlalchemy.orm import Session

from archive.domain.batch import BatchState
from archive.domain.records import LineReading
from archive.services.ingest.publish import find_batch
from archive.services.ledger import Actor, record
from archive.services.transaction import writing
from archive.store.batches import list_inputs


def correct(session: Session, batch_id: int, corrections: dict[tuple[int, int], LineReading], *, by: Actor) -> None:
    """Say how doubtful lines of a received batch are to be read, by input and offset in bytes.

    What is new in it stands in the ledger.

    :raises NoSuchBatchError: if there is none.
    """
    with writing(session):
        batch = find_batch(session, batch_id, to_change=True)  # or of two at once, one would overwrite the other
        if batch.state is not BatchState.RECEIVED:
            return
        lines: list[dict[str, object]] = []
        for input_ in list_inputs(session, batch_id):
            mine = {
                str(offset): reading.value
                for (position, offset), reading in sorted(corrections.items())
                if position == input_.position and input_.corrections.get(str(offset)) != reading.value
            }
            if mine:
                input_.corrections = {**input_.corrections, **mine}
                lines += [{"input": input_.position, "offset": int(at), "reading": mine[at]} for at in mine]
        if lines:
            record(session, by=by, act="correct", subject=f"batch {batch_id}", detail={"lines": lines})
