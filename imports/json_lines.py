"""Lines of JSON, one object in each, with their place; what every dump in lines shares.

Format: https://jsonlines.org over RFC 8259. Lines end with LF.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import orjson

from imports.limits import MAX_LINE_BYTES, MAX_OBJECT_BYTES

UTF8_BOM = b"\xef\xbb\xbf"
_JSON_BLANKS = b" \t\r\n"
_READ_AT_ONCE = 1024 * 1024  # bytes


class Line(NamedTuple):
    """A line and where it stands."""

    number: int  # from 1
    offset: int  # bytes from the start of the file
    length: int  # bytes, its line end among them
    raw: bytes  # only the beginning of a line that is too long


def parse_object(raw: bytes) -> dict[str, Any] | str | None:
    """The object in a line; None in a blank line; or what is wrong: a sentence without its “Line 7” at the front."""
    if len(raw) > MAX_OBJECT_BYTES:
        return f"is longer than {MAX_OBJECT_BYTES // 2**20} MiB."
    if not raw.strip(_JSON_BLANKS) or raw == UTF8_BOM:
        return None
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        return json_fault(raw, error, place=f", at column {error.colno}")
    return value if isinstance(value, dict) else "is not a JSON object."


def json_fault(raw: bytes, error: orjson.JSONDecodeError, *, place: str = "") -> str:
    """What is wrong with bytes that were refused as JSON: a sentence without its subject."""
    if _ends_early(raw.rstrip(_JSON_BLANKS)):
        return "is not JSON: it ends early, so it may have been cut off."
    return f"is not JSON: {error.msg}{place}."


def _ends_early(raw: bytes) -> bool:
    """Whether something is missing at the end. The decoder says so where no line end stands behind it."""
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"  # within a character
    try:
        orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        return error.msg == "unexpected end of data"
    return False


def read_lines(file: BinaryIO, start: int) -> Iterator[Line]:
    """Yield the lines of a file, in order, blank ones and a byte order mark among them.

    :param start: the byte at which a line begins; numbers count from the file's first line all the same.
    """
    number, offset = 1 + _count_lines(file, start), start
    if start == 0 and file.read(len(UTF8_BOM)) == UTF8_BOM:
        yield Line(1, 0, len(UTF8_BOM), UTF8_BOM)
        offset = len(UTF8_BOM)
    file.seek(offset)
    while raw := file.readline(MAX_LINE_BYTES + 1):
        length = len(raw) + _skip_rest(file, raw)
        yield Line(number, offset, length, raw)
        number += 1
        offset += length


def _skip_rest(file: BinaryIO, raw: bytes) -> int:
    """Read on to the end of a line of which `raw` was read, and return how many bytes that took."""
    skipped = 0
    while len(raw) > 0 and not raw.endswith(b"\n"):
        raw = file.readline(_READ_AT_ONCE)
        skipped += len(raw)
    return skipped


def _count_lines(file: BinaryIO, end: int) -> int:
    file.seek(0)
    count = 0
    while end > 0 and (chunk := file.read(min(_READ_AT_ONCE, end))):
        count += chunk.count(b"\n")
        end -= len(chunk)
    return count
