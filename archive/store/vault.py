"""The vault: originals, each under the SHA-256 of its bytes.

    originals/ab/abcdef….zst      what readers read, in compressed blocks: see `archive.store.blocks`
    originals/ab/abcdef…          what came packed, as it came
    originals/incoming/…          what is being received; left behind by a crash, it is swept a day later

All files are read-only. None is ever rewritten but with the same content, unless an admin purges a stretch of it (see
docs/decisions/0021-takedown.md), so that it can be copied, checked and read
with ordinary tools when this program is long gone: what `sha256sum` says of the second, or of what `zstd -dc` makes of
the first, is its name.
"""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from archive.clock import now
from archive.domain.ids import Sha256
from archive.store.blocks import AT_ONCE, BytesLostError, open_blocks, write_blocks

_LEFTOVER = timedelta(days=1)
_PIECE = 1024 * 1024  # bytes
_MANY = 32  # files from which one sync of everything costs less than one a file
_AT_ONCE = 1_000  # files
_IN_BLOCKS = ".zst"

_Write = Callable[[Iterable[bytes], BinaryIO], Iterator[bytes]]


class BytesMissingError(BytesLostError):
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

    def in_blocks(self, sha256: Sha256) -> Path:
        """Where the bytes lie in blocks, or would lie."""
        return self.named(f"{sha256}{_IN_BLOCKS}")

    def as_it_came(self, sha256: Sha256) -> Path:
        """Where the bytes lie as they came, or would lie."""
        return self.named(sha256)

    def named(self, name: str) -> Path:
        """Where a file of that name lies, or would lie."""
        return self.folder / name[:2] / name

    def open(self, sha256: Sha256) -> BinaryIO:
        """The bytes.

        :raises BytesMissingError: if they are not held.
        :raises BytesDamagedError: if they are damaged, as far as that is seen; reading may raise it too.
        """
        with suppress(FileNotFoundError):
            return _open_blocks(self.in_blocks(sha256), sha256)
        try:
            return self.as_it_came(sha256).open("rb")
        except FileNotFoundError:
            raise BytesMissingError(sha256) from None

    def hashes(self) -> Iterator[Sha256]:
        """Yield the hashes of what lies in the vault, in order."""
        for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(folder.iterdir()):
                yield Sha256(path.name.removesuffix(_IN_BLOCKS))

    def overwrite(self, sha256: Sha256, stretches: Sequence[tuple[int, int]]) -> Sha256:
        """Put blanks in the place of bytes, and never bring them back; the hash of what the file holds now.

        It keeps its name and its length, so that every other place in it stays where it was.

        :param stretches: offset and length of each, in bytes.
        :raises BytesLostError: if they are not held, or damaged.
        """
        path = self.in_blocks(sha256)
        incoming = self.folder / "incoming"
        incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = incoming / secrets.token_hex(16)
        try:
            with self.open(sha256) as file, beside.open("xb") as new, ThreadPoolExecutor(AT_ONCE) as threads:
                kept = hash_pieces(write_blocks(_blanked(pieces_of(file), stretches), new, threads))
            _sync(beside)
            beside.chmod(0o440)
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        _sync(path.parent)
        return kept.sha256

    def remove(self, sha256: Sha256) -> None:
        """Let go of a file that came packed: nothing of what is in it can be taken out of it."""
        path = self.as_it_came(sha256)
        path.unlink(missing_ok=True)
        _sync(path.parent)

    def holds_packed(self, sha256: Sha256) -> bool:
        """Whether a file is kept as it came."""
        return self.as_it_came(sha256).exists()

    @contextmanager
    def receiving(self) -> Iterator["Receiver"]:
        """Keep files; when the block has ended, all of them are on disk under their hashes."""
        incoming = self.folder / "incoming"
        incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep_leftovers(incoming)
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="blocks") as threads:
            receiver = Receiver(self, incoming, threads)
            try:
                yield receiver
                receiver.settle()
            finally:
                receiver.sweep()


class Receiver:
    """Takes files in, several at a time. Which have no name yet, the disk alone knows: there may be a million."""

    def __init__(self, vault: Vault, incoming: Path, threads: ThreadPoolExecutor) -> None:
        self.vault, self._incoming, self._threads = vault, incoming, threads
        self._mine = f"{secrets.token_hex(16)}-"  # how the names of those begin that are whole; their final ones follow

    def keep(self, pieces: Iterable[bytes]) -> Kept:
        """Keep what readers will read, in blocks. Of what breaks off nothing stays."""
        return self._take(pieces, lambda pieces, file: write_blocks(pieces, file, self._threads), self.vault.in_blocks)

    def keep_as_it_comes(self, pieces: Iterable[bytes]) -> Kept:
        """Keep what is packed, and would not get smaller."""
        return self._take(pieces, _copied, self.vault.as_it_came)

    def open(self, sha256: Sha256) -> BinaryIO:
        """What was kept as it came and has no name yet."""
        return self._place(self.vault.as_it_came(sha256)).open("rb")

    def settle(self) -> None:
        """Write everything through to the disk, and only then give it its final name."""
        first = [*islice(self._waiting(), _MANY)]
        if len(first) == _MANY:
            os.sync()
        else:
            for path in first:
                _sync(path)
        folders = set[Path]()
        while some := [*islice(self._waiting(), _AT_ONCE)]:
            for path in some:
                final = self.vault.named(path.name.removeprefix(self._mine))
                final.parent.mkdir(mode=0o700, exist_ok=True)
                path.chmod(0o440)
                path.replace(final)  # one that is there has the same content, or was damaged and is whole again
                folders.add(final.parent)
        for folder in (*folders, self.vault.folder):
            _sync(folder)

    def sweep(self) -> None:
        """Remove what was not given a name."""
        while some := [*islice(self._waiting(), _AT_ONCE)]:
            for path in some:
                path.unlink()

    def _waiting(self) -> Iterator[Path]:
        with os.scandir(self._incoming) as entries:
            for entry in entries:
                if entry.name.startswith(self._mine):
                    yield self._incoming / entry.name

    def _place(self, final: Path) -> Path:
        return self._incoming / f"{self._mine}{final.name}"

    def _take(self, pieces: Iterable[bytes], write: _Write, final: Callable[[Sha256], Path]) -> Kept:
        path = self._incoming / secrets.token_hex(16)
        try:
            with path.open("xb") as file:
                kept = hash_pieces(write(pieces, file))
            path.replace(self._place(final(kept.sha256)))  # of two with the same content, one stays
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return kept


def _sweep_leftovers(incoming: Path) -> None:
    """Remove what a crash left behind, and nothing that may still be arriving."""
    for path in incoming.iterdir():
        with suppress(FileNotFoundError):  # another that receives may just have moved it
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            if now() - written > _LEFTOVER:
                path.unlink()


def _open_blocks(path: Path, sha256: Sha256) -> BinaryIO:
    file = path.open("rb")
    try:
        return open_blocks(file, sha256)
    except (BytesLostError, OSError):
        file.close()
        raise


def _copied(pieces: Iterable[bytes], file: BinaryIO) -> Iterator[bytes]:
    for piece in pieces:
        file.write(piece)
        yield piece


def _blanked(pieces: Iterable[bytes], stretches: Sequence[tuple[int, int]]) -> Iterator[bytes]:
    at = 0
    for piece in pieces:
        changed = bytearray(piece)
        for offset, length in stretches:
            start, end = max(offset - at, 0), min(offset + length - at, len(piece))
            if start < end:
                changed[start:end] = b" " * (end - start)
        at += len(piece)
        yield bytes(changed)


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
