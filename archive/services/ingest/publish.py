"""Publishing a batch, and rolling it back: each one step, each in the ledger, nothing destroyed."""

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.batch import BatchAct, BatchState, after
from archive.errors import ArchiveError
from archive.services.ingest.entering import Entering
from archive.services.ingest.showing import refresh_public
from archive.services.ledger import Actor, record
from archive.services.transaction import writing
from archive.store.batches import Batch
from archive.store.planner import MANY, look_at_tables
from archive.store.publishing import publishing_lock

MAX_REASON = 2_000  # characters


class NoSuchBatchError(ArchiveError):
    """There is no batch of that number."""

    def __init__(self, batch_id: int) -> None:
        self.batch_id = batch_id
        super().__init__(f"There is no batch {batch_id}.")


class ReasonTooLongError(ArchiveError):
    """A reason is longer than its field."""

    def __init__(self) -> None:
        super().__init__(f"A reason has at most {MAX_REASON:,} characters.")


def publish(session: Session, batch_id: int, *, by: Actor) -> None:
    """Make a draft public as a whole.

    :raises BatchStateError: if it is not a complete draft.
    :raises NoSuchBatchError: if there is none.
    """
    with writing(session):
        publish_within(session, batch_id, by=by)


def publish_within(session: Session, batch_id: int, *, by: Actor) -> None:
    """The same, in the transaction of the caller."""
    _change(session, batch_id, BatchAct.PUBLISH)
    record(session, by=by, act="publish", subject=f"batch {batch_id}", detail={})


def roll_back(session: Session, batch_id: int, *, reason: str, by: Actor) -> None:
    """Take a batch out of the archive as a whole. What another live batch contains too stays.

    :raises BatchStateError: if it was rolled back before.
    :raises NoSuchBatchError: if there is none.
    :raises ReasonTooLongError: if the reason is longer than its field.
    """
    reason = fit_reason(reason)
    with writing(session):
        roll_back_within(session, batch_id, reason=reason, by=by)


def roll_back_within(session: Session, batch_id: int, *, reason: str, by: Actor) -> None:
    """The same, in the transaction of the caller."""
    was = _change(session, batch_id, BatchAct.ROLL_BACK)
    detail: dict[str, object] = {"reason": reason, "was": was.value}
    record(session, by=by, act="roll back", subject=f"batch {batch_id}", detail=detail)


def fit_reason(reason: str) -> str:
    """A reason as the ledger keeps it.

    :raises ReasonTooLongError: if it is longer than its field.
    """
    reason = reason.strip()
    if len(reason) > MAX_REASON:
        raise ReasonTooLongError
    return reason


def find_batch(session: Session, batch_id: int, *, to_change: bool = False) -> Batch:
    """The batch; one that is to be changed is held until the commit.

    :raises NoSuchBatchError: if there is none.
    """
    batch = session.get(Batch, batch_id, populate_existing=True, with_for_update=to_change or None)
    if batch is None:
        raise NoSuchBatchError(batch_id)
    return batch


def _change(session: Session, batch_id: int, act: BatchAct) -> BatchState:
    publishing_lock(session)
    batch = find_batch(session, batch_id, to_change=True)
    was = batch.state
    batch.state = after(act, batch=batch_id, state=was)
    session.flush()
    if BatchState.PUBLISHED in (was, batch.state):  # otherwise readers see nothing of it before and after
        Entering(session, batch).note_circles(refresh_public(session, batch_id, now=now()))
        if batch.sheet.read >= MANY:
            look_at_tables(session)
    return was
