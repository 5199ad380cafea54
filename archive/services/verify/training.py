"""Weights that were learned here, and which of them are in force, against the ledger."""

from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.services.training import TRAIN, UNDO, in_ledger
from archive.services.verify.ledger import parsed
from archive.store.ledger import LedgerEntry
from archive.store.trained import TrainedModel


def training_faults(session: Session) -> Iterator[str]:
    """Yield where weights, or what is in force, are not what the ledger says."""
    learned, in_force = _told(session)
    used = None
    for model in session.scalars(select(TrainedModel).order_by(TrainedModel.id).execution_options(yield_per=1)):
        used = model.engine if model.in_force else used
        hashed = learned.pop(model.engine, None)
        if hashed is None:
            yield f"Weights {model.engine}: the ledger does not know of them."
        elif hashed != sha256(model.weights.encode()).hexdigest():
            yield f"Weights {model.engine}: they are not those that were learned."
    for engine in learned:
        yield f"Weights {engine}: the ledger holds them, and the table of weights does not."
    if used != in_force:
        program = "those of the program"
        yield f"Weights: in force are {used or program}, and the ledger says {in_force or program}."


def _told(session: Session) -> tuple[dict[str, object], object]:
    """The hashes of learned weights by engine, and the engine in force; None for that of the program."""
    query = select(LedgerEntry).where(LedgerEntry.act.in_((TRAIN, UNDO))).order_by(LedgerEntry.number)
    learned: dict[str, object] = {}
    in_force: object = None
    for entry in session.scalars(query):
        detail = parsed(entry.detail)
        if entry.act == TRAIN:
            in_force = engine = entry.subject.removeprefix(in_ledger(""))
            learned[engine] = detail.get("weights")
        else:
            in_force = detail.get("in_force")
    return learned, in_force
