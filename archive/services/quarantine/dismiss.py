"""Dismissing what could not be read, for a reason; and taking back a dismissal or a repair."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.batch import Balance, BatchState
from archive.domain.quarantine import Dismissal, Resolved, check_dismissal, runs
from archive.services.ingest.entering import Entering
from archive.services.ingest.showing import refresh_public
from archive.services.ledger import Actor, record
from archive.services.quarantine.items import ItemSettledError, NoSuchItemError, mending
from archive.services.quarantine.repair import count_again
from archive.store.batches import Batch
from archive.store.import_lock import import_lock
from archive.store.quarantine import (
    Resolution,
    find_repair,
    known_numbers,
    list_resolutions,
    remove_resolutions,
)
from archive.store.vault import Vault

_ONE_DISMISSED = Balance(quarantined=-1, dismissed=1)


def dismiss(
    session: Session, batch_id: int, numbers: Sequence[int], *, reason: Dismissal, words: str, by: Actor
) -> int:
    """Say why stretches are left unread; the number of the act, by which all of them can be taken back.

    :raises DismissalError: if that is no reason.
    :raises NoSuchItemError: if one of the stretches is not there.
    :raises ItemSettledError: if one of them was repaired or dismissed before, or none is named.
    :raises BatchStateError: if the batch is not complete, or was rolled back.
    """
    words = words.strip()
    check_dismissal(reason, words)
    with mending(session, batch_id) as batch:
        _check_open(session, batch_id, numbers)
        entering = Entering(session, batch)
        for _ in numbers:
            entering.balance.move(_ONE_DISMISSED)
        count_again(session, entering, batch)
        detail: dict[str, object] = {"items": runs(numbers), "reason": reason.value, "balance": batch.balance}
        if words:
            detail["words"] = words
        entry = record(session, by=by, act="dismiss", subject=f"batch {batch_id}", detail=detail)
        session.add_all(dismissal(batch_id, number, reason, words, act=entry.number) for number in numbers)
    return entry.number


def dismissal(batch_id: int, number: int, reason: Dismissal | None, words: str, *, act: int | None) -> Resolution:
    """The row that says that a stretch was dismissed."""
    return Resolution(
        batch_id=batch_id,
        number=number,
        outcome=Resolved.DISMISSED,
        reason=reason,
        words=words,
        moved=_ONE_DISMISSED.as_dict(),
        act=act,
    )


def take_back(session: Session, vault: Vault, batch_id: int, numbers: Sequence[int], *, by: Actor) -> int:
    """Let stretches be in quarantine again; how many. What only a repair brought leaves the archive, as in a roll-back.

    :raises ItemSettledError: if one of them is neither repaired nor dismissed, or none is named.
    :raises ImportRunningError: if an import is under way.
    :raises BatchStateError: if the batch is not complete, or was rolled back.
    """
    with import_lock(session, vault.folder, what=f"a repair in batch {batch_id}"), mending(session, batch_id) as batch:
        resolutions = list_resolutions(session, batch_id, numbers=numbers)
        if not numbers or len(resolutions) != len(set(numbers)):
            raise ItemSettledError(batch_id, settled=False)
        entering = Entering(session, batch)
        for resolution in resolutions:
            entering.balance.move(resolution.sheet, back=True)
            if resolution.outcome is Resolved.REPAIRED:
                _take_out(session, entering, batch, resolution.number)
        remove_resolutions(session, batch_id, numbers)
        count_again(session, entering, batch)
        detail: dict[str, object] = {"items": runs(numbers), "balance": batch.balance}
        record(session, by=by, act="take back", subject=f"batch {batch_id}", detail=detail)
    return len(resolutions)


def take_back_act(session: Session, vault: Vault, batch_id: int, act: int, *, by: Actor) -> int:
    """Take back what is left of all that one act dismissed.

    :raises ItemSettledError: if nothing is.
    """
    numbers = [resolution.number for resolution in list_resolutions(session, batch_id, act=act)]
    return take_back(session, vault, batch_id, numbers, by=by)


def _take_out(session: Session, entering: Entering, batch: Batch, number: int) -> None:
    """Let the batch no longer hold what a repair brought. The bytes stay in the vault."""
    input_ = find_repair(session, batch.id, number)
    if input_ is None:
        return
    input_.done_bytes, input_.done = 0, False
    session.flush()
    if batch.state is BatchState.PUBLISHED:
        circles = refresh_public(session, batch.id, now=now(), positions=(input_.position, input_.position))
        entering.note_circles(circles)
    session.delete(input_)
    session.flush()


def _check_open(session: Session, batch_id: int, numbers: Sequence[int]) -> None:
    known = known_numbers(session, batch_id, numbers)
    for number in numbers:
        if number not in known:
            raise NoSuchItemError(batch_id, number)
    if not numbers or list_resolutions(session, batch_id, numbers=numbers):
        raise ItemSettledError(batch_id, settled=True)
