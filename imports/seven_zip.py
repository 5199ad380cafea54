"""7z archives. Members are read one after the other as a stream, counted, and never written to disk by name.

Format: “7zFormat.txt” and “Methods.txt” of the LZMA SDK. Methods: LZMA, LZMA2, bzip2, none. Members of a solid
archive are one stream, so those behind a damaged one cannot be had.
"""

import lzma
import stat
from bz2 import BZ2Decompressor
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import accumulate
from struct import Struct
from typing import BinaryIO
from zlib import crc32

from archive.errors import ArchiveError
from imports.containers import (
    ContainerError,
    Member,
    MemberError,
    SkippedFile,
    UnreadableFile,
    archive_words,
    is_bomb,
    is_hidden,
)
from imports.limits import (
    MAX_ZIP_DIRECTORY_BYTES,
    PACKED_PIECE_BYTES,
    XZ_MEMORY_BYTES,
    ZIP_CHUNK_BYTES,
    ZIP_RATIO,
    ZIP_RATIO_FREE_BYTES,
)
from imports.packed import Stream, whole_head
from imports.seven_zip_header import (
    ENCODED_HEADER,
    HEADER,
    Coder,
    Cursor,
    Entry,
    Folder,
    check,
    read_header,
    read_streams,
)

_START = Struct("<6sBBIQQI")  # of the archive: they say where the list of members is
_CANNOT = "The 7z archive cannot be opened:"
_LZMA, _LZMA2, _ENCRYPTION = b"\x03\x01\x01", b"\x21", b"\x06\xf1\x07\x01"
_X86 = frozenset({b"\x04", b"\x03\x03\x01\x03"})  # a filter for programs, which some writers put before all they pack
_NAMES = {
    **dict.fromkeys(_X86, "BCJ"),
    _LZMA: "LZMA",
    b"\x03": "Delta",
    b"\x03\x03\x01\x1b": "BCJ2",
    b"\x03\x04\x01": "PPMd",
    b"\x04\x01\x08": "Deflate",
    b"\x04\x01\x09": "Deflate64",
}
_DAMAGE = (lzma.LZMAError, OSError, EOFError, ValueError, OverflowError)  # OSError is bzip2's


class _RefusedError(ArchiveError):
    """What members are packed in is not unpacked, or not to its end."""


class _Copy:
    """What was not packed, in the shape of what unpacks."""

    eof, needs_input, unused_data = False, True, b""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return data[:max_length]


def list_members(file: BinaryIO) -> Iterator[Member | SkippedFile | UnreadableFile]:
    """Yield the members of a 7z archive in its own order; those that cannot be read, with the reason.

    :param file: the archive; it can seek, and stays open while members are read, in this order and once.
    :raises ContainerError: if the archive cannot be opened or lists too many members.
    """
    folders, entries = _read_list(file)
    archive = _Counted(file)
    contents = _contents(archive, folders)
    for entry in entries:
        content = next(contents) if entry.has_content else None
        if reason := _reason_to_skip(entry):
            yield SkippedFile(name=entry.name, reason=reason)
        elif content is None:
            yield Member(name=entry.name, chunks=lambda: iter(()))
        elif reason := _reason_to_refuse(content[0].folder):
            yield UnreadableFile(name=entry.name, reason=reason)
        else:
            yield Member(name=entry.name, chunks=partial(_chunks, entry.name, *content))


def _contents(archive: "_Counted", folders: Iterable[Folder]) -> Iterator[tuple["_Solid", int, int, int | None]]:
    """Yield of each member what it is packed in, its place and size there, and its checksum."""
    for folder in folders:
        solid = _Solid(folder, archive.count(folder))
        starts = accumulate(folder.sizes[:-1], initial=0)
        for start, size, checksum in zip(starts, folder.sizes, folder.checksums, strict=False):
            yield solid, start, size, checksum


def _chunks(name: str, solid: "_Solid", start: int, size: int, checksum: int | None) -> Iterator[bytes]:
    """Yield the unpacked bytes of a member.

    :raises MemberError: if it is damaged, is an archive, or unpacks to more than is allowed.
    """
    running, is_first = 0, True
    try:
        for piece in whole_head(solid.read(start, size)):
            if is_first and (words := archive_words(piece)):
                raise MemberError(name, f"The member is {words}")
            running, is_first = crc32(piece, running), False
            yield piece
    except _RefusedError as error:
        raise MemberError(name, str(error)) from error
    if checksum is not None and running != checksum:
        raise MemberError(name, "The member is damaged: its checksum is another.")


class _Solid:
    """What several members are packed in, read from its beginning to its end."""

    def __init__(self, folder: Folder, pieces: Iterator[bytes]) -> None:
        self.folder = folder
        self._pieces = pieces
        self._piece, self._at = b"", 0  # what was last unpacked, and where it begins
        self._failure = ""

    def read(self, start: int, size: int) -> Iterator[bytes]:
        """Yield what lies there, which is behind what was read before.

        :raises _RefusedError: if it cannot be unpacked.
        """
        at, end = start, start + size
        while at < end:
            if at >= self._at + len(self._piece):
                self._at += len(self._piece)
                self._piece = self._next()
                continue
            part = self._piece[at - self._at : end - self._at]
            at += len(part)
            yield part

    def _next(self) -> bytes:
        if self._failure:
            raise _RefusedError(self._failure)
        try:
            return next(self._pieces)
        except _RefusedError as error:
            self._failure = str(error)
            raise


class _Counted:
    """An archive that counts what comes out of it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._packed = file.seek(0, 2)  # bytes
        self._unpacked = 0  # bytes, of folders that were not refused
        self._refused = 0  # bytes that came out of the others before they were refused

    def count(self, folder: Folder) -> Iterator[bytes]:
        """Yield what is in a folder.

        :raises _RefusedError: if it is damaged, or unpacks to more than is allowed.
        """
        self._refuse_if_spent()
        alone = 0
        for piece in _unpack(self._file, folder):
            alone += len(piece)
            self._unpacked += len(piece)
            if is_bomb(alone, folder.packed) or is_bomb(self._unpacked, self._packed):
                self._unpacked -= alone
                self._refused += alone
                raise _RefusedError(f"What the member is packed in unpacks to more than {ZIP_RATIO} times its size.")
            self._refuse_if_spent()
            yield piece

    def _refuse_if_spent(self) -> None:
        """Stop where an archive full of bombs has taken what all its members together may take."""
        if self._unpacked + self._refused > ZIP_RATIO_FREE_BYTES + self._packed * ZIP_RATIO:
            raise _RefusedError(
                f"The archive has unpacked to more than {ZIP_RATIO} times its size, and no more of it is read."
            )


def _unpack(file: BinaryIO, folder: Folder) -> Iterator[bytes]:
    """Yield what is in a folder, as many bytes as it is said to have."""
    place, packed, unpacked = folder.start + _START.size, folder.packed, folder.unpacked
    try:
        stream = _start(folder)
        while unpacked > 0:
            data, asks = b"", stream.needs_input
            if asks:
                file.seek(place)
                data = file.read(min(packed, PACKED_PIECE_BYTES))
                place, packed = place + len(data), packed - len(data)
            piece = stream.decompress(data, min(ZIP_CHUNK_BYTES, unpacked))
            if asks and not piece and not data:  # one that did not ask may have had no more, and asks then
                raise _RefusedError("The member is damaged: what it is packed in is cut off.")
            unpacked -= len(piece)
            if piece:
                yield piece
    except _DAMAGE as error:
        raise _RefusedError(f"The member is damaged: {str(error).rstrip('.')}.") from error


def _start(folder: Folder) -> Stream:
    (packing,), x86 = _taken_apart(folder)
    return _lzma2(packing.properties, x86=True) if x86 else _METHODS[packing.method](packing.properties)


def _taken_apart(folder: Folder) -> tuple[list[Coder], bool]:
    """What packs, and whether a filter for programs went before it. In another order the checksum would not fit."""
    packing = [coder for coder in folder.coders if coder.method not in _X86]
    return packing, len(packing) < len(folder.coders)


def _lzma(properties: bytes) -> Stream:
    literal, position = properties[0] % 9, properties[0] // 9
    lzma1 = {"id": lzma.FILTER_LZMA1, "lc": literal, "lp": position % 5, "pb": position // 5}
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[{**lzma1, "dict_size": _window_of_lzma(properties)}])


def _lzma2(properties: bytes, *, x86: bool = False) -> Stream:
    filters = [{"id": lzma.FILTER_X86}] if x86 else []
    lzma2 = {"id": lzma.FILTER_LZMA2, "dict_size": _window_of_lzma2(properties)}
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[*filters, lzma2])


def _window_of_lzma(properties: bytes) -> int:
    return max(4096, int.from_bytes(properties[1:5], "little"))


def _window_of_lzma2(properties: bytes) -> int:
    return (2 | properties[0] & 1) << (properties[0] // 2 + 11)


_METHODS: Mapping[bytes, Callable[[bytes], Stream]] = {
    b"\x00": lambda _: _Copy(),
    _LZMA2: _lzma2,
    _LZMA: _lzma,
    b"\x04\x02\x02": lambda _: BZ2Decompressor(),
}
_WINDOWS: Mapping[bytes, tuple[int, Callable[[bytes], int]]] = {  # how many bytes of properties tell how much memory
    _LZMA2: (1, _window_of_lzma2),
    _LZMA: (5, _window_of_lzma),
}


def _reason_to_skip(entry: Entry) -> str | None:
    if stat.S_ISLNK(entry.mode) or entry.is_link:
        return "It is a link, and links are not followed."
    if entry.is_folder:
        return "It is a folder."
    return "It is hidden." if is_hidden(entry.name) else None


def _reason_to_refuse(folder: Folder) -> str | None:
    methods = [coder.method for coder in folder.coders]
    if _ENCRYPTION in methods:
        return "The member is encrypted."
    packing, x86 = _taken_apart(folder)
    if len(packing) != 1 or packing[0].method not in _METHODS or (x86 and packing[0].method != _LZMA2):
        names = " and ".join(_NAMES.get(method, f"number {method.hex()}") for method in methods)
        return f"The member is packed by a method that is not read here ({names})."
    return _reason_for_memory(packing[0])


def _reason_for_memory(coder: Coder) -> str | None:
    if coder.method not in _WINDOWS:
        return None
    size, window_of = _WINDOWS[coder.method]
    if len(coder.properties) != size:
        return "The member is damaged: how it is packed is not said."
    if window_of(coder.properties) > XZ_MEMORY_BYTES:
        return f"The member asks for more than {XZ_MEMORY_BYTES // 1024**2:,} MiB of memory."
    return None


def _read_list(file: BinaryIO) -> tuple[list[Folder], list[Entry]]:
    whole = file.seek(0, 2)
    file.seek(0)
    start = file.read(_START.size)
    if len(start) < _START.size:
        raise ContainerError(f"{_CANNOT} it is cut off.")
    *_, checksum, place, size, list_checksum = _START.unpack(start)
    check(start[12:], checksum)
    if size == 0:
        return [], []
    if _START.size + place + size > whole:
        raise ContainerError(f"{_CANNOT} it is cut off.")
    _cap(size)
    file.seek(_START.size + place)
    raw = file.read(size)
    check(raw, list_checksum)
    cursor = Cursor(raw)
    if raw[0] == ENCODED_HEADER:
        cursor.expect(ENCODED_HEADER)
        cursor = Cursor(_unpack_list(file, read_streams(cursor)))
    cursor.expect(HEADER)
    return read_header(cursor)


def _unpack_list(file: BinaryIO, folders: list[Folder]) -> bytes:
    """The list of members, which is packed as one of them would be."""
    if len(folders) != 1:
        raise ContainerError(f"{_CANNOT} its list of members is packed in a form not known here.")
    (folder,) = folders
    _cap(folder.unpacked)
    if any(coder.method == _ENCRYPTION for coder in folder.coders):
        raise ContainerError("The 7z archive is encrypted, its list of members included.")
    if _reason_to_refuse(folder):
        raise ContainerError(f"{_CANNOT} its list of members is packed in a form not known here.")
    try:
        raw = b"".join(_unpack(file, folder))
    except _RefusedError as error:
        raise ContainerError(f"{_CANNOT} its list of members is damaged.") from error
    check(raw, folder.checksum)
    return raw


def _cap(size: int) -> None:
    if size > MAX_ZIP_DIRECTORY_BYTES:
        raise ContainerError(f"The 7z archive’s list of members is longer than {MAX_ZIP_DIRECTORY_BYTES:,} bytes.")
