"""What could not be read: what became of it, against what the ledger says, and the bytes that mend it."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.batch import BatchAct
from archive.domain.ledger import Entry
from archive.domain.quarantine import Resolved, numbers_in
from archive.services.verify.ledger import parsed
from archive.store.batches import BatchInput
from archive.store.quarantine import list_resolutions

REPAIR, DISMISS, TAKE_BACK = "repair", "dismiss", "take back"


def quarantine_faults(session: Session, batch_id: int, entries: Sequence[Entry]) -> Iterator[str]:
    """Yield where a batch's quarantine is not what the ledger says."""
    told = _told(entries)
    stands = {row.number: row.outcome for row in list_resolutions(session, batch_id)}
    for number in sorted(told.keys() | stands.keys()):
        is_, said = stands.get(number, "neither"), told.get(number, "neither")
        if is_ != said:
            yield f"stretch {number} of its quarantine is {is_}, and the ledger says {said} (repaired or dismissed)."
    query = select(BatchInput.repairs).where(BatchInput.batch_id == batch_id, BatchInput.repairs.is_not(None))
    mended = {number for number in session.scalars(query) if number is not None}
    repaired = {number for number, outcome in stands.items() if outcome is Resolved.REPAIRED}
    for number in sorted(mended ^ repaired):
        yield f"stretch {number} of its quarantine and the bytes that are said to mend it do not go together."


def _told(entries: Sequence[Entry]) -> dict[int, Resolved]:
    told: dict[int, Resolved] = {}
    for entry in entries:
        detail: dict[str, Any] = parsed(entry.detail)
        if entry.act == BatchAct.IMPORT:
            for outcome in Resolved:
                told |= dict.fromkeys(numbers_in(detail.get(outcome.value, ())), outcome)
        elif entry.act == REPAIR:
            told[detail["item"]] = Resolved.REPAIRED
        elif entry.act == DISMISS:
            told |= dict.fromkeys(numbers_in(detail["items"]), Resolved.DISMISSED)
        elif entry.act == TAKE_BACK:
            for number in numbers_in(detail["items"]):
                told.pop(number, None)
    return told
