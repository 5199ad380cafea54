"""Receiving: bytes into the vault first, then a batch that names them, before anything is parsed."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from unicodedata import normalize

from sqlalchemy import insert
from sqlalchemy.orm import Session

from archive import __version__
from archive.clock import now
from archive.domain.batch import Balance, BatchState
from archive.domain.ids import CollectionSlug, Sha256
from archive.domain.quarantine import cause_key
from archive.domain.records import Markup
from archive.errors import ArchiveError
from archive.services.ingest.delivery import Delivery, Received, keep_whole, take_in
from archive.services.ingest.inputs import (
    Left,
    NamedFile,
    find_named,
    kind_of_left,
    leave_out,
    tell_by_what_was_named,
)
from archive.services.ledger import Actor, record
from archive.services.takedown.purge import purge_again
from archive.services.transaction import writing
from archive.store.batches import Batch, BatchInput, Remark, RemarkKind, find_unfinished, known_corrections
from archive.store.collections import Collection, find_collection
from archive.store.import_lock import receiving_lock
from archive.store.originals import Original, known_originals
from archive.store.vault import Vault
from imports.formats import AUTO, choose_format, find_plug_ins
from imports.plug_ins import mark

MAX_COLLECTION_NAME = 80  # characters
_AT_ONCE = 1_000  # files


class CollectionNameError(ArchiveError):
    """A collection cannot have that name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"“{name[:80]}” cannot be the name of a collection: "
            f"it needs 1 to {MAX_COLLECTION_NAME} characters, a letter or digit among them."
        )


class NothingReceivedError(ArchiveError):
    """An import was started with nothing to import."""

    def __init__(self) -> None:
        super().__init__("There is nothing to import: name a file, or paste a thread.")


def receive_paths(
    session: Session,
    vault: Vault,
    paths: Sequence[Path],
    *,
    collection: str,
    by: Actor,
    format_name: str = AUTO,
    markup: Markup = Markup.PLAIN,
    large_window: bool = False,
) -> int:
    """Keep what the paths name; the number of the batch, which is an older one that was cut off where it is the same.

    :param large_window: whether a compressed file may have 2 GiB of memory held for it.
    :raises NoSuchFileError: if a path does not exist.
    :raises UnknownFormatError: if there is no such format.
    :raises CollectionNameError: if the collection cannot have that name.
    :raises ReceivingStoppedError: if the disk gives way.
    """
    check_format_name(format_name)
    slug_of(collection)
    with closing(take_in(vault, find_named(paths), whole=keep_whole, large_window=large_window)) as delivery:
        told = delivery.digest(tell_by_what_was_named(paths))
        batch_id = _make_batch(
            session, delivery, told, collection=collection, by=by, format_name=format_name, markup=markup
        )
    purge_again(session, vault)  # what was received before may have been
    return batch_id


def receive_files(
    session: Session,
    vault: Vault,
    files: Iterable[NamedFile | Left],
    *,
    collection: str,
    by: Actor,
    format_name: str = AUTO,
    markup: Markup = Markup.PLAIN,
    large_window: bool = False,
) -> int:
    """Keep uploaded files; the number of the batch.

    :param large_window: whether a compressed file may have 2 GiB of memory held for it.
    :raises NothingReceivedError: if there are none.
    :raises UnknownFormatError: if there is no such format.
    :raises CollectionNameError: if the collection cannot have that name.
    :raises ReceivingStoppedError: if the disk gives way.
    """
    check_format_name(format_name)
    slug_of(collection)
    with closing(take_in(vault, files, whole=keep_whole, large_window=large_window)) as delivery:
        if not any(delivery.files) and not any(delivery.left):
            raise NothingReceivedError
        told = delivery.digest(str)
        batch_id = _make_batch(
            session, delivery, told, collection=collection, by=by, format_name=format_name, markup=markup
        )
    purge_again(session, vault)
    return batch_id


def check_format_name(name: str) -> None:
    """Whether there is a format of that name.

    :raises UnknownFormatError: if there is none.
    """
    if name != AUTO:
        choose_format(b"", name=name)


def slug_of(name: str) -> CollectionSlug:
    """The name of a collection as its addresses carry it.

    :raises CollectionNameError: if it cannot be one.
    """
    slug = re.sub(r"[\W_]+", "-", normalize("NFKC", name).lower()).strip("-")
    if not slug or max(len(name), len(slug)) > MAX_COLLECTION_NAME:  # “㍍” becomes four letters
        raise CollectionNameError(name)
    return CollectionSlug(slug)


def _make_batch(
    session: Session, delivery: Delivery, told: str, *, collection: str, by: Actor, format_name: str, markup: Markup
) -> int:
    slug = slug_of(collection)
    how = json.dumps([slug, format_name, markup.value])
    digest = Sha256(hashlib.sha256(f"{how}{told}".encode("utf-8", "surrogatepass")).hexdigest())
    files, size = delivery.size
    with writing(session):
        receiving_lock(session)  # the same may be received twice at once, or by one that was killed while it committed
        into = find_collection(session, slug) or _add_collection(session, slug, collection.strip())
        unfinished = find_unfinished(session, collection_id=into.id, inputs_digest=digest, started_by=by.user_id)
        if unfinished is not None:
            return unfinished.id
        _add_originals(session, delivery)
        balance = Balance(bytes_received=size)
        for item in delivery.left:
            leave_out(balance, item)
        batch = Batch(
            collection_id=into.id,
            state=BatchState.RECEIVED,
            program=__version__ + mark(find_plug_ins()),
            format=format_name,
            markup=markup,
            inputs_digest=digest,
            started_at=now(),
            finished_at=None,
            started_by=by.user_id,
            balance=balance.as_dict(),
            failure=None,
        )
        session.add(batch)
        session.flush()
        _add_inputs(session, batch.id, delivery)
        _add_left(session, batch.id, delivery)
        record(
            session,
            by=by,
            act="receive",
            subject=f"batch {batch.id}",
            detail={"collection": slug, "files": files, "bytes": size, "inputs": digest},
        )
    return batch.id


def _add_collection(session: Session, slug: CollectionSlug, name: str) -> Collection:
    collection = Collection(slug=slug, name=name, created_at=now())
    session.add(collection)
    session.flush()
    return collection


def _add_originals(session: Session, delivery: Delivery) -> None:
    originals = delivery.originals
    while some := [*islice(originals, _AT_ONCE)]:
        part: dict[Sha256, Received] = {}
        for file in some:
            part.setdefault(file.kept.sha256, file)  # what came in others comes behind those
        known = known_originals(session, part)
        rows = [
            {
                "sha256": sha256,
                "size": file.kept.size,
                "name": file.name,
                "received_at": now(),
                "container": file.container,
                "member": file.member,
            }
            for sha256, file in part.items()
            if sha256 not in known
        ]
        if rows:
            session.execute(insert(Original), rows)


def _add_inputs(session: Session, batch_id: int, delivery: Delivery) -> None:
    files = enumerate(delivery.files)
    while part := [*islice(files, _AT_ONCE)]:
        corrections = known_corrections(session, [file.kept.sha256 for _, file in part])
        rows = [
            {
                "batch_id": batch_id,
                "position": position,
                "original": file.kept.sha256,
                "name": file.name,
                "size": file.kept.size,
                "reading_id": None,
                "corrections": corrections.get(file.kept.sha256, {}),
                "done_bytes": 0,
                "done": False,
                "repairs": None,
            }
            for position, file in part
        ]
        session.execute(insert(BatchInput), rows)


def _add_left(session: Session, batch_id: int, delivery: Delivery) -> None:
    left = enumerate(delivery.left)
    while part := [*islice(left, _AT_ONCE)]:
        rows: list[dict[str, object]] = [
            {
                "batch_id": batch_id,
                "number": number,
                "kind": (kind := kind_of_left(item)),
                "original": None,
                "name": item.name,
                "offset": 0,
                "length": item.size,
                "text": item.reason,
                "cause": cause_key(item.reason) if kind is RemarkKind.QUARANTINED else None,
                "detail": {},
            }
            for number, item in part
        ]
        session.execute(insert(Remark), rows)
