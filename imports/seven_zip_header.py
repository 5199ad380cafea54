"""The list of members of a 7z archive, and where and how each is packed.

Format: “7zFormat.txt” of the LZMA SDK. Nothing here is taken on trust: counts are held against caps before anything
is made of them, and what runs out of bytes is refused.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice
from struct import unpack_from
from zlib import crc32

from imports.containers import ContainerError
from imports.limits import MAX_ZIP_ENTRIES

(
    END, HEADER, PROPERTIES, _, STREAMS, FILES, PACKED, FOLDERS, PARTS, SIZE, CRC, FOLDER, UNPACKED_SIZE, COUNT,
    EMPTY_STREAM, EMPTY_FILE, _, NAMES, _, _, _, ATTRIBUTES, _, ENCODED_HEADER,
) = range(24)  # fmt: skip
_IS_UNIX, _IS_LINK, _IS_FOLDER = (
    0x8000,
    0x400,
    0x10,
)  # bits of a member's attributes; in the former case the upper half is its mode
_CANNOT = "The 7z archive cannot be opened: its list of members"
_UNKNOWN = f"{_CANNOT} is in a form not known here."
_CONTRADICTION = f"{_CANNOT} contradicts itself."
_MOST_CODERS = 4  # that a stream goes through; 7-Zip allows 32, and never writes more


@dataclass(frozen=True, slots=True)
class Coder:
    """One method by which a stream is packed."""

    method: bytes
    properties: bytes


@dataclass(slots=True)
class Folder:
    """Members that are packed as one stream, one after the other."""

    coders: Sequence[Coder]
    streams: int  # that it is packed as; of more than one only a method that is not read here makes one
    unpacked: int = 0  # bytes
    checksum: int | None = None
    start: int = 0  # bytes from the beginning of the archive
    packed: int = 0  # bytes
    sizes: list[int] = field(default_factory=list)  # of its members, in bytes
    checksums: list[int | None] = field(default_factory=list)  # of its members


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A member as it is listed."""

    name: str
    is_folder: bool
    is_link: bool  # as Windows makes them
    mode: int  # of a Unix file; 0 where it is not known
    has_content: bool


class Cursor:
    """Takes a header apart."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self._at = raw, 0

    def bytes(self, size: int) -> bytes:
        end = self._at + size
        if end > len(self._raw):
            raise ContainerError(f"{_CANNOT} is cut off.")
        taken = self._raw[self._at : end]
        self._at = end
        return taken

    def byte(self) -> int:
        return self.bytes(1)[0]

    def number(self) -> int:
        """A number whose first byte tells by its leading ones how many bytes follow."""
        first, size = self.byte(), 0
        while size < 8 and first & 0x80 >> size:
            size += 1
        return int.from_bytes(self.bytes(size), "little") | (first & 0x7F >> size) << 8 * size

    def count(self, what: str) -> int:
        """A number of things, of which there may not be many."""
        count = self.number()
        if count > MAX_ZIP_ENTRIES:
            raise ContainerError(f"The 7z archive lists more than {MAX_ZIP_ENTRIES:,} {what}.")
        return count

    def expect(self, mark: int) -> None:
        if self.byte() != mark:
            raise ContainerError(_UNKNOWN)

    def sections(self, *known: int) -> Iterator[int]:
        """Yield the marks at which sections begin, up to the mark of the end; each may come once."""
        left = {*known}
        while (mark := self.byte()) != END:
            if mark not in left:
                raise ContainerError(_UNKNOWN)
            left.remove(mark)
            yield mark

    def bits(self, count: int) -> list[bool]:
        raw = self.bytes((count + 7) // 8)
        return [bool(raw[place // 8] & 0x80 >> place % 8) for place in range(count)]

    def optional_bits(self, count: int) -> list[bool]:
        """Bits that are all set, unless it says which."""
        return [True] * count if self.byte() else self.bits(count)

    def checksums(self, count: int) -> list[int | None]:
        present = self.optional_bits(count)
        return [unpack_from("<I", self.bytes(4))[0] if there else None for there in present]


def check(raw: bytes, checksum: int | None) -> None:
    """:raises ContainerError: if a header is damaged."""
    if checksum is not None and crc32(raw) != checksum:
        raise ContainerError(f"{_CANNOT} is damaged.")


def read_header(cursor: Cursor) -> tuple[list[Folder], list[Entry]]:
    """What follows the mark of a header.

    :raises ContainerError: if it cannot be read, or lists more than is allowed.
    """
    folders: list[Folder] = []
    entries: list[Entry] = []
    for mark in cursor.sections(PROPERTIES, STREAMS, FILES):
        if mark == PROPERTIES:
            while cursor.number() != END:
                cursor.bytes(cursor.number())
        elif mark == STREAMS:
            folders = read_streams(cursor)
        else:
            entries = _read_files(cursor)
    if sum(len(folder.sizes) for folder in folders) != sum(entry.has_content for entry in entries):
        raise ContainerError(_CONTRADICTION)
    return folders, entries


def read_streams(cursor: Cursor) -> list[Folder]:
    """Streams, and what is in them."""
    folders: list[Folder] = []
    places: list[tuple[int, int]] = []
    split = False
    for mark in cursor.sections(PACKED, FOLDERS, PARTS):
        if mark == PACKED:
            places = _read_places(cursor)
        elif mark == FOLDERS:
            folders = _read_folders(cursor)
        else:
            _read_parts(cursor, folders)
            split = True
    if not split:
        _divide(folders, [1] * len(folders))
    _place(folders, places)
    return folders


def _place(folders: Sequence[Folder], places: Sequence[tuple[int, int]]) -> None:
    if sum(folder.streams for folder in folders) != len(places):
        raise ContainerError(_CONTRADICTION)
    taken = iter(places)
    for folder in folders:
        mine = [*islice(taken, folder.streams)]
        folder.start, folder.packed = mine[0][0], sum(packed for _, packed in mine)


def _read_places(cursor: Cursor) -> list[tuple[int, int]]:
    """Start and size of each packed stream, in bytes."""
    start, count = cursor.number(), cursor.count("streams")
    sizes: list[int] = []
    for mark in cursor.sections(SIZE, CRC):
        if mark == SIZE:
            sizes = [cursor.number() for _ in range(count)]
        else:
            cursor.checksums(count)
    return [*zip(accumulate(sizes, initial=start), sizes, strict=False)]


def _read_folders(cursor: Cursor) -> list[Folder]:
    cursor.expect(FOLDER)
    count = cursor.count("streams")
    cursor.expect(0)  # they stand here, and not elsewhere
    read = [_read_folder(cursor) for _ in range(count)]
    cursor.expect(UNPACKED_SIZE)
    for folder, outputs, last in read:
        sizes = [cursor.number() for _ in range(outputs)]
        folder.unpacked = sizes[last]
    folders = [folder for folder, _, _ in read]
    for _ in cursor.sections(CRC):
        for folder, checksum in zip(folders, cursor.checksums(count), strict=True):
            folder.checksum = checksum
    return folders


def _read_folder(cursor: Cursor) -> tuple[Folder, int, int]:
    """A folder, how many outputs its coders have, and which of them is the content."""
    coders: list[Coder] = []
    inputs = outputs = 0
    for _ in range(_capped(cursor, 1, _MOST_CODERS)):
        flags = cursor.byte()
        method = cursor.bytes(flags & 0xF)
        ways = [_capped(cursor, 1, 4) for _ in range(2)] if flags & 0x10 else [1, 1]
        inputs, outputs = inputs + ways[0], outputs + ways[1]
        coders.append(Coder(method, cursor.bytes(cursor.number()) if flags & 0x20 else b""))
    bound = [(cursor.number(), cursor.number()) for _ in range(outputs - 1)]
    streams = inputs - len(bound)
    if streams > 1:
        for _ in range(streams):
            cursor.number()
    free = [output for output in range(outputs) if output not in {end for _, end in bound}]
    if streams < 1 or len(free) != 1:
        raise ContainerError(_CONTRADICTION)
    return Folder(coders, streams), outputs, free[0]


def _capped(cursor: Cursor, least: int, most: int) -> int:
    number = cursor.number()
    if not least <= number <= most:
        raise ContainerError(_UNKNOWN)
    return number


def _read_parts(cursor: Cursor, folders: Sequence[Folder]) -> None:
    """How the folders' contents are divided among members."""
    counts = [1] * len(folders)
    divided = False
    for mark in cursor.sections(COUNT, SIZE, CRC):
        if mark == COUNT:
            counts = [cursor.count("members") for _ in folders]
            if sum(counts) > MAX_ZIP_ENTRIES:
                raise ContainerError(f"The 7z archive lists more than {MAX_ZIP_ENTRIES:,} members.")
        elif mark == SIZE:
            _divide(folders, counts, cursor.number)
            divided = True
        else:
            if not divided:
                _divide(folders, counts)
                divided = True
            _read_checksums(cursor, [folder for folder in folders if not _is_known(folder)])
    if not divided:
        _divide(folders, counts)


def _read_checksums(cursor: Cursor, folders: Sequence[Folder]) -> None:
    checksums = iter(cursor.checksums(sum(len(folder.sizes) for folder in folders)))
    for folder in folders:
        folder.checksums = [next(checksums) for _ in folder.sizes]


def _divide(folders: Sequence[Folder], counts: Sequence[int], size: Callable[[], int] | None = None) -> None:
    """Divide the folders' contents: all sizes are said but the last, which is what is left."""
    for folder, count in zip(folders, counts, strict=True):
        said = [size() for _ in range(count - 1)] if size else []
        if len(said) != max(0, count - 1) or sum(said) > folder.unpacked:
            raise ContainerError(_CONTRADICTION)
        folder.sizes = [*said, folder.unpacked - sum(said)] if count else []
        folder.checksums = [folder.checksum] if count == 1 else [None] * count


def _is_known(folder: Folder) -> bool:
    """Whether the checksum of the folder is that of its one member."""
    return len(folder.sizes) == 1 and folder.checksum is not None


def _read_files(cursor: Cursor) -> list[Entry]:
    count = cursor.count("members")
    empty, files, names, attributes = [False] * count, [False] * count, [""] * count, [0] * count
    seen: set[int] = set()
    while (mark := cursor.number()) != END:
        part = Cursor(cursor.bytes(cursor.number()))
        if mark in seen:
            continue  # padding, or nothing that 7-Zip writes
        seen.add(mark)
        if mark == EMPTY_STREAM:
            empty = part.bits(count)
        elif mark == EMPTY_FILE:
            said = iter(part.bits(sum(empty)))
            files = [is_empty and next(said) for is_empty in empty]
        elif mark == NAMES:
            part.expect(0)
            names = [_read_name(part) for _ in range(count)]
        elif mark == ATTRIBUTES:
            present = part.optional_bits(count)
            part.expect(0)
            attributes = [unpack_from("<I", part.bytes(4))[0] if there else 0 for there in present]
    return [
        Entry(
            name=name,
            is_link=bool(bits & _IS_LINK),
            is_folder=(is_empty and not is_file) or bool(bits & _IS_FOLDER),
            mode=bits >> 16 if bits & _IS_UNIX else 0,
            has_content=not is_empty,
        )
        for name, is_empty, is_file, bits in zip(names, empty, files, attributes, strict=True)
    ]


def _read_name(cursor: Cursor) -> str:
    raw = bytearray()
    while (unit := cursor.bytes(2)) != b"\0\0":
        raw += unit
    return raw.decode("utf-16-le", "replace")
