"""Expat, kept to rows: a parser that stands inside a table and knows nothing but elements.

What stands before the first row is never given to expat, a document type least of all: it gets the
opening of the table and then the bytes of rows, a place at which XML allows no declaration. So there
is no entity to expand, no default to fill in, nothing to fetch. See docs/decisions/0009-rows-by-expat.md.
"""

from collections.abc import Callable
from typing import NamedTuple
from xml.parsers import expat  # what it may be told here cannot harm: see above

from imports.limits import MAX_FOREIGN_NAMES, MAX_XML_DEPTH, MAX_XML_NAMES

Fields = dict[str, str]

_ROW = "row"
_IN_TABLE = 1  # elements around a row
_DECLARATIONS = (  # a second wall: they are called for what the first should have kept out
    "StartDoctypeDeclHandler",
    "EntityDeclHandler",
    "AttlistDeclHandler",
    "UnparsedEntityDeclHandler",
    "ExternalEntityRefHandler",
)
_CUT_OFF = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
}
_FOREIGN_STARTS = (("<!--", "a comment"), ("<?", "an instruction"))  # anything else is text


class Fault(NamedTuple):
    """Why nothing could be read on."""

    begin: int  # the byte at which it begins, unless that was read before
    offset: int  # the byte after which the next row is to be looked for
    what: str  # a sentence without its “What begins at byte 7” and its full stop


class FoundRow(NamedTuple):
    """A row as expat found it."""

    begin: int  # bytes from the start of the file
    end: int  # after its one tag; or before its closing tag
    fields: Fields
    foreign: str | None  # what stands before it that does not belong between rows


class NoRowError(Exception):
    """Expat met something in a row, or between rows, that cannot be passed over."""

    def __init__(self, index: int, what: str) -> None:
        self.index, self.what = index, what  # the index counts what the parser was given
        super().__init__(what)


class RowParser:
    """A parser at a byte between two rows of a table."""

    def __init__(self, table: bytes, begin: int, *, is_empty: bool = False) -> None:
        """`is_empty`: whether the table was closed where it was opened."""
        opening = b"<%s/>" % table if is_empty else b"<%s>" % table
        self._table, self.begin = table, begin
        self.rows: list[FoundRow] = []  # found and not yet taken
        self.foreign: str | None = None  # what stands after the last row that does not belong there
        self._sound_to = begin  # what stands before it was in order; where it was foreign, not all of it
        self._shift = begin - len(opening)
        self._depth = 0
        self._row: tuple[int, Fields] | None = None  # that is open, and where it begins
        self._foreign_names = 0  # elements and attributes that are no rows, since the last one
        self._expat = make_expat(start=self._start, end=self._end, other=self._other)
        self._expat.Parse(opening)

    @property
    def pending(self) -> int:
        """The byte at which something begins that has not come to its end."""
        return self._expat.CurrentByteIndex + self._shift

    @property
    def is_between_rows(self) -> bool:
        """Whether the table is open and nothing in it."""
        return self._depth == _IN_TABLE

    @property
    def is_full(self) -> bool:
        """Whether it should be replaced: expat keeps every name it met as long as it lives."""
        return self.is_between_rows and len(self._expat.intern) > MAX_XML_NAMES

    def feed(self, raw: memoryview, *, is_last: bool) -> Fault | None:
        """Read on; what is found is in `rows`, also when there is a fault. After one, only `close` may follow."""
        try:
            self._expat.Parse(raw, is_last)
        except expat.ExpatError as error:
            return self.fault_at(self._expat.ErrorByteIndex + self._shift, self._in_words(error.code))
        except NoRowError as error:
            return self.fault_at(error.index + self._shift, error.what)
        return None

    def renewed(self, begin: int) -> "RowParser":
        """A fresh parser for what comes after that byte between rows, in place of this one."""
        parser = RowParser(self._table, begin)
        parser.foreign, parser._foreign_names = self.foreign, self._foreign_names
        self.close()
        return parser

    def close(self) -> None:
        """Let go of the parser at once: it and its handlers hold each other."""
        self._expat.StartElementHandler = self._expat.EndElementHandler = self._expat.DefaultHandler = None

    def _start(self, name: str, fields: Fields) -> None:
        depth = self._depth
        self._depth = depth + 1
        if depth == _IN_TABLE and name == _ROW:
            self._row = (self._expat.CurrentByteIndex + self._shift, fields)
        elif depth:
            self._pass_over(name, fields)

    def _end(self, _: str) -> None:
        self._depth -= 1
        if self._row is not None:
            begin, fields = self._row
            self.rows.append(FoundRow(begin, self._expat.CurrentByteIndex + self._shift, fields, self.foreign))
            self._row = self.foreign = None
            self._foreign_names = 0
        elif self._depth < _IN_TABLE:
            self._sound_to = self._expat.CurrentByteIndex + self._shift

    def _other(self, text: str) -> None:
        self._sound_to = self._expat.CurrentByteIndex + self._shift + len(text.encode())
        if text.isspace():
            return
        if self._row is not None:
            self._stop("is a row that holds more than its fields")
        if self.foreign is None:
            self.foreign = next((name for start, name in _FOREIGN_STARTS if text.startswith(start)), "text")

    def _pass_over(self, name: str, fields: Fields) -> None:
        self._foreign_names += 1 + len(fields)
        if self._row is not None:
            self._stop("is a row that holds more than its fields")
        if self._depth > MAX_XML_DEPTH:
            self._stop(f"is nested deeper than {MAX_XML_DEPTH} levels")
        if self._foreign_names > MAX_FOREIGN_NAMES:
            self._stop(f"holds more than {MAX_FOREIGN_NAMES:,} names that are not those of rows")
        if self.foreign is None:
            self.foreign = f"<{name[:80]}>"

    def _in_words(self, code: int) -> str:
        if code in _CUT_OFF:
            return "is cut off: the file ends in it"
        return f"is not XML: {expat.errors.messages[code]}"

    def fault_at(self, offset: int, what: str) -> Fault:
        """A fault that shows at that byte of the file."""
        if self._row is not None:
            return Fault(self._row[0], offset, what)
        if self._depth < _IN_TABLE:  # how expat sees it depends on where the blocks of the file end
            offset, what = self._sound_to, "stands after the end of the table"
        return Fault(0 if self.foreign else self._sound_to, offset, what)

    def _stop(self, what: str) -> None:
        raise NoRowError(self._expat.CurrentByteIndex, what)


def make_expat(
    *, start: Callable[[str, Fields], None], end: Callable[[str], None], other: Callable[[str], None]
) -> expat.XMLParserType:
    """An expat that reads UTF-8 and stops at any declaration."""
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.DefaultHandler = other
    for name in _DECLARATIONS:
        setattr(parser, name, _refuse)
    return parser


def _refuse(*_: object) -> None:
    raise NoRowError(0, "is a declaration")
