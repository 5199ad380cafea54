"""Whether the notes of a thread have room in the margin, where each stands beside its mark.

The page lets a note that is taller than its post go on beside the next one. Behind the last post there
is none, and the note would run over the foot of the page: the notes of such a post stand below its text.
Heights are estimates, in lines of text: a page is set for many widths and sizes, and these keep their ratio.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

_LINE = 60  # characters of a text
_NOTE_LINE = 28  # characters of a note, whose lines are three quarters as high
_NOTE_HEAD = 2.5  # lines, of what it is and the gap before it
_FRAME = 4.0  # lines, of a post's title, by-line, links and rules
_FOOT = 2.5  # lines that are free before the foot of the page


@dataclass(frozen=True, slots=True)
class Column:
    """A post and its notes, as far as their room is concerned."""

    text: str
    notes: Sequence[tuple[int, int]]  # of each in the margin: where its mark stands, and its length; both in characters
    below: Iterable[str] = ()  # texts of replies


def without_room(columns: Sequence[Column]) -> frozenset[int]:
    """The posts, by their places, whose notes would run over the end of the page."""
    if not any(column.notes for column in columns):
        return frozenset()
    tops, end = [], 0.0
    for column in columns:
        tops.append(end)
        end += sum(_lines(text) + _FRAME for text in (column.text, *column.below))
    found, bottom = set(), 0.0
    for place, column in enumerate(columns):
        reached = bottom
        for mark, length in column.notes:
            reached = max(reached, tops[place] + _FRAME / 2 + _lines(column.text[:mark]) - 1)
            reached += _NOTE_HEAD + 0.75 * ceil(length / _NOTE_LINE)
        if column.notes and reached > end + _FOOT:
            found.add(place)
        else:
            bottom = reached
    return frozenset(found)


def _lines(text: str) -> float:
    return sum(ceil(len(line) / _LINE) or 0.5 for line in text.split("\n"))
