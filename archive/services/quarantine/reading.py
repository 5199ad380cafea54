"""Reading what was repaired, by the reader of its format, into the chunks that an import would enter."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from io import BytesIO

from sqlalchemy.orm import Session

from archive.domain.ids import CollectionSlug, PostKey, ThreadKey, numbered_post_address
from archive.domain.records import KeyBasis, PostRecord, Unreadable
from archive.errors import ArchiveError
from archive.services.ingest.chunks import Chunk, Source, Stretch, read_chunks
from archive.services.ingest.inputs import Beside, Companion, is_companion
from archive.services.ingest.sites import numbers_taken
from archive.store.batches import Batch, BatchInput, list_inputs
from archive.store.collections import Collection
from archive.store.quarantine import threads_of
from archive.store.vault import Vault, hash_pieces

_MOST_REASONS = 5
_NO_FORMAT = "none"  # of a file that was in none that is known


class StillUnreadableError(ArchiveError):
    """What was repaired cannot be read either. Nothing was written."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = reasons
        super().__init__(f"It still cannot be read. {' '.join(reasons)}")


def read_repaired(
    session: Session, vault: Vault, batch: Batch, raw: bytes, *, name: str, stood_in: BatchInput, format_name: str
) -> list[Chunk]:
    """What repaired bytes hold, as of an input of the batch, whose position is 0 here.

    :param name: of the repaired bytes.
    :param stood_in: the input that holds what was repaired, and `format_name` its format.
    :raises StillUnreadableError: if any of it cannot be read, or no post comes out of it.
    """
    inputs = list_inputs(session, batch.id, received=True)
    beside = Beside(
        (input_.name, Companion(input_.original, partial(vault.open, input_.original)))
        for input_ in inputs
        if is_companion(input_.name)
    )
    source = Source(
        position=0,
        name=name,
        original=hash_pieces([raw]).sha256,
        size=len(raw),
        open=partial(BytesIO, raw),
        corrections={},
        companions=beside.of(stood_in.name),
    )
    how = batch.format if format_name == _NO_FORMAT else format_name
    chunks = [*read_chunks([source], format_name=how, markup=batch.markup)]
    reasons = [item.reason for chunk in chunks for _, item in chunk.remarks if isinstance(item, Unreadable)]
    if not reasons and not any(chunk.posts for chunk in chunks):
        reasons = ["There is no post in it."]
    collection = session.get_one(Collection, batch.collection_id).slug
    reasons += numbers_taken(session, collection, chunks)
    if reasons:
        raise StillUnreadableError(reasons[:_MOST_REASONS])
    for chunk in chunks:
        _hang_where_parents_are(session, chunk, collection)
    return chunks


def _hang_where_parents_are(session: Session, chunk: Chunk, collection: CollectionSlug) -> None:
    """Put numbered posts into the threads of those they answer: alone, a mail does not tell what stood above that."""
    records = [record for stretch in chunk.stretches for record in stretch.records]
    parents = {key: numbered_post_address(collection, key) for key in map(_parent, records) if key is not None}
    known = threads_of(session, [*parents.values()])
    moved = {key: known[address] for key, address in parents.items() if address in known}
    if not moved:
        return
    stretches: dict[tuple[bool, ThreadKey], Stretch] = {}
    for stretch in chunk.stretches:
        for record in stretch.records:
            parent = _parent(record)
            thread = record.thread if parent is None else moved.get(parent, record.thread)
            whose = (record.key_basis is KeyBasis.SOURCE, thread)
            if whose not in stretches:
                stretches[whose] = Stretch(stretch.source, stretch.format, thread, [])
            stretches[whose].records.append(replace(record, thread=thread))
            moved.setdefault(record.key, thread)
    chunk.stretches = [*stretches.values()]


def _parent(record: PostRecord) -> PostKey | None:
    """The post that a numbered one says it answers."""
    return record.parent if record.key_basis is KeyBasis.SOURCE else None
