"""Where the messages of an mbox file begin and end.

Format: RFC 4155. A line that begins with “From ” after a blank line opens a message, if it looks like
what mail programs write there: not every writer quotes such lines within a message.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from imports.limits import MAX_MESSAGE_BYTES
from imports.mail_header import KNOWN_FIELDS

_OPENING = b"\nFrom "
_READ_AT_ONCE = 1024 * 1024  # bytes
_SEPARATOR_BYTES = 256  # an address and a date; longer lines are prose
_LOOKAHEAD = 1024  # bytes that must stand behind a line to judge it: it, and the names of some fields

_MONTH = rb"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATED = re.compile(
    rb"From (?=[^\n]{0,%d}\n)(?:[^\n]*[ \t])?" % _SEPARATOR_BYTES
    + rb"(?:%b[ \t]+\d{1,2}|\d{1,2}[ \t]%b|\d{4}-\d\d-\d\d)[ \t,T][^\n]*\d{1,2}:\d\d[^\n]*\n" % (_MONTH, _MONTH)
)
_ADDRESSED = re.compile(rb"From [^\s@]{1,128}@[^\s@]{1,128}[ \t]*\r?\n")
_ONE_WORD = re.compile(rb"From [^\s]{1,256}[ \t]*\r?\n")
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:|>?From ")  # some servers put the older opening line, quoted, below their own

_KNOWN_FIELD = re.compile(rb"(?i:%b)[ \t]*:" % b"|".join(KNOWN_FIELDS))


class Stretch(NamedTuple):
    """A message with its opening line and the blank line after it."""

    offset: int  # bytes from the start of the file
    length: int  # bytes
    raw: bytes | None  # None when it is longer than MAX_MESSAGE_BYTES


def opens_file(head: bytes) -> bool:
    """Whether a file that begins with these bytes holds messages in mbox."""
    if looks_like_separator(head, 0):
        return True
    line = _ONE_WORD.match(head)
    return line is not None and _KNOWN_FIELD.match(head, line.end()) is not None


def looks_like_separator(buffer: bytes | bytearray, at: int) -> bool:
    """Whether the line there opens a message: it ends with a date, or is an address, and a header follows."""
    line = _DATED.match(buffer, at)
    if line is not None:
        return _FIELD.match(buffer, line.end()) is not None
    line = _ADDRESSED.match(buffer, at)
    return line is not None and _KNOWN_FIELD.match(buffer, line.end()) is not None


def read_stretches(file: BinaryIO, start: int) -> Iterator[Stretch]:
    """Yield the messages of a file, in order; what stands before the first separator is one too.

    :param start: the byte at which a message begins.
    """
    file.seek(start)
    buffer, offset = bytearray(), start  # of the message that is being read; a bytearray is cheap to cut at its front
    left_out = scanned = 0  # bytes of it that were dropped; and those of the buffer that hold no separator
    more = True
    while more:
        chunk = file.read(_READ_AT_ONCE)
        more = bool(chunk)
        buffer += chunk
        while cut := _find_separator(buffer, scanned, len(buffer) - (_LOOKAHEAD if more else 0)):
            yield _cut_off(buffer, cut, offset, left_out)
            offset += left_out + cut
            left_out = scanned = 0
        scanned = max(0, len(buffer) - _LOOKAHEAD)
        if scanned > MAX_MESSAGE_BYTES + 2:
            left_out += scanned - 2
            del buffer[: scanned - 2]  # the two tell whether a blank line stands before what follows
            scanned = 2
    if buffer:
        yield _cut_off(buffer, len(buffer), offset, left_out)


def _cut_off(buffer: bytearray, cut: int, offset: int, left_out: int) -> Stretch:
    """The message that ends at `cut`, of which the buffer is freed."""
    length = left_out + cut
    with memoryview(buffer) as view:
        raw = None if length > MAX_MESSAGE_BYTES else bytes(view[:cut])
    del buffer[:cut]
    return Stretch(offset, length, raw)


def _find_separator(buffer: bytearray, start: int, end: int) -> int:
    """Where the next separator begins, if there is one that begins before `end`; else 0."""
    at = buffer.find(_OPENING, start)
    while 0 <= at < end:
        if _is_blank_before(buffer, at) and looks_like_separator(buffer, at + 1):
            return at + 1
        at = buffer.find(_OPENING, at + 1)
    return 0


def _is_blank_before(buffer: bytearray, at: int) -> bool:
    before = bytes(buffer[max(0, at - 2) : at])
    return before in (b"", b"\r") or before[-1:] == b"\n" or before == b"\n\r"
