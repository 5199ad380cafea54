"""Publishing and rolling back by a worker: of a large batch both take longer than a browser should wait."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.batch import TRANSITIONS, BatchAct, BatchState, after
from archive.errors import ArchiveError
from archive.services.ingest.publish import find_batch, fit_reason, publish_within, roll_back_within
from archive.services.ledger import Actor
from archive.services.transaction import writing
from archive.store.batch_orders import BatchOrder, find_order
from archive.store.users import User

AT_ONCE = 10_000  # posts: publishing them takes a second or two
MOST_TRIES = 3

_BEING_DONE = {BatchAct.PUBLISH: "published", BatchAct.ROLL_BACK: "rolled back"}


class OrderedError(ArchiveError):
    """Something else is being done with the batch."""

    def __init__(self, batch_id: int, act: BatchAct) -> None:
        super().__init__(f"Batch {batch_id} is being {_BEING_DONE[act]}. Wait until that has ended.")


def takes_long(session: Session, batch_id: int, act: BatchAct) -> bool:
    """Whether an act on a batch changes so much of what readers see that a worker should do it, or does something.

    :raises NoSuchBatchError: if there is none.
    """
    batch, ordered = find_batch(session, batch_id), find_order(session, batch_id)
    if ordered is not None and ordered.stands:
        return True
    changes_pages = BatchState.PUBLISHED in (batch.state, TRANSITIONS[act].get(batch.state))
    return changes_pages and batch.sheet.read > AT_ONCE


def order(session: Session, batch_id: int, act: BatchAct, *, by: Actor, instance: str, reason: str = "") -> None:
    """Have a worker publish a batch, or roll it back.

    :param instance: the data folder whose worker is to do it.
    :param reason: of a roll-back, for the ledger.
    :raises BatchStateError: if that cannot be done with it.
    :raises NoSuchBatchError: if there is none.
    :raises OrderedError: if something else is being done with it.
    :raises ReasonTooLongError: if the reason is longer than its field.
    """
    reason = fit_reason(reason)
    with writing(session):
        batch = find_batch(session, batch_id, to_change=True)
        after(act, batch=batch_id, state=batch.state)
        ordered = find_order(session, batch_id)
        if ordered is not None and ordered.stands:
            if ordered.act is not act:
                raise OrderedError(batch_id, ordered.act)
            return
        if ordered is not None:
            session.delete(ordered)
            session.flush()
        session.add(
            BatchOrder(
                batch_id=batch_id,
                act=act,
                reason=reason,
                asked_by=by.user_id,
                asked_at=now(),
                instance=instance,
                began_at=None,
                tries=0,
                failure=None,
            )
        )


def carry_out(session: Session, batch_id: int, *, instance: str) -> None:
    """Do what was ordered, and drop the order, in one transaction; nothing where nothing is ordered.

    :raises BatchStateError: if that can no longer be done with it.
    """
    with writing(session):
        find_batch(session, batch_id, to_change=True)
        ordered = find_order(session, batch_id)
        if ordered is None or not ordered.stands or ordered.instance != instance:
            return
        if ordered.tries >= MOST_TRIES:
            ordered.failure = f"The worker ended {ordered.tries} times while it did so, perhaps for want of memory."
            return
        ordered.began_at, ordered.tries = now(), ordered.tries + 1  # before the work, which may kill us
        act, reason, asked_by = ordered.act, ordered.reason, ordered.asked_by
    by = Actor.of(session.get(User, asked_by) if asked_by else None)
    with writing(session):
        session.execute(delete(BatchOrder).where(BatchOrder.batch_id == batch_id))
        if act is BatchAct.PUBLISH:
            publish_within(session, batch_id, by=by)
        else:
            roll_back_within(session, batch_id, reason=reason, by=by)


def drop(session: Session, batch_id: int) -> None:
    """Want nothing done with a batch any more: it can no longer be done."""
    with writing(session):
        session.execute(delete(BatchOrder).where(BatchOrder.batch_id == batch_id))


def give_up(session: Session, batch_id: int, *, failure: str) -> None:
    """Say why it was not done. It is tried again when somebody asks for it."""
    with writing(session):
        ordered = find_order(session, batch_id)
        if ordered is not None:
            ordered.failure = failure


def put_back(session: Session, batch_id: int) -> None:
    """Let it wait for a worker again, because of nothing that is wrong with it: that was no try."""
    with writing(session):
        ordered = find_order(session, batch_id)
        if ordered is not None:
            ordered.began_at, ordered.tries = None, max(0, ordered.tries - 1)
