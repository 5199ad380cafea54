"""What is delivered is kept: plain files and what is in packed ones in blocks, and the packed ones as they came.

Members are unpacked here and nowhere else; they are hashed and kept as they come out, and what is refused leaves
nothing behind.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import BinaryIO

from archive.domain.ids import Sha256
from archive.errors import ArchiveError
from archive.services.ingest.inputs import INSIDE, Left, NamedFile, Open, open_named
from archive.store.vault import Kept, Receiver, Vault, hash_pieces, pieces_of
from imports.archives import find_lister
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
    open: Open
    container: Sha256 | None = None
    member: str | None = None


@dataclass(slots=True)
class Delivery:
    """What was received: files to read, whole containers, and what is left out."""

    files: list[Received] = field(default_factory=list)
    containers: list[Received] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)

    def add(self, item: Received | Left) -> None:
        """Put one thing where it belongs."""
        if isinstance(item, Received):
            self.files.append(item)
        else:
            self.left.append(item)

    def digest(self, tell: Callable[[str], str]) -> str:
        """What tells this delivery from others: names, bytes, order, and what is left out of it and why.

        :param tell: gives names as they are to be told, whichever way they were named.
        """
        received = [[(tell(file.name), file.kept.sha256) for file in files] for files in (self.files, self.containers)]
        return json.dumps([*received, [(tell(item.name), item.reason) for item in self.left]])


Whole = Callable[[NamedFile, bytes, Iterator[bytes], Receiver], Received]  # a file, its first bytes, all of its bytes


def take_in(vault: Vault, named: Iterable[NamedFile | Left], *, whole: Whole, large_window: bool = False) -> Delivery:
    """Open what is named, and keep what is in it.

    :param whole: what becomes of each file as a whole.
    :param large_window: whether a compressed file may have 2 GiB of memory held for it.
    :raises ReceivingStoppedError: if the disk gives way.
    """
    delivery = Delivery()
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
                    delivery.containers.append(received)
                    for part in _expand(received, head, receiver, largest_window):
                        delivery.add(part)
                else:
                    delivery.add(received)
    except OSError as error:
        raise ReceivingStoppedError(error.strerror or str(error)) from error
    return delivery


def keep_whole(file: NamedFile, head: bytes, pieces: Iterator[bytes], receiver: Receiver) -> Received:
    """Keep a file."""
    if _is_container(head):
        kept = receiver.keep_as_it_comes(pieces)
        return Received(file.name, kept, partial(receiver.open, kept.sha256))
    kept = receiver.keep(pieces)
    return Received(file.name, kept, partial(receiver.vault.open, kept.sha256))


def leave_whole(file: NamedFile, _head: bytes, pieces: Iterator[bytes], _receiver: Receiver) -> Received:
    """Leave a file where it lies, and only hash it."""
    return Received(file.name, hash_pieces(pieces), file.open)


def _is_container(head: bytes) -> bool:
    """Whether a file is read as what is in it."""
    return is_packed(head) or find_lister(head) is not None


def _expand(container: Received, head: bytes, receiver: Receiver, largest_window: int) -> Iterator[Received | Left]:
    """Keep what is in a container, and yield it."""
    with container.open() as opened:
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
    return _member(file, member, kept, receiver)


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
                yield _member(file, member.name, receiver.keep(member.chunks()), receiver)
            except MemberError as error:
                yield UnreadableFile(name=name, reason=error.reason)
        names.add(member.name)


def _member(file: Received, name: str, kept: Kept, receiver: Receiver) -> Received:
    opener = partial(receiver.vault.open, kept.sha256)
    return Received(f"{file.name}{INSIDE}{name}", kept, opener, file.kept.sha256, name)
