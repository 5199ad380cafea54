"""What is delivered is kept: plain files and what is in packed ones in blocks, and the packed ones as they came.

Members are unpacked here and nowhere else; they are hashed and kept as they come out, and what is refused leaves
nothing behind.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from archive.domain.ids import Sha256
from archive.errors import ArchiveError
from archive.services.ingest.inputs import INSIDE, Left, NamedFile, open_named, open_path
from archive.store.vault import Kept, Receiver, Vault, hash_pieces, pieces_of
from imports.archives import find_lister
from imports.companions import open_unnamed, told_as_disk_error
from imports.containers import ContainerError, Member, MemberError, SkippedFile, UnreadableFile
from imports.limits import LARGE_WINDOW_BYTES, MAX_WINDOW_BYTES
from imports.packed import is_packed, name_unpacked, unpack
from imports.signatures import SIGNATURE_BYTES

Listed = Iterator[Member | Left]


class ReceivingStoppedError(ArchiveError):
    """The disk gave way while bytes were being kept."""

    def __init__(self, cause: str) -> None:
        self.cause = cause
        super().__init__(f"The files could not be received: {cause}. Nothing was imported.")


@dataclass(frozen=True, slots=True)
class Received:
    """A file, or a member of one, whose bytes are known by their hash."""

    name: str
    kept: Kept
    container: Sha256 | None = None
    member: str | None = None
    path: Path | None = None  # where it was left


class Delivery:
    """What was received: files to read, whole containers, and what is left out. However much it is, little of it is in
    memory.
    """

    def __init__(self) -> None:
        self._database = open_unnamed()
        self._database.execute(f"CREATE TABLE item (number INTEGER PRIMARY KEY, kind, {_COLUMNS}, reason)")
        self._database.execute("BEGIN")

    def close(self) -> None:
        """Let go of everything."""
        self._database.close()

    def add(self, item: Received | Left) -> None:
        """Put one thing where it belongs.

        :raises OSError: if there is no room for the temporary file.
        """
        if isinstance(item, Received):
            self._add(_FILE, _told(item), None)
        else:
            self._add(type(item).__name__, (item.name, None, item.size, None, None, None), item.reason)

    def add_container(self, item: Received) -> None:
        """Put a container where it belongs."""
        self._add(_CONTAINER, _told(item), None)

    @property
    def files(self) -> Iterator[Received]:
        """What is to be read, in order."""
        return self._received(f"kind = '{_FILE}' ORDER BY number")

    @property
    def originals(self) -> Iterator[Received]:
        """All that was received, before what came out of it."""
        return self._received(f"kind IN ('{_FILE}', '{_CONTAINER}') ORDER BY container IS NOT NULL, number")

    @property
    def left(self) -> Iterator[Left]:
        """What is left out, in order."""
        query = "SELECT kind, name, reason, size FROM item WHERE reason IS NOT NULL ORDER BY number"
        for kind, name, reason, size in self._database.execute(query):
            yield _LEFT[kind](name=name, reason=reason, size=size)

    @property
    def size(self) -> tuple[int, int]:
        """How many files are to be read, and how many bytes they have."""
        query = "SELECT count(*), coalesce(sum(size), 0) FROM item WHERE kind = ?"
        count, size = self._database.execute(query, [_FILE]).fetchone()
        return int(count), int(size)

    def digest(self, tell: Callable[[str], str]) -> str:
        """What tells this delivery from others: names, bytes, order, and what is left out of it and why.

        :param tell: gives names as they are to be told, whichever way they were named.
        """
        hasher = hashlib.sha256()
        for kind, name, *told in self._database.execute(
            "SELECT kind, name, sha256, reason FROM item ORDER BY kind, number"
        ):
            hasher.update(json.dumps([kind, tell(name), *told]).encode())
        return hasher.hexdigest()

    def _add(self, kind: str, told: Sequence[object], reason: str | None) -> None:
        into = f"INSERT INTO item (kind, {_COLUMNS}, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        with told_as_disk_error():
            self._database.execute(into, (kind, *told, reason))

    def _received(self, which: str) -> Iterator[Received]:
        for name, sha256, size, container, member, path in self._database.execute(
            f"SELECT {_COLUMNS} FROM item WHERE {which}"
        ):
            there = None if path is None else Path(os.fsdecode(path))
            yield Received(name, Kept(Sha256(sha256), size), container, member, there)


_FILE, _CONTAINER = "file", "container"
_LEFT: dict[str, type[Left]] = {kind.__name__: kind for kind in (SkippedFile, UnreadableFile)}
_COLUMNS = "name, sha256, size, container, member, path"


def _told(item: Received) -> Sequence[object]:
    path = None if item.path is None else os.fsencode(item.path)
    return item.name, item.kept.sha256, item.kept.size, item.container, item.member, path


Whole = Callable[[NamedFile, bytes, Iterator[bytes], Receiver], Received]  # a file, its first bytes, all of its bytes


def take_in(vault: Vault, named: Iterable[NamedFile | Left], *, whole: Whole, large_window: bool = False) -> Delivery:
    """Open what is named, and keep what is in it.

    :param whole: what becomes of each file as a whole.
    :param large_window: whether a compressed file may have 2 GiB of memory held for it.
    :raises ReceivingStoppedError: if the disk gives way.
    """
    delivery = Delivery()  # whoever asked for it closes it
    largest_window = LARGE_WINDOW_BYTES if large_window else MAX_WINDOW_BYTES
    try:
        with vault.receiving() as receiver:
            for item in open_named(named):
                if isinstance(item, Left):
                    delivery.add(item)
                    continue
                found, file = item
                with file:
                    head = file.read(SIGNATURE_BYTES)
                    received = whole(found, head, chain([head], pieces_of(file)), receiver)
                if _is_container(head):
                    delivery.add_container(received)
                    for part in _expand(received, head, receiver, largest_window):
                        delivery.add(part)
                else:
                    delivery.add(received)
    except OSError as error:
        delivery.close()
        raise ReceivingStoppedError(error.strerror or str(error)) from error
    return delivery


def keep_whole(file: NamedFile, head: bytes, pieces: Iterator[bytes], receiver: Receiver) -> Received:
    """Keep a file."""
    if _is_container(head):
        return Received(file.name, receiver.keep_as_it_comes(pieces))
    return Received(file.name, receiver.keep(pieces))


def leave_whole(file: NamedFile, _head: bytes, pieces: Iterator[bytes], _receiver: Receiver) -> Received:
    """Leave a file where it lies, and only hash it."""
    return Received(file.name, hash_pieces(pieces), path=file.path)


def _is_container(head: bytes) -> bool:
    """Whether a file is read as what is in it."""
    return is_packed(head) or find_lister(head) is not None


def _expand(container: Received, head: bytes, receiver: Receiver, largest_window: int) -> Iterator[Received | Left]:
    """Keep what is in a container, and yield it."""
    kept_at = container.path
    with receiver.open(container.kept.sha256) if kept_at is None else open_path(kept_at) as opened:
        if lister := find_lister(head):
            yield from _members_or_none(container, lister(opened), receiver)
        else:
            yield _unpacked(container, opened, head, receiver, largest_window)


def _unpacked(
    file: Received, opened: BinaryIO, head: bytes, receiver: Receiver, largest_window: int
) -> Received | Left:
    member = name_unpacked(file.name, head)
    try:
        kept = receiver.keep(unpack(opened, name=file.name, largest_window=largest_window))
    except MemberError as error:
        return UnreadableFile(name=file.name, reason=error.reason, size=file.kept.size)
    return _member(file, member, kept)


def _members_or_none(file: Received, listed: Listed, receiver: Receiver) -> Iterator[Received | Left]:
    """The members of an archive; or that it has none, or cannot be opened, with all of its bytes."""
    empty = True
    try:
        for member in _members(file, listed, receiver):
            empty = False
            yield member
    except ContainerError as error:
        yield UnreadableFile(name=file.name, reason=str(error), size=file.kept.size)
    else:
        if empty:
            yield SkippedFile(name=file.name, reason="The archive holds no file.", size=file.kept.size)


def _members(file: Received, listed: Listed, receiver: Receiver) -> Iterator[Received | Left]:
    """Members, and what is left out; of two members of one name only the first can be told apart."""
    names: set[str] = set()
    for member in listed:
        name = f"{file.name}{INSIDE}{member.name}"
        if member.name in names:
            yield UnreadableFile(name=name, reason="Another member has the same name.")
        elif isinstance(member, SkippedFile):
            yield SkippedFile(name=name, reason=member.reason)
        elif isinstance(member, UnreadableFile):
            yield UnreadableFile(name=name, reason=member.reason)
        else:
            try:
                yield _member(file, member.name, receiver.keep(member.chunks()))
            except MemberError as error:
                yield UnreadableFile(name=name, reason=error.reason)
        names.add(member.name)


def _member(file: Received, name: str, kept: Kept) -> Received:
    return Received(f"{file.name}{INSIDE}{name}", kept, file.kept.sha256, name)
