"""Repairing: what an archivist made of a stretch is received, read, and entered into the same batch, in one commit."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.batch import Balance, BatchAct, BatchState, after
from archive.domain.ids import Sha256
from archive.domain.quarantine import Resolved
from archive.services.ingest.chunks import Chunk
from archive.services.ingest.delivery import ReceivingStoppedError
from archive.services.ingest.entering import Entering
from archive.services.ingest.publish import find_batch
from archive.services.ingest.showing import refresh_public
from archive.services.ledger import Actor, record
from archive.services.quarantine.items import find_open_item, mending
from archive.services.quarantine.reading import read_repaired
from archive.services.quarantine.units import unit_of
from archive.store.batches import Batch, BatchInput, Remark
from archive.store.import_lock import import_lock
from archive.store.originals import Original, known_originals
from archive.store.quarantine import Resolution, next_position
from archive.store.sightings import count_threads_in_batch
from archive.store.vault import Vault, hash_pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """Repaired bytes, and what was read from them."""

    name: str
    sha256: Sha256
    size: int  # bytes
    chunks: list[Chunk]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """What a repair brought."""

    moved: Balance  # the counts by which it moved the sheet
    public: bool


def repair(session: Session, vault: Vault, batch_id: int, number: int, *, text: str, by: Actor) -> Repaired:
    """Read a stretch with another text, and enter its posts; in a published batch they are public at once.

    :raises NoSuchItemError: if there is no such stretch.
    :raises ItemSettledError: if it was repaired or dismissed before.
    :raises NotMendableError: if it cannot be repaired by itself.
    :raises NotWritableError: if the text cannot be written in its encoding.
    :raises StillUnreadableError: if it cannot be read. Nothing was kept then.
    :raises ImportRunningError: if an import is under way.
    :raises BatchStateError: if the batch is not complete, or was rolled back.
    """
    with import_lock(session, vault.folder, what=f"a repair in batch {batch_id}"):
        batch = find_batch(session, batch_id)
        after(BatchAct.MEND, batch=batch_id, state=batch.state)
        made, raw = _read(session, vault, batch, find_open_item(session, batch_id, number), text=text, by=by)
        _keep(vault, raw)
        with mending(session, batch_id) as batch:
            entering, position = Entering(session, batch), next_position(session, batch_id)
            remark = find_open_item(session, batch_id, number)
            resolution = enter(session, entering, batch, remark, made)
            count_again(session, entering, batch)
            entry = record(
                session, by=by, act="repair", subject=f"batch {batch_id}", detail=_detail(remark, made, batch)
            )
            resolution.act = entry.number
            if batch.state is BatchState.PUBLISHED:
                entering.note_circles(refresh_public(session, batch_id, now=now(), positions=(position, position)))
            public = batch.state is BatchState.PUBLISHED
            moved = resolution.sheet
        entering.settle()
    return Repaired(moved=moved, public=public)


def enter(session: Session, entering: Entering, batch: Batch, remark: Remark, made: Repair) -> Resolution:
    """Enter a repair into a batch: its original, its input, its posts, and that the stretch is repaired."""
    if made.sha256 not in known_originals(session, [made.sha256]):
        session.execute(
            insert(Original),
            [{"sha256": made.sha256, "size": made.size, "name": made.name, "received_at": now()}],
        )
    way = next(way for chunk in made.chunks for way in chunk.ways.values())
    readings = entering.ensure_readings({0: way})
    before = replace(entering.balance)
    for chunk in made.chunks:
        entering.enter(chunk, readings)
    session.add(
        BatchInput(
            batch_id=batch.id,
            position=next_position(session, batch.id),
            original=made.sha256,
            name=made.name,
            size=made.size,
            reading_id=readings[0],
            corrections={},
            done_bytes=made.size,
            done=True,
            repairs=remark.number,
        )
    )
    entering.balance.move(Balance(read=-1, quarantined=-1, bytes_received=made.size))
    resolution = Resolution(
        batch_id=batch.id,
        number=remark.number,
        outcome=Resolved.REPAIRED,
        reason=None,
        words="",
        moved=_difference(before, entering.balance),
        act=None,
    )
    session.add(resolution)
    return resolution


def count_again(session: Session, entering: Entering, batch: Batch) -> None:
    """Let the batch have the sheet as it is now."""
    session.flush()
    entering.balance.threads = count_threads_in_batch(session, batch.id)
    batch.balance = entering.balance.as_dict()


def _read(
    session: Session, vault: Vault, batch: Batch, remark: Remark, *, text: str, by: Actor
) -> tuple[Repair, bytes]:
    unit = unit_of(session, vault, remark)
    raw = unit.encode(text)
    file = remark.name.rpartition("/")[2]
    name = f"repair of {file}, bytes {unit.offset}–{unit.offset + unit.length}, by {by.name}"
    chunks = read_repaired(session, vault, batch, raw, name=name, stood_in=unit.input, format_name=unit.format)
    kept = hash_pieces([raw])
    return Repair(name=name, sha256=kept.sha256, size=kept.size, chunks=chunks), raw


def _keep(vault: Vault, raw: bytes) -> None:
    try:
        with vault.receiving() as receiver:
            receiver.keep([raw])
    except OSError as error:
        raise ReceivingStoppedError(error.strerror or str(error)) from error


def _difference(before: Balance, after_: Balance) -> dict[str, int]:
    moved = replace(after_)
    moved.move(before, back=True)
    return moved.as_dict()


def _detail(remark: Remark, made: Repair, batch: Batch) -> dict[str, Any]:
    return {
        "item": remark.number,
        "of": {"original": remark.original, "offset": remark.offset, "length": remark.length},
        "repaired": {"original": made.sha256, "bytes": made.size},
        "balance": batch.balance,
    }
