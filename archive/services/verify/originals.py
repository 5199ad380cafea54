"""Originals: whether each is held, with the bytes and the size under which it was received."""

from collections.abc import Callable, Iterator
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.ids import Sha256
from archive.store.batches import BatchInput
from archive.store.blocks import BytesDamagedError
from archive.store.originals import Original, known_originals
from archive.store.sealed import PurgedOriginal, purged_originals
from archive.store.vault import BytesMissingError, Vault, hash_pieces, pieces_of

_AT_ONCE = 1000
_ORIGINALS = select(Original.sha256, Original.name, Original.size).order_by(Original.sha256)
_OTHER_SIZES = (
    select(BatchInput.batch_id, BatchInput.name, BatchInput.size, Original.size.label("received"))
    .join(Original, Original.sha256 == BatchInput.original)
    .where(BatchInput.size != Original.size)
    .order_by(BatchInput.batch_id, BatchInput.position)
)


def original_faults(session: Session, vault: Vault, say: Callable[[str], None]) -> Iterator[str]:
    """Yield what is wrong with bytes that were received, and with what is known of them."""
    looked_at, purged = 0, purged_originals(session)
    for row in session.execute(_ORIGINALS.execution_options(yield_per=_AT_ONCE)):
        looked_at += 1
        fault = _fault(vault, row.sha256, row.size, purged.get(row.sha256))
        if fault:
            yield f"Original {row.sha256} ({row.name}): {fault}"
    for batch, name, size, received in session.execute(_OTHER_SIZES.execution_options(yield_per=_AT_ONCE)):
        yield f"Batch {batch}: {name} is said to have {size:,} bytes, and its original {received:,}."
    _tell_unnamed(session, vault, say)
    say(f"Originals looked at: {looked_at:,}.")


def _fault(vault: Vault, sha256: Sha256, size: int, purged: PurgedOriginal | None) -> str | None:
    if purged is not None and purged.sha256 is None:
        return "it was purged, and is there again." if vault.holds_packed(sha256) else None
    try:
        with vault.open(sha256) as file:
            found = hash_pieces(pieces_of(file))
    except BytesDamagedError as error:
        return f"its bytes are not those that were received; {error.reason}."
    except (BytesMissingError, OSError) as error:
        return str(error)
    if purged is not None:
        return _purged_fault(purged, found.sha256)
    if found.sha256 != sha256:
        return (
            f"its bytes are not those that were received; "
            f"they hash to {found.sha256}, {found.size:,} bytes instead of {size:,}."
        )
    return None if found.size == size else f"it is said to have {size:,} bytes, and has {found.size:,}."


def _purged_fault(purged: PurgedOriginal, found: Sha256) -> str | None:
    if found == purged.sha256:
        return None
    if found == purged.original:
        return "bytes of it were purged, and are there again; the next import purges them anew."
    return f"its bytes are not those that were left when a part of it was purged; they hash to {found}."


def _tell_unnamed(session: Session, vault: Vault, say: Callable[[str], None]) -> None:
    held = vault.hashes()
    while names := [*islice(held, _AT_ONCE)]:
        known = known_originals(session, names)
        for name in names:
            if name not in known:
                say(f"File {name} lies in the vault, and no batch names it; it may be from an import that was cut off.")
