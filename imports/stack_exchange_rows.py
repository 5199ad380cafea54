"""The rows of a table of the Stack Exchange data dump, with their places in bytes.

Format: XML 1.0 in UTF-8, `<posts>` or another table's name around `<row Id="1" …/>` elements:
https://meta.stackexchange.com/questions/2677. What it means: `imports.stack_exchange`; how expat is
kept to it: `imports.stack_exchange_parser`.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from imports.limits import DETECTION_BYTES, MAX_ROW_BYTES, MAX_ROW_FIELDS
from imports.stack_exchange_parser import Fault, Fields, RowParser
from imports.stack_exchange_prolog import Prolog, find_prolog

_READ_AT_ONCE = 64 * 1024  # bytes; after each bad row, what is left of them is given to expat again
_LOOK_BACK = 32  # bytes that are kept of a stretch that cannot be read: longer than the opening of a row
_ROW_CLOSING = re.compile(rb"</row[ \t\r\n]*+>")
_TOO_LONG = f"is longer than {MAX_ROW_BYTES // 2**20} MiB"
_TOO_WIDE = f"has more than {MAX_ROW_FIELDS} fields"


class Row(NamedTuple):
    """One row; its fields are those that the file gives, and no others."""

    offset: int  # bytes from the start of the file
    length: int  # bytes
    fields: Fields


class Between(NamedTuple):
    """What stands before, between and after rows."""

    offset: int
    length: int
    foreign: str | None  # what stands there that does not belong there, if anything


class Broken(NamedTuple):
    """A stretch that is not XML, or no row."""

    offset: int
    length: int
    reason: str  # a sentence


class Remark(NamedTuple):
    """Something to be said of a stretch that another piece covers."""

    offset: int
    length: int
    text: str  # a sentence


Piece = Row | Between | Broken | Remark


def read_rows(file: BinaryIO, table: str, *, start: int = 0) -> Iterator[Piece]:
    """Yield the rows of a table and everything around them, in file order. Never raises on bad content.

    :param file: the unpacked file, at its beginning; it can seek.
    :param table: what the file has to hold: “posts”.
    :param start: the byte after a row or a broken stretch; what lies before was yielded by an earlier run.
    """
    head = file.read(DETECTION_BYTES)
    found = find_prolog(head)
    if isinstance(found, Prolog) and found.table != table:
        found = f"The file holds the table “{found.table[:80]}”, not “{table}”."
    if isinstance(found, str):
        if start == 0:
            yield Broken(0, len(head) + _count_rest(file), found)
        return
    if start == 0:
        yield Between(0, found.end, None)
        yield from (Remark(0, found.end, text) for text in found.remarks)
    offset = max(start, found.end)
    file.seek(offset)
    yield from _Rows(file, table.encode(), offset, is_empty=found.is_empty and start == 0).pieces()


def _count_rest(file: BinaryIO) -> int:
    size = 0
    while chunk := file.read(_READ_AT_ONCE):
        size += len(chunk)
    return size


class _Rows:
    """A table from one place on."""

    def __init__(self, file: BinaryIO, table: bytes, offset: int, *, is_empty: bool) -> None:
        self._file, self._table = file, table
        self._next_place = re.compile(rb"<row(?=[ \t\r\n/>])|</%s(?=[ \t\r\n>])" % table)
        self._reached = offset  # everything before it has been yielded
        self._window, self._window_at = b"", offset  # the last bytes read, which may be needed again
        self._fault: Fault | None = None  # while the next row is looked for
        self._parser = RowParser(table, offset, is_empty=is_empty)

    def pieces(self) -> Iterator[Piece]:
        """Yield everything to the end of the file."""
        block: bytes | None = None
        while block != b"":
            block = self._file.read(_READ_AT_ONCE)
            unread = self._end
            self._window += block
            yield from self._advance(unread, is_last=not block)
            self._forget()
        yield from self._finish()

    @property
    def _end(self) -> int:
        return self._window_at + len(self._window)

    def _advance(self, unread: int, *, is_last: bool) -> Iterator[Piece]:
        """Read the window from that byte on, over as many bad rows as there are."""
        while True:
            if self._fault is None:
                yield from self._parse(memoryview(self._window)[unread - self._window_at :], is_last=is_last)
            if self._fault is not None:
                place = self._next_place.search(self._window, max(0, self._fault.offset + 1 - self._window_at))
                if place is None:
                    return
                yield from self._set_aside(self._fault, self._before_blanks(place.start()))
                self._parser.close()
                self._parser, self._fault = RowParser(self._table, self._reached), None
            elif self._parser.is_full:
                self._parser = self._parser.renewed(self._parser.pending)
            else:
                return
            unread = self._parser.begin

    def _parse(self, raw: memoryview, *, is_last: bool) -> Iterator[Piece]:
        fault = self._parser.feed(raw, is_last=is_last)
        yield from self._take_rows()
        if fault is None and self._end - self._parser.pending > MAX_ROW_BYTES:
            fault = self._parser.fault_at(self._parser.pending, _TOO_LONG)
        self._fault = fault

    def _take_rows(self) -> Iterator[Piece]:
        for begin, tag_end, fields, foreign in self._parser.rows:
            if begin > self._reached:
                yield Between(self._reached, begin - self._reached, foreign)
            self._reached = end = tag_end + self._closing_after(tag_end)
            if len(fields) > MAX_ROW_FIELDS or end - begin > MAX_ROW_BYTES:
                what = _TOO_LONG if end - begin > MAX_ROW_BYTES else _TOO_WIDE
                yield Broken(begin, end - begin, _sentence(begin, what))
            else:
                yield Row(begin, end - begin, fields)
        self._parser.rows.clear()

    def _closing_after(self, end: int) -> int:
        """How long the `</row>` is that follows a tag; one that ends in `/>` has none."""
        place = end - self._window_at
        if self._window.endswith(b"/>", 0, place):
            return 0
        closing = _ROW_CLOSING.match(self._window, place)
        return len(closing[0]) if closing else 0

    def _before_blanks(self, place: int) -> int:
        """The byte at which the blanks begin that end at a place of the window."""
        while place > 0 and self._window[place - 1] in b" \t\r\n":
            place -= 1
        return self._window_at + place

    def _set_aside(self, fault: Fault, end: int) -> Iterator[Piece]:
        begin = max(self._reached, fault.begin)
        if begin > self._reached:
            yield Between(self._reached, begin - self._reached, None)
        yield Broken(begin, end - begin, _sentence(begin, fault.what))
        self._reached = end

    def _forget(self) -> None:
        """Keep of the window only what may be needed again."""
        needed = self._end - _LOOK_BACK if self._fault else self._parser.pending
        if needed > self._window_at:
            self._window, self._window_at = self._window[needed - self._window_at :], needed

    def _finish(self) -> Iterator[Piece]:
        is_open = self._fault is not None and self._fault.offset == self._end and self._parser.is_between_rows
        if self._fault is not None and not is_open:
            yield from self._set_aside(self._fault, self._end)
        elif self._end > self._reached:
            yield Between(self._reached, self._end - self._reached, self._parser.foreign)
        if is_open:
            text = f"The file ends without </{self._table.decode()}>: it may have been cut off."
            yield Remark(self._end, 0, text)


def _sentence(offset: int, what: str) -> str:
    return f"What begins at byte {offset:,} {what}."
