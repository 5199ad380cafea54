"""How far an import is, or what a worker does with the batch after it, and what it waits for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.batch import UNFINISHED, Balance, BatchAct, BatchState
from archive.domain.pace import Mark, Pace, pace
from archive.services.ingest.publish import find_batch
from archive.services.jobs import Jobs
from archive.store.batch_orders import find_order
from archive.store.batches import Batch, bytes_read
from archive.store.import_lock import import_under_way
from archive.store.import_runs import ImportRun, find_run
from archive.store.users import User
from archive.store.vault import Vault


class Course(StrEnum):
    """Where an import stands between its order and its end."""

    NOT_ORDERED = "not ordered"
    WAITS = "waits"
    RUNS = "runs"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"
    CUT_OFF = "cut off"
    PUBLISHING = "publishing"  # by a worker, or about to be
    ROLLING_BACK = "rolling back"
    ENDED = "ended"


MAY_STOP = (Course.WAITS, Course.RUNS)
MAY_GO_ON = (Course.STOPPED, Course.FAILED, Course.CUT_OFF)
_CHANGES = {BatchAct.PUBLISH: Course.PUBLISHING, BatchAct.ROLL_BACK: Course.ROLLING_BACK}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an import is."""

    state: BatchState
    course: Course
    done_bytes: int
    all_bytes: int
    balance: Balance
    publish: bool  # when it is complete
    failure: str | None
    undone: str | None  # why it was not published, or rolled back, though somebody ordered that
    seconds: float | None  # since it began or went on; None: it does not run
    pace: Pace | None
    stopped_by: str | None
    stopped_at: datetime | None
    ordered_by: str | None  # who has a worker publish it, or roll it back
    behind: str | None  # what another import that it waits for says of itself
    has_worker: bool

    @property
    def changes(self) -> bool:
        """Whether a worker publishes the batch or rolls it back, or is about to."""
        return self.course in _CHANGES.values()


def watch(session: Session, vault: Vault, jobs: Jobs, batch_id: int) -> Progress:
    """How far an import is.

    :raises NoSuchBatchError: if there is none.
    """
    batch, run, order = find_batch(session, batch_id), find_run(session, batch_id), find_order(session, batch_id)
    standing = order if order and order.stands else None
    under_way = import_under_way(vault.folder)
    runs = under_way is not None and under_way.startswith(f"batch {batch_id},")
    done, whole = bytes_read(session, batch_id)
    began_at = standing.began_at if standing else run.began_at if run and runs else None
    seconds = (now() - began_at).total_seconds() if began_at else None
    return Progress(
        state=batch.state,
        course=_CHANGES[standing.act] if standing else _course(batch, run, runs=runs),
        done_bytes=done,
        all_bytes=whole,
        balance=batch.sheet,
        publish=run is not None and run.publish,
        failure=batch.failure,
        undone=order.failure if order else None,
        seconds=seconds,
        pace=_pace(batch, run, done, whole, seconds) if run and runs and seconds is not None else None,
        stopped_by=session.get_one(User, run.stop_by).name if run and run.stop_by else None,
        stopped_at=run.stop_at if run else None,
        ordered_by=session.get_one(User, order.asked_by).name if order and order.asked_by else None,
        behind=None if runs else under_way,
        has_worker=jobs.has_worker(),
    )


def _course(batch: Batch, run: ImportRun | None, *, runs: bool) -> Course:
    if batch.state not in UNFINISHED:
        return Course.ENDED
    if runs:
        return Course.STOPPING if run and run.stop_at else Course.RUNS
    if run and run.wanted:
        return Course.WAITS
    if run and run.stop_at:
        return Course.STOPPED
    if batch.failure:
        return Course.FAILED
    return Course.CUT_OFF if batch.state is BatchState.IMPORTING else Course.NOT_ORDERED


def _pace(batch: Batch, run: ImportRun, done: int, whole: int, seconds: float) -> Pace | None:
    begun = Mark(posts=run.began_posts, size=run.began_bytes)
    return pace(begun=begun, reached=Mark(posts=batch.sheet.read, size=done), whole=whole, seconds=seconds)
