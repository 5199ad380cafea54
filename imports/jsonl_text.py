"""Threads from JSON lines: each line is `{"text": …}`, and each text is a thread in the plain layout.

Format: https://jsonlines.org over RFC 8259. Lines end with LF. A post's stretch is the very bytes
between the quotes that hold it, escapes and all, so that every claim can be checked in the original.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import BinaryIO

import orjson

from archive.domain.ids import Sha256
from archive.domain.one_line import one_line
from archive.domain.records import (
    Checkpoint,
    Item,
    Layout,
    LineReading,
    Markup,
    Note,
    RawRef,
    Skipped,
    Unreadable,
)
from imports.json_lines import Line, json_fault, parse_object, read_lines
from imports.limits import MAX_LINE_BYTES, MAX_OBJECT_BYTES
from imports.text_encoding import FixedWidthOffsets, MeasuredOffsets, Offsets
from imports.thread_items import NO_CORRECTIONS, ThreadSource, read_thread

_SET_ASIDE = (Skipped, Unreadable)
_TOKEN = re.compile(
    rb'"(?:[^"\\]++|\\.)*+"?+|[{}\[\],:]', re.DOTALL
)  # a string that never ends is looked for only once
_ESCAPE = re.compile(rb"\\(?:u[dD][89abAB]..\\u....|u....|.)", re.DOTALL)  # a surrogate pair is one character
_NO_TEXT = "has no field “text” that holds a string."
_SIMPLE_ESCAPE_BYTES, _PAIR_BYTES = 2, 12


class EscapedOffsets:
    """Where the characters of a JSON string stand, each escape counted at its full length."""

    __slots__ = ("_base", "_escapes", "_excess", "_utf8")

    def __init__(self, text: str, literal: bytes, *, base: int) -> None:
        """`literal` is the string between its quotes; `base`, where in the original it begins."""
        self._base = base
        self._utf8: Offsets = (
            FixedWidthOffsets(base=0, width=1) if text.isascii() else MeasuredOffsets(text, encoding="utf-8", base=0)
        )
        escapes = [(match.start(), _excess(match[0])) for match in _ESCAPE.finditer(literal)]
        self._excess = [0, *accumulate(excess for _, excess in escapes)]  # by the escapes so far, in bytes
        self._escapes = [  # where each escaped character begins in the text's UTF-8
            start - excess for (start, _), excess in zip(escapes, self._excess, strict=False)
        ]

    def at(self, index: int) -> int:
        """See `Offsets.at`."""
        unescaped = self._utf8.at(index)
        return self._base + unescaped + self._excess[bisect_left(self._escapes, unescaped)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _TextField:
    """The text of one line, and its bytes between the quotes."""

    text: str
    start: int  # bytes from the start of the line
    end: int
    other_fields: tuple[str, ...]


def read_threads(
    file: BinaryIO,
    *,
    original: Sha256,
    start: int = 0,
    markup: Markup = Markup.PLAIN,
    corrections: Mapping[int, LineReading] = NO_CORRECTIONS,
) -> Iterator[Item]:
    """Yield the posts of one thread a line and everything around them, in file order.

    A checkpoint follows each line. Never raises on bad content.

    :param file: the unpacked file, at its beginning; it can seek.
    :param start: the byte at which a line begins; everything before it was yielded by an earlier run.
    :param corrections: how the archivist reads lines that stand alone, by their offset in bytes.
    """
    announced: set[tuple[str, ...]] = set()
    for line in read_lines(file, start):
        whole = RawRef(original=original, offset=line.offset, length=line.length)
        found = _find_text(line.raw)
        match found:
            case None:
                yield Layout(ref=whole)
            case str():
                yield Unreadable(ref=whole, reason=f"Line {line.number} {found}")
            case _TextField():
                if found.other_fields and found.other_fields not in announced:
                    announced.add(found.other_fields)
                    yield Note(ref=whole, text=_tell_unread(line.number, found.other_fields))
                yield from _read_text(line, found, original=original, markup=markup, corrections=corrections)
        yield Checkpoint(line.offset + line.length)


def _tell_unread(number: int, fields: Sequence[str]) -> str:
    names = ", ".join(f"“{one_line(name)}”" for name in fields)
    return f"Only “text” is read; from line {number} on there are other fields, which are not: {names}."


def _read_text(
    line: Line,
    found: _TextField,
    *,
    original: Sha256,
    markup: Markup,
    corrections: Mapping[int, LineReading],
) -> Iterator[Item]:
    begin, end = line.offset + found.start, line.offset + found.end
    source = ThreadSource(
        text=found.text,
        offsets=EscapedOffsets(found.text, line.raw[found.start : found.end], base=begin),
        original=original,
        markup=markup,
        corrections=corrections,
    )
    yield Layout(ref=RawRef(original=original, offset=line.offset, length=found.start))
    for item in read_thread(source):
        if isinstance(item, _SET_ASIDE):
            yield replace(item, reason=f"Line {line.number}: {item.reason}")
        else:
            yield item
    yield Layout(ref=RawRef(original=original, offset=end, length=line.length - found.end))


def _find_text(raw: bytes) -> _TextField | str | None:
    """The field; None in a blank line; or what is wrong: a sentence without its “Line 7” at the front."""
    if len(raw) > MAX_LINE_BYTES:
        return f"is longer than {MAX_LINE_BYTES // 2**20} MiB."
    if len(raw) > MAX_OBJECT_BYTES:
        return _find_long_text(raw)
    value = parse_object(raw)
    if not isinstance(value, dict):
        return value
    text = value.get("text")
    if not isinstance(text, str):
        return _NO_TEXT
    start, end = _last_text_value(raw)
    return _text_field(text, value, start, end)


def _find_long_text(raw: bytes) -> _TextField | str | None:
    """The same where a line is too long to be parsed at once: its text is parsed apart from what stands around it."""
    start, literal = 0, b""  # it may be a key that is none
    try:
        start, end = _last_text_value(raw)
        literal = raw[start - 1 : end + 1] if start else b""
        text = orjson.loads(literal) if start else None
    except orjson.JSONDecodeError as error:
        return json_fault(literal, error)
    around = raw[: start - 1] + b"0" + raw[end + 1 :] if start else raw
    if len(around) > MAX_OBJECT_BYTES:
        return f"holds more than {MAX_OBJECT_BYTES // 2**20} MiB beside its text."
    value = parse_object(around)
    if not isinstance(value, dict):
        return value
    return _text_field(text, value, start, end) if isinstance(text, str) else _NO_TEXT


def _text_field(text: str, fields: Mapping[str, object], start: int, end: int) -> _TextField:
    return _TextField(text=text, start=start, end=end, other_fields=tuple(sorted(fields.keys() - {"text"})))


def _last_text_value(raw: bytes) -> tuple[int, int]:
    """Where the string stands whose key is “text”, without its quotes. Of several, JSON takes the last."""
    span = (0, 0)
    depth = 0
    key: bytes | None = None
    for token in _TOKEN.finditer(raw):
        match token[0][:1]:
            case b"{" | b"[":
                depth += 1
            case b"}" | b"]":
                depth -= 1
            case b",":
                key = None
            case b'"' if depth == 1 and key is None:
                key = token[0]
            case b'"' if depth == 1 and key is not None and orjson.loads(key) == "text":
                span = (token.start() + 1, token.end() - 1)
    return span


@lru_cache(maxsize=4096)  # a text has many escapes, and nearly all of them are line ends and quotes
def _excess(escape: bytes) -> int:
    """The bytes by which an escape is longer than the character in UTF-8 that it stands for."""
    if len(escape) == _PAIR_BYTES:
        return _PAIR_BYTES - 4
    if len(escape) == _SIMPLE_ESCAPE_BYTES:
        return _SIMPLE_ESCAPE_BYTES - 1
    code_point = int(escape[2:], 16)
    return len(escape) - (1 if code_point < 0x80 else 2 if code_point < 0x800 else 3)
