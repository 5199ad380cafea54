"""One stretch in quarantine, held for an act upon it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from archive.domain.batch import BatchAct, after
from archive.errors import ArchiveError
from archive.services.ingest.publish import find_batch
from archive.services.transaction import writing
from archive.store.batches import Batch, Remark
from archive.store.publishing import publishing_lock
from archive.store.quarantine import Resolution, find_quarantined


class NoSuchItemError(ArchiveError):
    """There is no stretch of that number in the quarantine of a batch."""

    def __init__(self, batch_id: int, number: int) -> None:
        super().__init__(f"There is no stretch {number} in the quarantine of batch {batch_id}.")


class ItemSettledError(ArchiveError):
    """Somebody repaired or dismissed a stretch before, or took that back."""

    def __init__(self, batch_id: int, *, settled: bool) -> None:
        already = "was repaired or dismissed meanwhile" if settled else "is neither repaired nor dismissed any more"
        super().__init__(f"What you chose in batch {batch_id} {already}. Nothing was changed; load the page again.")


@contextmanager
def mending(session: Session, batch_id: int) -> Iterator[Batch]:
    """A batch, in a transaction that may change what its quarantine holds and what is public.

    :raises NoSuchBatchError: if there is none.
    :raises BatchStateError: if it is not complete, or was rolled back.
    """
    with writing(session):
        publishing_lock(session)
        batch = find_batch(session, batch_id, to_change=True)
        after(BatchAct.MEND, batch=batch_id, state=batch.state)
        yield batch


def find_item(session: Session, batch_id: int, number: int) -> Remark:
    """The stretch of that number.

    :raises NoSuchBatchError: if there is no such batch.
    :raises NoSuchItemError: if there is no such stretch.
    """
    find_batch(session, batch_id)
    remark = find_quarantined(session, batch_id, number)
    if remark is None:
        raise NoSuchItemError(batch_id, number)
    return remark


def find_open_item(session: Session, batch_id: int, number: int) -> Remark:
    """The same, of one that is neither repaired nor dismissed.

    :raises ItemSettledError: if it is.
    """
    remark = find_item(session, batch_id, number)
    if session.get(Resolution, (batch_id, number), populate_existing=True) is not None:
        raise ItemSettledError(batch_id, settled=True)
    return remark
