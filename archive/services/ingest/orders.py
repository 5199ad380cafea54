"""What an archivist orders at the web: read a batch in, stop, go on. The orders stand in the database, for a worker."""

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.batch import BatchAct, BatchState, BatchStateError, after
from archive.errors import ArchiveError
from archive.services.ingest.publish import find_batch
from archive.services.ledger import Actor, record
from archive.services.transaction import writing
from archive.store.import_runs import ImportRun, find_run, run_over
from archive.store.users import User

START = "start import"  # the ledger's word for an order to begin, or to go on
_MOST_TRIES = 5


class WorkerKilledError(ArchiveError):
    """Workers end while they read in a batch, and none gets any further."""

    def __init__(self, tries: int) -> None:
        super().__init__(f"The worker ended {tries} times at the same place, perhaps for want of memory.")


def start(session: Session, batch_id: int, *, by: Actor, publish_it: bool, instance: str | None = None) -> None:
    """Want a batch read in, from where it stands.

    :param instance: the data folder whose worker is to do it; None: that of any.
    :raises BatchStateError: if it is not waiting to be read.
    :raises NoSuchBatchError: if there is none.
    """
    with writing(session):
        batch = find_batch(session, batch_id, to_change=True)
        after(BatchAct.IMPORT, batch=batch_id, state=batch.state)
        run = run_over(session, batch_id)
        if run.wanted and run.publish is publish_it:
            return
        run.wanted, run.publish = True, publish_it
        run.asked_by, run.asked_at, run.instance = by.user_id, now(), instance
        _take_up(run)
        batch.failure = None
        detail: dict[str, object] = {"publish": publish_it, "read before": batch.sheet.read}
        record(session, by=by, act=START, subject=f"batch {batch_id}", detail=detail)


def stop(session: Session, batch_id: int, *, by: Actor) -> None:
    """Let the import end after the chunk under way, or not begin. What was read stays; it can go on, or be rolled back.

    :raises BatchStateError: if it neither waits nor is under way.
    :raises NoSuchBatchError: if there is none.
    """
    with writing(session):
        batch = find_batch(session, batch_id, to_change=True)
        after(BatchAct.STOP, batch=batch_id, state=batch.state)
        run = run_over(session, batch_id)
        if run.stop_at is not None:
            return
        if batch.state is BatchState.RECEIVED and not run.wanted:
            raise BatchStateError(batch_id, batch.state, BatchAct.STOP)
        run.wanted = False
        run.stop_by, run.stop_at = by.user_id, now()
        detail: dict[str, object] = {"read before": batch.sheet.read}
        record(session, by=by, act=BatchAct.STOP, subject=f"batch {batch_id}", detail=detail)


def go_on_here(session: Session, batch_id: int, *, by: Actor) -> None:
    """Take up an import that was stopped, in this process and not in a worker.

    :raises NoSuchBatchError: if there is none.
    """
    with writing(session):
        batch = find_batch(session, batch_id, to_change=True)
        run = find_run(session, batch_id)
        if run is None or run.stop_at is None:
            return
        _take_up(run)
        detail: dict[str, object] = {"read before": batch.sheet.read}
        record(session, by=by, act=START, subject=f"batch {batch_id}", detail=detail)


def give_up(session: Session, batch_id: int, *, failure: str) -> None:
    """Want a batch no longer, since it cannot be read in; `failure` says why."""
    with writing(session):
        batch = find_batch(session, batch_id, to_change=True)
        run_over(session, batch_id).wanted = False
        batch.failure = failure


def put_back(session: Session, batch_id: int) -> None:
    """Let a batch wait for a worker again, because of nothing that is wrong with it: that was no try."""
    with writing(session):
        find_batch(session, batch_id, to_change=True).failure = None
        run_over(session, batch_id).began_at = None


def ordered(session: Session, batch_id: int, *, instance: str) -> tuple[Actor, bool] | None:
    """Who wants the batch read in, and whether it is to be published then; None: nobody does, of this data folder.

    :raises WorkerKilledError: if workers were killed at it again and again, none of them getting any further.
    """
    session.rollback()
    run = find_run(session, batch_id)
    if run is None or not run.wanted or run.instance not in (None, instance):
        return None
    if run.tries >= _MOST_TRIES:
        raise WorkerKilledError(run.tries)
    return Actor.of(session.get(User, run.asked_by) if run.asked_by else None), run.publish


def _take_up(run: ImportRun) -> None:
    run.stop_by = run.stop_at = run.began_at = None
    run.tries = 0
