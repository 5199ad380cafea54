"""Tables as comma-separated values (RFC 4180), safe to open in a program for tables."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what such programs take for the beginning of one


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table. A field that a program would take for a formula has an apostrophe before it."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([[safe_field(field) for field in row] for row in rows])
    return file.getvalue()


def safe_field(field: str) -> str:
    """A field that opens as text: one more apostrophe before what begins like a formula, or like one made safe."""
    return f"'{field}" if field.startswith(("'", *_FORMULA)) and not _is_number(field) else field


def _is_number(field: str) -> bool:
    return field.removeprefix("-").replace(".", "", 1).isdecimal()
