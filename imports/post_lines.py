"""Posts from lines of JSON, or from one JSON document: what the readers of forums share.

A document is told from lines by its beginning. Lines are read one at a time, with a checkpoint
after each; a document is read whole, and can be gone on with only at its end. Nested objects,
in a line or in a document, are cut apart by `imports.json_places`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO, NamedTuple, Protocol

from archive.domain.ids import Sha256
from archive.domain.records import (
    Checkpoint,
    Item,
    KnownGap,
    Layout,
    Note,
    PostRecord,
    RawRef,
    Skipped,
    Unreadable,
    WholeThread,
)
from imports.json_lines import UTF8_BOM, Line, parse_object, read_lines
from imports.json_places import OUTSIDE, Node, Piece, Places, Route, find_places, parse_own
from imports.limits import DETECTION_BYTES, MAX_LINE_BYTES, MAX_THREAD_BYTES
from imports.remarks import Remarks

PlacedItem = PostRecord | Layout | Skipped | Unreadable | Note | KnownGap | WholeThread  # an Item that has a place
Object = dict[str, Any]

_LIST_OF_OBJECTS = re.compile(rb"\[\s*+(?:\{|$)")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+("?+)')  # or what is begun of one: it is looked for only once
_OPENING, _CLOSING = (b"{", b"["), (b"}", b"]")
_WRAPPING = re.compile(rb"[\s\[\],]*")  # between the outermost objects: of a list, or nothing
_CHUNK_BYTES = 1024 * 1024


class Place(NamedTuple):
    """Where an object stands."""

    ref: RawRef
    name: str  # “Line 7”, to begin a sentence with


class Family(NamedTuple):
    """Objects of one line or document that are nested in one another."""

    raw: bytes
    places: Places
    number: int  # of the line in which it begins

    def parse(self, node: Node) -> Object | str:
        """An object without those inside it, or what is wrong: a sentence without its subject."""
        if not node.is_whole:
            return f"cannot be read, because what it stands in {self.places.fault}."
        value: Object | str = parse_own(self.places.own_bytes(self.raw, node))  # it begins with a brace
        return value


class FlatReader(Protocol):
    """How one format's objects become items, when none is nested in another."""

    def read_object(self, value: Object, place: Place, remarks: Remarks) -> Iterable[PlacedItem]:
        """The items of one object: exactly one covers the place's stretch."""
        ...


class NestedReader(FlatReader, Protocol):
    """How one format's objects become items, when they may be nested."""

    route: Route
    main_keys: Sequence[str]  # of the text first: the piece that has it stands for the object
    nesting: re.Pattern[bytes]  # found in every line that holds objects in an object

    def read_family(self, family: Family) -> Callable[[int, Place, Remarks], Iterable[PlacedItem]]:
        """How to read each object of a line or document, by its index: exactly one item covers the place's stretch."""
        ...


def read_lines_of_posts(file: BinaryIO, reader: FlatReader, *, original: Sha256, start: int) -> Iterator[Item]:
    """Yield the items of an object a line, and a checkpoint after each line. Never raises on bad content."""

    def read_flat(line: Line, ref: RawRef, remarks: Remarks) -> Iterable[PlacedItem]:
        return _read_flat(line, ref, reader, remarks)

    return _read_each_line(file, read_flat, original=original, start=start)


def read_nested_posts(file: BinaryIO, reader: NestedReader, *, original: Sha256, start: int) -> Iterator[Item]:
    """Yield the items of lines or of one document. Never raises on bad content."""
    file.seek(0)
    if not begins_document(file.read(DETECTION_BYTES)):

        def read_line(line: Line, ref: RawRef, remarks: Remarks) -> Iterable[PlacedItem]:
            if len(line.raw) <= MAX_LINE_BYTES and reader.nesting.search(line.raw):
                return read_nested(line.raw, reader, remarks, ref=ref, number=line.number)
            return _read_flat(line, ref, reader, remarks)

        yield from _read_each_line(file, read_line, original=original, start=start)
    elif start == 0:
        yield from _read_document(file, reader, original)


def begins_document(head: bytes) -> bool:
    """Whether these first bytes are the beginning of one JSON document rather than of lines of JSON."""
    first_line, line_end, rest = head.removeprefix(UTF8_BOM).lstrip().partition(b"\n")
    if _LIST_OF_OBJECTS.match(first_line):
        return True
    bare = _STRING.sub(lambda string: b"" if string[1] else b'"', first_line).rstrip()
    if not line_end or not bare.startswith(b"{") or not bare.endswith((b"{", b"[", b",")) or b'"' in bare:
        return False
    # A line that was cut off after a field looks like the first of a document; but then the next begins anew.
    unclosed = sum(map(bare.count, _OPENING)) - sum(map(bare.count, _CLOSING))
    return unclosed > 1 or not rest.lstrip().startswith(b"{")


def read_nested(
    raw: bytes, reader: NestedReader, remarks: Remarks, *, ref: RawRef, number: int
) -> Iterator[PlacedItem]:
    """Yield the items of one line or document, at most one for each of its pieces that covers anything.

    :param number: of the line in which it begins.
    """
    places = find_places(raw, reader.route, reader.main_keys)
    read_node = reader.read_family(Family(raw, places, number))
    main = [node.main_piece(reader.main_keys) for node in places.nodes]
    here = number
    for index, piece in enumerate(places.pieces):
        if piece.start == piece.end:
            continue
        stretch = RawRef(original=ref.original, offset=ref.offset + piece.start, length=piece.end - piece.start)
        if piece.node == OUTSIDE:
            is_last = index == len(places.pieces) - 1
            yield _outside(raw[piece.start : piece.end], stretch, here, places.fault if is_last else None)
        elif main[piece.node] == index or _is_broken(places, piece, raw):
            yield from read_node(piece.node, Place(stretch, f"Line {here}"), remarks)
        else:
            yield Layout(ref=stretch)
        here += raw.count(b"\n", piece.start, piece.end)


def _is_broken(places: Places, piece: Piece, raw: bytes) -> bool:
    """Whether a piece may hold something of an object that breaks off: nobody knows where its text would be."""
    return not places.nodes[piece.node].is_whole and not _WRAPPING.fullmatch(raw, piece.start, piece.end)


def _outside(raw: bytes, ref: RawRef, number: int, fault: str | None) -> Layout | Unreadable:
    if fault:
        return Unreadable(ref=ref, reason=f"Line {number} {fault}.")
    if _WRAPPING.fullmatch(raw.removeprefix(UTF8_BOM)):
        return Layout(ref=ref)
    return Unreadable(ref=ref, reason=f"Line {number}: what stands here belongs to no post.")


def _read_flat(line: Line, ref: RawRef, reader: FlatReader, remarks: Remarks) -> Iterable[PlacedItem]:
    value = parse_object(line.raw)
    if isinstance(value, dict):
        return reader.read_object(value, Place(ref, f"Line {line.number}"), remarks)
    if value is None:
        return (Layout(ref=ref),)
    return (Unreadable(ref=ref, reason=f"Line {line.number} {value}"),)


_ReadLine = Callable[[Line, RawRef, Remarks], Iterable[PlacedItem]]


def _read_each_line(file: BinaryIO, read_line: _ReadLine, *, original: Sha256, start: int) -> Iterator[Item]:
    def look_back() -> set[str]:
        here, remarks = file.tell(), Remarks()
        for line in read_lines(file, 0):
            if line.offset >= start:
                break
            for _ in read_line(line, RawRef(original=original, offset=line.offset, length=line.length), remarks):
                pass
        file.seek(here)
        return remarks.made

    remarks = Remarks(look_back if start else None)
    for line in read_lines(file, start):
        offset, length = line.offset, line.length
        yield from read_line(line, RawRef(original=original, offset=offset, length=length), remarks)
        yield Checkpoint(offset + length)


def _read_document(file: BinaryIO, reader: NestedReader, original: Sha256) -> Iterator[Item]:
    file.seek(0)
    raw = file.read(MAX_THREAD_BYTES + 1)
    if len(raw) <= MAX_THREAD_BYTES:
        yield from read_nested(
            raw, reader, Remarks(), ref=RawRef(original=original, offset=0, length=len(raw)), number=1
        )
        yield Checkpoint(len(raw))
        return
    length = len(raw)
    del raw
    while chunk := file.read(_CHUNK_BYTES):
        length += len(chunk)
    reason = f"The document is longer than {MAX_THREAD_BYTES // 2**20} MiB. Lines of JSON may be of any number."
    yield Unreadable(ref=RawRef(original=original, offset=0, length=length), reason=reason)
    yield Checkpoint(length)
