"""The ledger: a chain in which every entry holds the hash of the one before it.

Editing, removing or swapping entries breaks the chain; cutting off its end is seen
because the head is kept apart.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from archive.domain.ids import Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a chain ends."""

    number: int
    sha256: Sha256


GENESIS = Head(number=0, sha256=Sha256("0" * 64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One decision, as it is hashed and shown."""

    number: int
    at: datetime  # aware, UTC
    actor: str
    act: str
    subject: str
    detail: str  # canonical JSON
    previous: Sha256
    sha256: Sha256


def chain(head: Head, *, at: datetime, actor: str, act: str, subject: str, detail: dict[str, object]) -> Entry:
    """The entry that follows the head."""
    entry = Entry(
        number=head.number + 1,
        at=at,
        actor=actor,
        act=act,
        subject=subject,
        detail=json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        previous=head.sha256,
        sha256=Sha256(""),
    )
    return replace(entry, sha256=_hash(entry))


def find_faults(entries: Iterable[Entry], head: Head) -> Iterator[str]:
    """Yield a sentence for everything that is wrong with the chain, naming its place."""
    last = GENESIS
    for entry in entries:
        if entry.number != last.number + 1:
            yield f"Ledger: after entry {last.number} comes entry {entry.number}; what lay between is missing."
        elif entry.previous != last.sha256:
            yield f"Ledger entry {entry.number}: it does not follow from entry {last.number} as that stands now."
        if _hash(entry) != entry.sha256:
            yield f"Ledger entry {entry.number}: its text is not the one that was hashed when it was written."
        last = Head(number=entry.number, sha256=entry.sha256)
    if last != head:
        yield f"Ledger: it ends with entry {last.number}, but entry {head.number} was the last one written."


def _hash(entry: Entry) -> Sha256:
    """The hash of all that an entry says, whatever hash it carries."""
    moment = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [entry.number, moment, entry.actor, entry.act, entry.subject, entry.detail, entry.previous]
    text = json.dumps(said, ensure_ascii=False)
    return Sha256(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
