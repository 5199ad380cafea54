"""A text as received, cut into pieces that know where they stand in it.

The bench shows an answer as its characters, not as its Markdown renders: evidence is a stretch
of those characters, and what a moderator selects must lead back to them. Browsers read CR LF as
one character, so every line is a piece of its own and carries where it begins.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

_LINE = re.compile(r"[^\r\n]*")
_LINE_END = re.compile(r"\r\n|\n|\r")
# A browser leaves these out or shows nothing for them, and the count of characters must stay.
_UNFIT = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, *range(55296, 57344)), "�")

Span = tuple[int, int]  # characters: start, and end, exclusive


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of one line."""

    start: int  # characters from the start of the text
    text: str
    marked: bool
    ends: tuple[int, ...]  # the numbers of the spans that end with it, from 1


Line = Sequence[Piece]
Paragraph = Sequence[Line]


def paragraphs(text: str, spans: Sequence[Span] = ()) -> list[Paragraph]:
    """The text as paragraphs of lines of pieces, cut wherever a span begins or ends."""
    wanted = [_without_blanks(text, span) for span in spans]
    found: list[list[Line]] = [[]]
    for start, end in _lines(text):
        if text[start:end].strip():
            found[-1].append(_pieces(text, start, end, wanted))
        elif found[-1]:
            found.append([])
    return [paragraph for paragraph in found if paragraph]


def quote(text: str, *, most: int) -> str:
    """The beginning of a text on one line, cut between words.

    :param most: characters.
    """
    line = " ".join(text[: 4 * most].translate(_UNFIT).split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _lines(text: str) -> list[Span]:
    found, at = [], 0
    while at <= len(text):
        line = _LINE.match(text, at)
        end = line.end() if line else at
        found.append((at, end))
        line_end = _LINE_END.match(text, end)
        at = line_end.end() if line_end else len(text) + 1
    return found


def _pieces(text: str, start: int, end: int, spans: Sequence[Span]) -> Line:
    here = [(number, span) for number, span in enumerate(spans, 1) if span[0] < end and span[1] > start]
    cuts = sorted({start, end, *(place for _, span in here for place in span if start < place < end)})
    return [
        Piece(
            start=first,
            text=text[first:last].translate(_UNFIT),
            marked=any(span[0] <= first and last <= span[1] for _, span in here),
            ends=tuple(number for number, span in here if span[1] == last),
        )
        for first, last in itertools.pairwise(cuts)
    ]


def _without_blanks(text: str, span: Span) -> Span:
    """The span without blanks at its ends, so that it ends within a line."""
    start, end = max(span[0], 0), min(span[1], len(text))
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
