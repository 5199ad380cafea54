"""Raw bytes as a page shows them: line by line, with what cannot be seen made visible."""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby, islice

from archive.services.quarantine.pages import RawBytes

_MOST_LINES = 2_000
_PICTURES = 0x2400  # where Unicode keeps a picture of each control character
_DELETE = "\x7f"
_UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")  # general categories
_BLANKS = " \t"

Pieces = Sequence[tuple[str, bool]]  # text, and whether it stands for what cannot be seen


def shown_lines(raw: RawBytes) -> list[Pieces]:
    """The lines of some bytes, each in pieces; in hexadecimal digits, all of them in one."""
    if raw.text is None:
        return [[(raw.hexadecimal, False)]]
    lines = raw.text.split("\n")
    if lines[-1] == "" and len(lines) > 1:
        del lines[-1]
    return [list(_pieces(line)) for line in islice(lines, _MOST_LINES)]


def _pieces(line: str) -> Iterator[tuple[str, bool]]:
    for unseen, group in groupby(line, _is_unseen):
        chars = "".join(group)
        yield "".join(map(_mark, chars)) if unseen else chars, unseen


def _is_unseen(char: str) -> bool:
    if char in _BLANKS or "!" <= char < _DELETE:
        return False
    category = unicodedata.category(char)
    return category in _UNSEEN or category == "Zs"


def _mark(char: str) -> str:
    if char < " ":
        return chr(_PICTURES + ord(char))
    return "\u2421" if char == _DELETE else f"[U+{ord(char):04X}]"
