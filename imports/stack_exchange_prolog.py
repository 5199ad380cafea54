"""What stands before the first row of a table of the Stack Exchange data dump.

Format: XML 1.0, https://www.w3.org/TR/xml/#sec-prolog-dtd. A document type is passed over here, by
its bytes: nothing that it names is opened, and one with declarations inside is refused.
"""

import re
from dataclasses import dataclass

_NAME = rb"[A-Za-z_][A-Za-z0-9_.:-]*+"
_QUOTED = rb"(?:\"[^\"<]*+\"|'[^'<]*+')"
_BLANK = rb"[ \t\r\n]"
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?+(?:%s++|<!--(?:(?!-->).)*+-->|<\?(?:(?!\?>).)*+\?>)*+" % _BLANK, re.DOTALL)
_DOCTYPE = re.compile(
    rb"<!DOCTYPE%(b)s++(?P<table>%(n)s)(?:%(b)s++(?P<where>SYSTEM|PUBLIC%(b)s++%(q)s)%(b)s++%(q)s)?+%(b)s*+(?P<end>[\[>])"
    % {b"b": _BLANK, b"n": _NAME, b"q": _QUOTED}
)
_ROOT = re.compile(
    rb"<(?P<table>%(n)s)(?:%(b)s++%(n)s%(b)s*+=%(b)s*+%(q)s)*+%(b)s*+(?P<empty>/?+)>"
    % {b"b": _BLANK, b"n": _NAME, b"q": _QUOTED}
)
_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?+<\?xml%s[^>]*?encoding%s*+=%s*+[\"']([A-Za-z0-9._-]++)" % ((_BLANK,) * 3))
_DECLARATION = re.compile(rb"<!(?:ELEMENT|ATTLIST|ENTITY|NOTATION)" + _BLANK)
_UTF8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})

_NO_TABLE = "The file does not begin as a table of a Stack Exchange dump does."
_DECLARES = (
    "The file begins with declarations of its own (a DTD), which no dump has. They could make its rows say anything, "
    "so it is not read."
)
_ELSEWHERE = "The document type that the file names is another file, which is not opened; nothing depends on it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Prolog:
    """The beginning of a table, to the end of the tag that opens it."""

    table: str  # “posts”
    end: int  # bytes
    is_empty: bool  # whether the opening tag closes the table as well
    remarks: tuple[str, ...]  # sentences


def find_prolog(head: bytes) -> Prolog | str:
    """The prolog in the first bytes of a file, or a sentence that says why there is none to read."""
    place = _end_of(_BEFORE, head, 0)
    doctype = _DOCTYPE.match(head, place)
    if doctype is not None:
        if doctype["end"] == b"[":
            return _DECLARES
        place = _end_of(_BEFORE, head, doctype.end())
    root = _ROOT.match(head, place)
    if root is None:
        return _NO_TABLE
    remarks = (_ELSEWHERE if doctype and doctype["where"] else None, _remark_on_encoding(head))
    return Prolog(
        table=root["table"].decode("ascii"),
        end=root.end(),
        is_empty=bool(root["empty"]),
        remarks=tuple(remark for remark in remarks if remark),
    )


def table_of(head: bytes) -> str | None:
    """The table that the first bytes of a file open, if any; one that is refused for its declarations too."""
    place = _end_of(_BEFORE, head, 0)
    doctype = _DOCTYPE.match(head, place)
    if doctype is not None and doctype["end"] == b"[":
        return doctype["table"].decode("ascii")
    found = find_prolog(head)
    return found.table if isinstance(found, Prolog) and _holds_rows(head, found) else None


def is_document_type(head: bytes) -> bool:
    """Whether a file is a document type definition, such as a DOCTYPE names beside a table."""
    return _DECLARATION.match(head, _end_of(_BEFORE, head, 0)) is not None


def _holds_rows(head: bytes, prolog: Prolog) -> bool:
    """Other XML may have a root of that name: a dump has rows, or nothing at all."""
    return prolog.is_empty or b"<row" in head or head.startswith(b"</", _end_of(_BEFORE, head, prolog.end))


def _remark_on_encoding(head: bytes) -> str | None:
    declared = _ENCODING.match(head)
    encoding = declared[1].decode("ascii") if declared else "utf-8"
    return None if encoding.lower() in _UTF8 else f"The file says that it is in {encoding}; it was read as UTF-8."


def _end_of(pattern: re.Pattern[bytes], head: bytes, place: int) -> int:
    match = pattern.match(head, place)
    return match.end() if match else place
