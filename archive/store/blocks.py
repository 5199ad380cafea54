"""Files in compressed blocks: any place in them is at hand after one or two blocks are unpacked.

Format: RFC 8878, a frame for each block, with a checksum; at the end, as a frame to skip, the seek table of the
“Zstandard Seekable Format” 0.1.0 (contrib/seekable_format of the zstd project). So `zstd -dc` gives the whole content.
"""

import struct
import sys
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import suppress
from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, RawIOBase, UnsupportedOperation
from itertools import accumulate
from typing import BinaryIO, cast

from archive.domain.ids import Sha256
from archive.errors import ArchiveError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BLOCK_BYTES = 2 * 1024 * 1024  # unpacked in 2 to 4 ms; larger ones save next to nothing
AT_ONCE = 2  # blocks being compressed; more would take memory, and a disk is not faster
_MOST_BYTES = 16 * 1024 * 1024  # of a block that is read: a damaged table must not fill the memory
_BUFFER_BYTES = 64 * 1024  # so that lines are found without asking for each

_OPTIONS: dict[int, int] = {  # level 3 is the last before the speed falls to a half
    zstd.CompressionParameter.compression_level: 3,
    zstd.CompressionParameter.checksum_flag: 1,
}
_HEADER = struct.Struct("<II")  # of the table as a frame: its magic number, and bytes that follow
_ENTRY = struct.Struct("<II")  # of a block: bytes packed and unpacked
_FOOTER = struct.Struct("<IBI")  # number of blocks, flags (none: the frames have checksums), magic number
_SKIPPED, _SEEKABLE = 0x184D2A5E, 0x8F92EAB1


class BytesLostError(ArchiveError):
    """The bytes of an original cannot be had."""


class BytesDamagedError(BytesLostError):
    """They are not as they were written."""

    def __init__(self, sha256: Sha256, reason: str) -> None:
        self.sha256, self.reason = sha256, reason  # the reason is a clause
        super().__init__(f"The bytes of original {sha256} are damaged: {reason}.")


def write_blocks(pieces: Iterable[bytes], file: BinaryIO, executor: Executor) -> Iterator[bytes]:
    """Write the pieces to the file, and yield what they hold, block by block, while it is compressed elsewhere."""
    entries: list[tuple[int, int]] = []
    waiting: deque[tuple[Future[bytes], int]] = deque()

    def write_first() -> None:
        packed, size = waiting.popleft()
        entries.append((file.write(packed.result()), size))

    for block in _in_blocks(pieces):
        waiting.append((executor.submit(zstd.compress, block, options=_OPTIONS), len(block)))
        yield block
        if len(waiting) > AT_ONCE:
            write_first()
    while waiting:
        write_first()
    file.write(_table(entries))


def open_blocks(file: BinaryIO, sha256: Sha256) -> BinaryIO:
    """The content of an original, which can seek; closing it closes the file. Reading from it raises as this does.

    :raises BytesDamagedError: if the file is damaged.
    """
    return cast("BinaryIO", BufferedReader(_Blocks(file, sha256), _BUFFER_BYTES))


def _in_blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, cut into blocks."""
    rest = bytearray()
    for piece in pieces:
        rest += piece
        while len(rest) >= BLOCK_BYTES:
            yield bytes(rest[:BLOCK_BYTES])
            del rest[:BLOCK_BYTES]
    if rest:
        yield bytes(rest)


def _table(entries: list[tuple[int, int]]) -> bytes:
    body = b"".join(_ENTRY.pack(*entry) for entry in entries) + _FOOTER.pack(len(entries), 0, _SEEKABLE)
    return _HEADER.pack(_SKIPPED, len(body)) + body


def _read_table(file: BinaryIO, sha256: Sha256) -> list[tuple[int, int]]:
    """Bytes packed and unpacked of each block. Together with the table they must be the whole file."""
    whole = file.seek(0, SEEK_END)
    file.seek(max(0, whole - _FOOTER.size))
    footer = file.read(_FOOTER.size)
    if len(footer) < _FOOTER.size:
        raise BytesDamagedError(sha256, "it is cut off")
    count, flags, magic = _FOOTER.unpack(footer)
    size = _HEADER.size + count * _ENTRY.size + _FOOTER.size
    if (flags, magic) != (0, _SEEKABLE) or size > whole:
        raise BytesDamagedError(sha256, "its end is not that of a table of blocks")
    file.seek(whole - size)
    table = file.read(size)
    entries = [*_ENTRY.iter_unpack(table[_HEADER.size : -_FOOTER.size])]
    packed = sum(packed for packed, _ in entries)
    if table != _table(entries) or packed + size != whole or any(unpacked > _MOST_BYTES for _, unpacked in entries):
        raise BytesDamagedError(sha256, "its table of blocks contradicts itself")
    return entries


class _Blocks(RawIOBase):
    """Of the content one block is held."""

    def __init__(self, file: BinaryIO, sha256: Sha256) -> None:
        self._file, self._sha256 = file, sha256
        entries = _read_table(file, sha256)
        self._places = [*accumulate((packed for packed, _ in entries), initial=0)]
        self._starts = [*accumulate((unpacked for _, unpacked in entries), initial=0)]
        self._at = 0
        self._held = -1  # number of the block
        self._block = b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        base = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: self._starts[-1]}[whence]
        if base + offset < 0:
            raise UnsupportedOperation("There is nothing before the beginning.")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # what BufferedReader gives
        if self._at >= self._starts[-1]:
            return 0
        number = bisect_right(self._starts, self._at) - 1
        if number != self._held:
            self._block = self._unpack(number)
            self._held = number
        start = self._at - self._starts[number]
        size = min(len(buffer), len(self._block) - start)
        buffer[:size] = memoryview(self._block)[start : start + size]
        self._at += size
        return size

    def close(self) -> None:
        self._file.close()
        super().close()

    def _unpack(self, number: int) -> bytes:
        size = self._starts[number + 1] - self._starts[number]
        self._file.seek(self._places[number])
        packed = self._file.read(self._places[number + 1] - self._places[number])
        stream = zstd.ZstdDecompressor()
        block = b""
        with suppress(zstd.ZstdError):
            block = stream.decompress(packed, size + 1)
        if not stream.eof or stream.unused_data or len(block) != size:
            place = f"bytes {self._starts[number]:,} to {self._starts[number + 1]:,} cannot be unpacked"
            raise BytesDamagedError(self._sha256, place)
        return block
