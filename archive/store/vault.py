"""The vault: originals as plain files, each under the SHA-256 of its bytes.

    originals/ab/abcdef…          the bytes as received, read-only
    originals/incoming/…          what is being received; left behind by a crash, it is swept a day later

Nothing in it is ever rewritten but with the same bytes, so that it can be copied, checked and read with ordinary
tools when this program is long gone: the output of `sha256sum` on a file is its name.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from archive.clock import now
from archive.domain.ids import Sha256
from archive.errors import ArchiveError

_LEFTOVER = timedelta(days=1)
_PIECE = 1024 * 1024  # bytes
_MANY = 32  # files from which one sync of everything costs less than one a file


class BytesMissingError(ArchiveError):
    """The vault does not hold an original that the archive knows of."""

    def __init__(self, sha256: Sha256) -> None:
        self.sha256 = sha256
        super().__init__(f"The bytes of original {sha256} are not in the vault.")


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that were received."""

    sha256: Sha256
    size: int  # bytes


class Vault:
    """A folder of originals."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: Sha256) -> Path:
        """Where the bytes lie, or would lie."""
        return self.folder / sha256[:2] / sha256

    def open(self, sha256: Sha256) -> BinaryIO:
        """The bytes.

        :raises BytesMissingError: if they are not held.
        """
        try:
            return self.path(sha256).open("rb")
        except FileNotFoundError:
            raise BytesMissingError(sha256) from None

    def hashes(self) -> Iterator[Sha256]:
        """Yield the names under which files lie in the vault, in order."""
        for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(folder.iterdir()):
                yield Sha256(path.name)

    @contextmanager
    def receiving(self) -> Iterator["Receiver"]:
        """Keep files; when the block has ended, all of them are on disk under their hashes."""
        incoming = self.folder / "incoming"
        incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep_leftovers(incoming)
        receiver = Receiver(self, incoming)
        try:
            yield receiver
            receiver.settle()
        finally:
            receiver.sweep()


class Receiver:
    """Takes files in, several at a time."""

    def __init__(self, vault: Vault, incoming: Path) -> None:
        self._vault = vault
        self._incoming = incoming
        self._waiting: dict[Path, Sha256] = {}

    def keep(self, file: BinaryIO) -> Kept:
        """Copy a file in, from where it stands to its end."""
        path = self._incoming / secrets.token_hex(16)
        self._waiting[path] = Sha256("")
        with path.open("xb") as copy:
            kept = hash_pieces(_copied(file, copy))
        self._waiting[path] = kept.sha256
        return kept

    def settle(self) -> None:
        """Write everything through to the disk, and only then give it its final name."""
        if len(self._waiting) >= _MANY:
            os.sync()
        else:
            for path in self._waiting:
                _sync(path)
        for path, sha256 in self._waiting.items():
            final = self._vault.path(sha256)
            final.parent.mkdir(mode=0o700, exist_ok=True)
            path.chmod(0o440)
            path.replace(final)  # one that is there has the same bytes, or was damaged and is whole again
        for folder in {self._vault.path(sha256).parent for sha256 in self._waiting.values()}:
            if folder.exists():
                _sync(folder)
        _sync(self._vault.folder)

    def sweep(self) -> None:
        """Remove what was not given a name."""
        for path in self._waiting:
            path.unlink(missing_ok=True)
        self._waiting.clear()


def _sweep_leftovers(incoming: Path) -> None:
    """Remove what a crash left behind, and nothing that may still be arriving."""
    for path in incoming.iterdir():
        with suppress(FileNotFoundError):  # another that receives may just have moved it
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            if now() - written > _LEFTOVER:
                path.unlink()


def _copied(file: BinaryIO, copy: BinaryIO) -> Iterator[bytes]:
    for piece in pieces_of(file):
        copy.write(piece)
        yield piece


def hash_pieces(pieces: Iterable[bytes]) -> Kept:
    """The hash and size of bytes that come in pieces."""
    hasher, size = hashlib.sha256(), 0
    for piece in pieces:
        hasher.update(piece)
        size += len(piece)
    return Kept(Sha256(hasher.hexdigest()), size)


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield a file's bytes from where it stands to its end."""
    while piece := file.read(_PIECE):
        yield piece


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
