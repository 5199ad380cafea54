"""Importing again what was repaired or dismissed before: it is repaired or dismissed as it was last."""

from collections.abc import Callable, Iterator
from functools import partial

from sqlalchemy.orm import Session

from archive.domain.quarantine import Resolved, runs
from archive.services.ingest.entering import Entering
from archive.services.quarantine.dismiss import dismissal
from archive.services.quarantine.reading import StillUnreadableError, read_repaired
from archive.services.quarantine.repair import Repair, enter
from archive.store.batches import Batch, BatchInput
from archive.store.blocks import BytesLostError
from archive.store.quarantine import (
    Precedent,
    find_precedents,
    find_quarantined,
    find_repair,
    input_with,
    list_resolutions,
)
from archive.store.vault import Vault

TakeOver = Callable[[Entering], None]  # to be called in a transaction


def precedents(session: Session, vault: Vault, batch: Batch) -> Iterator[TakeOver]:
    """Yield what there is to be done in a batch whose inputs have been read."""
    for precedent in find_precedents(session, batch.id):
        if precedent.resolution.outcome is Resolved.DISMISSED:
            yield partial(_dismiss, session, batch, precedent)
        elif (input_ := find_repair(session, precedent.resolution.batch_id, precedent.resolution.number)) is not None:
            yield partial(_repair, session, vault, batch, number=precedent.number, before=input_)


def what_was_taken_over(session: Session, batch_id: int) -> dict[str, object]:
    """Which stretches of a batch that ends are repaired or dismissed by then, for the ledger."""
    resolutions = list_resolutions(session, batch_id)
    by_outcome = {outcome: runs(row.number for row in resolutions if row.outcome is outcome) for outcome in Resolved}
    return {outcome.value: numbers for outcome, numbers in by_outcome.items() if numbers}


def mark_taken_over(session: Session, batch_id: int, *, act: int) -> None:
    """Let them name the entry of the ledger that tells of them."""
    for resolution in list_resolutions(session, batch_id):
        resolution.act = act


def _dismiss(session: Session, batch: Batch, precedent: Precedent, entering: Entering) -> None:
    before = precedent.resolution
    ours = dismissal(batch.id, precedent.number, before.reason, before.words, act=None)
    session.add(ours)
    entering.balance.move(ours.sheet)


def _repair(
    session: Session, vault: Vault, batch: Batch, entering: Entering, *, number: int, before: BatchInput
) -> None:
    """What can no longer be read, since the program has changed, stays in quarantine."""
    remark = find_quarantined(session, batch.id, number)
    found = input_with(session, remark) if remark is not None else None
    if remark is None or found is None:
        return
    try:
        with vault.open(before.original) as file:
            raw = file.read()
        chunks = read_repaired(session, vault, batch, raw, name=before.name, stood_in=found[0], format_name=found[1])
    except (BytesLostError, StillUnreadableError):
        return
    enter(
        session, entering, batch, remark, Repair(name=before.name, sha256=before.original, size=len(raw), chunks=chunks)
    )
