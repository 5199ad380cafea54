"""Batches: their states, inputs and balance sheets against what the ledger says of them."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import Session

from archive.domain.batch import STATE_WORDS, UNFINISHED, Balance, BatchAct, BatchState
from archive.domain.ledger import Entry
from archive.services.ingest.orders import START
from archive.services.verify.ledger import parsed
from archive.services.verify.quarantine import DISMISS, REPAIR, TAKE_BACK, quarantine_faults
from archive.store.batches import Batch, BatchInput, list_inputs
from archive.store.changes import count_absent, count_changed
from archive.store.collections import Collection
from archive.store.ledger import LedgerEntry, read_entries
from archive.store.sightings import count_posts_in_batch

_RECEIVE, _CORRECT = "receive", "correct"
_LEADS_TO: dict[str, tuple[BatchState, ...]] = {
    _RECEIVE: UNFINISHED,
    START: UNFINISHED,
    BatchAct.STOP: UNFINISHED,
    BatchAct.IMPORT: (BatchState.DRAFT,),
    BatchAct.PUBLISH: (BatchState.PUBLISHED,),
    BatchAct.ROLL_BACK: (BatchState.ROLLED_BACK,),
}

_MOVE_THE_SHEET = (BatchAct.IMPORT, REPAIR, DISMISS, TAKE_BACK)


def batch_faults(session: Session) -> Iterator[str]:
    """Yield where batches are not what the ledger says."""
    query = select(Batch, Collection.slug).join(Collection, Collection.id == Batch.collection_id).order_by(Batch.id)
    for batch, slug in session.execute(query.execution_options(yield_per=100)):
        entries = [*read_entries(session, subject=f"batch {batch.id}")]
        for fault in _faults(session, batch, slug, entries):
            yield f"Batch {batch.id}: {fault}"
    known = select(literal("batch ") + cast(Batch.id, String))
    lost = select(LedgerEntry.subject).where(LedgerEntry.act == _RECEIVE, LedgerEntry.subject.not_in(known))
    for subject in session.scalars(lost.order_by(LedgerEntry.number)):
        yield f"B{subject[1:]}: the ledger holds it, and the table of batches does not."


def _faults(session: Session, batch: Batch, slug: str, entries: Sequence[Entry]) -> Iterator[str]:
    by_act = {entry.act: parsed(entry.detail) for entry in entries}
    if _RECEIVE not in by_act:
        yield "the ledger does not know of it."
        return
    told = next(_LEADS_TO[entry.act] for entry in reversed(entries) if entry.act in _LEADS_TO)
    if batch.state not in told:
        words = " or ".join(STATE_WORDS[state] for state in told)
        yield f"it is {STATE_WORDS[batch.state]}, and the ledger says {words}."
    stands = _received(session, batch, slug)
    for name, what in by_act[_RECEIVE].items():
        if stands.get(name) != what:
            yield f"its {name} is {stands.get(name)}, and the ledger says {what}."
    yield from _correction_faults(session, batch, entries)
    if BatchAct.IMPORT in by_act:
        sheets = [parsed(entry.detail).get("balance") for entry in entries if entry.act in _MOVE_THE_SHEET]
        yield from _sheet_faults(session, batch, sheets[-1])
        yield from quarantine_faults(session, batch.id, entries)
        if REPAIR not in by_act:  # what was read in later may have changed more, and been taken back
            yield from _change_faults(session, batch, by_act[BatchAct.IMPORT].get("absent"))


def _correction_faults(session: Session, batch: Batch, entries: Sequence[Entry]) -> Iterator[str]:
    """What was corrected in this batch. What was taken over from an earlier one stands in that one's entries."""
    told: dict[tuple[int, str], str] = {}
    for entry in entries:
        if entry.act == _CORRECT:
            lines: Any = parsed(entry.detail).get("lines", [])
            told |= {(line["input"], str(line["offset"])): line["reading"] for line in lines}
    if not told:
        return
    stand = {input_.position: input_.corrections for input_ in list_inputs(session, batch.id)}
    for (position, offset), reading in told.items():
        found = stand.get(position, {}).get(offset)
        if found != reading:
            yield f"the line at {offset} of its input {position} is read as {found}, and the ledger says {reading}."


def _received(session: Session, batch: Batch, slug: str) -> dict[str, object]:
    """A batch as the entry of its receipt tells it."""
    given = select(func.count(), func.coalesce(func.sum(BatchInput.size), 0))
    received = BatchInput.batch_id == batch.id, BatchInput.repairs.is_(None)
    files, size = session.execute(given.where(*received)).one()
    return {"collection": slug, "files": files, "bytes": int(size), "inputs": batch.inputs_digest}


def _sheet_faults(session: Session, batch: Batch, told: object) -> Iterator[str]:
    if batch.balance != told:
        yield "its balance sheet is not the one that the ledger holds."
        return
    sheet, held = Balance(**batch.balance), count_posts_in_batch(session, batch.id)
    if held < sheet.added + sheet.unchanged:
        yield f"it brought {sheet.added + sheet.unchanged:,} posts or more, and {held:,} of them are there."


def _change_faults(session: Session, batch: Batch, told: object) -> Iterator[str]:
    sheet, changed, absent = batch.sheet, count_changed(session, batch.id), count_absent(session, batch.id)
    if changed != sheet.changed:
        yield f"it changed {sheet.changed:,} posts, and {changed:,} changes are noted."
    if absent != (told or 0):
        yield f"{absent:,} posts are noted as absent from it, and the ledger says {told or 0:,}."
