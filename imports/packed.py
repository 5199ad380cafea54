"""Files that are compressed as a whole. They are unpacked as a stream, counted, and never taken in part.

Formats: RFC 1952 (gzip), RFC 8878 (Zstandard), .xz 1.2.1, bzip2 1.0. In all of them several streams may stand
one after the other, and say what one would.
"""

import lzma
import sys
import zlib
from bz2 import BZ2Decompressor
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePath
from typing import BinaryIO, Protocol

from archive.errors import ArchiveError
from imports.containers import MemberError, archive_words, is_bomb
from imports.limits import (
    FREE_STREAMS,
    LARGE_WINDOW_BYTES,
    MAX_WINDOW_BYTES,
    MIN_STREAM_BYTES,
    PACKED_PIECE_BYTES,
    XZ_MEMORY_BYTES,
    ZIP_CHUNK_BYTES,
    ZIP_RATIO,
)
from imports.signatures import BZIP2, GZIP, SIGNATURE_BYTES, XZ, ZSTANDARD, find_signature

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_MIB = 1024 * 1024
_HEADER_BYTES = 18  # the longest header of a Zstandard frame, which is the longest of those that are looked at
_DAMAGE = (zlib.error, lzma.LZMAError, zstd.ZstdError, OSError, EOFError, ValueError)  # OSError is bzip2's


class Stream(Protocol):
    """What unpacks one stream, as the standard library's classes do."""

    @property
    def eof(self) -> bool: ...  # whether the end was reached
    @property
    def needs_input(self) -> bool: ...  # whether nothing more comes without more bytes
    @property
    def unused_data(self) -> bytes: ...  # what was given and stands after the end

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Packing:
    """One way to compress a file."""

    name: str
    suffixes: Mapping[str, str]  # of a file's name → of what is in it
    start: Callable[[bytes, int], Stream]  # from the beginning of the stream, and the largest window in bytes


class _RefusedError(ArchiveError):
    """A file is not unpacked, or not to its end."""


class _GzipStream:
    """zlib's decompressor in the shape of the others."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        unpacked = self._stream.decompress(self._stream.unconsumed_tail + data, max_length)
        self.needs_input = not self._stream.unconsumed_tail and len(unpacked) < max_length
        return unpacked


def _start_zstandard(header: bytes, largest_window: int) -> Stream:
    window = _window_of(header)
    if window > largest_window:
        raise _RefusedError(_window_words(window, largest_window))
    most = largest_window.bit_length() - 1
    return zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: most})


_PACKINGS = {
    GZIP: _Packing(name="gzip", suffixes={".gz": "", ".tgz": ".tar"}, start=lambda *_: _GzipStream()),
    ZSTANDARD: _Packing(name="Zstandard", suffixes={".zst": "", ".zstd": "", ".tzst": ".tar"}, start=_start_zstandard),
    BZIP2: _Packing(name="bzip2", suffixes={".bz2": "", ".tbz2": ".tar"}, start=lambda *_: BZ2Decompressor()),
    XZ: _Packing(
        name="xz",
        suffixes={".xz": "", ".txz": ".tar"},
        start=lambda *_: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY_BYTES),
    ),
}


def is_packed(head: bytes) -> bool:
    """Whether a file is compressed as a whole, by its first bytes."""
    return _find_packing(head) is not None


def name_unpacked(name: str, head: bytes) -> str:
    """What a compressed file's content is called: as the file, without its folder and its suffix."""
    whole = PurePath(name)
    packing = _find_packing(head)
    suffix = packing.suffixes.get(whole.suffix.lower()) if packing else None
    return whole.name if suffix is None else whole.stem + suffix


def unpack(file: BinaryIO, *, name: str, largest_window: int = MAX_WINDOW_BYTES) -> Iterator[bytes]:
    """Yield what is in a compressed file, in pieces that fit into little memory.

    :param file: it can seek, and is a compressed file: see `is_packed`.
    :param largest_window: bytes of what was unpacked that a Zstandard file may have held in memory.
    :raises MemberError: if it is damaged or cut off, unpacks to more than is allowed, or holds an archive.
    """
    packed = file.seek(0, 2)
    file.seek(0)
    try:
        yield from _counted(whole_head(_streams(file, largest_window)), packed)
    except _RefusedError as error:
        raise MemberError(name, str(error)) from error


def _find_packing(head: bytes) -> _Packing | None:
    signature = find_signature(head)
    return None if signature is None else _PACKINGS.get(signature.title)


def _streams(file: BinaryIO, largest_window: int) -> Iterator[bytes]:
    """Yield what is in all streams of a file."""
    waiting = _read(file, _HEADER_BYTES)
    packing = _find_packing(waiting)
    if packing is None:
        raise _RefusedError("The file is not compressed in a way that is known here.")
    streams = unpacked = 0
    while waiting:
        if _find_packing(waiting) is not packing:
            raise _RefusedError(f"After the end of the {packing.name} stream stands something else.")
        stream = packing.start(waiting, largest_window)
        for piece in _one_stream(packing, stream, waiting, file):
            unpacked += len(piece)
            yield piece
        streams += 1
        if streams > FREE_STREAMS and unpacked < streams * MIN_STREAM_BYTES:
            raise _RefusedError(f"The file consists of more than {FREE_STREAMS:,} streams that hold next to nothing.")
        waiting = _beginning_of_next(stream.unused_data, file)


def _one_stream(packing: _Packing, stream: Stream, waiting: bytes, file: BinaryIO) -> Iterator[bytes]:
    while not stream.eof:
        try:
            piece = stream.decompress(waiting, ZIP_CHUNK_BYTES)
        except _DAMAGE as error:
            raise _RefusedError(_damage_words(packing, error)) from error
        if piece:
            yield piece
        waiting = b""
        if stream.needs_input and not stream.eof:
            waiting = _read(file, PACKED_PIECE_BYTES)
            if not waiting:
                raise _RefusedError(f"The file is cut off: it ends in the middle of a {packing.name} stream.")


def _beginning_of_next(waiting: bytes, file: BinaryIO) -> bytes:
    """Where the next stream begins, as far as it shows what it is. Zeros fill up a block of a tape or disk."""
    while not (waiting := waiting.lstrip(b"\0")):
        waiting = _read(file, PACKED_PIECE_BYTES)
        if not waiting:
            return b""
    return waiting if len(waiting) >= _HEADER_BYTES else waiting + _read(file, _HEADER_BYTES - len(waiting))


def _counted(pieces: Iterator[bytes], packed: int) -> Iterator[bytes]:
    """The same pieces, as long as they are no bomb and no archive."""
    unpacked = 0
    for piece in pieces:
        if unpacked == 0:
            _refuse_archive(piece)
        unpacked += len(piece)
        if is_bomb(unpacked, packed):
            raise _RefusedError(f"The file unpacks to more than {ZIP_RATIO} times its size.")
        yield piece


def whole_head(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, the first of them long enough to tell what the file is."""
    head = b""
    for piece in pieces:
        head += piece
        if len(head) >= SIGNATURE_BYTES:
            break
    yield from chain([head] if head else [], pieces)


def _refuse_archive(head: bytes) -> None:
    if words := archive_words(head):
        raise _RefusedError(f"What is compressed is {words}")


def _read(file: BinaryIO, size: int) -> bytes:
    try:
        return file.read(size)
    except OSError as error:
        raise _RefusedError(f"The file cannot be read: {error.strerror or error}.") from error


def _window_of(header: bytes) -> int:
    """Bytes that a Zstandard frame wants held, by its header (RFC 8878, 3.1.1.1); 0 where it does not say."""
    if len(header) < 6 or not header.startswith(b"\x28\xb5\x2f\xfd"):  # a frame to skip
        return 0
    descriptor = header[4]
    if not descriptor & 0x20:
        base = 1 << (10 + (header[5] >> 3))
        return base + base // 8 * (header[5] & 7)
    after_dictionary = 5 + (0, 1, 2, 4)[descriptor & 3]
    size = (1, 2, 4, 8)[descriptor >> 6]  # the content is the window
    return int.from_bytes(header[after_dictionary : after_dictionary + size], "little")


def _window_words(window: int, largest: int) -> str:
    asked = f"The Zstandard file asks for a window of {-(-window // _MIB):,} MiB of memory, and "
    if largest >= LARGE_WINDOW_BYTES:
        return f"{asked}no more than {largest // _MIB:,} MiB are ever allowed."
    return (
        f"{asked}{largest // _MIB:,} MiB are allowed. Where the machine has them to spare, up to "
        f"{LARGE_WINDOW_BYTES // _MIB:,} MiB are allowed by “footnote import --large-window” on the command line, "
        "and for what comes by the web by FOOTNOTE_LARGE_WINDOW=on."
    )


def _damage_words(packing: _Packing, error: Exception) -> str:
    if str(error).startswith("Memory usage limit"):
        return f"The {packing.name} file asks for more than {XZ_MEMORY_BYTES // _MIB:,} MiB of memory."
    return f"The {packing.name} stream is damaged: {str(error).rstrip('.')}."
