"""A text as received, cut into pieces that know where they stand in it.

The bench shows an answer as its characters, not as its Markdown renders: evidence is a stretch
of those characters, and what a moderator selects must lead back to them. (HTML is shown rendered: `marked_html`.)
Browsers read CR LF as one character, so every line is a piece of its own and carries where it
begins. Of a text that is longer than a page can hold, the beginning is shown.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.web.prose.cuts import Cuts, Span, without_blanks
from archive.web.safe_html import MAX_SHOWN_LENGTH, MAX_SHOWN_LINES, Rendered

_LINE = re.compile(r"[^\r\n]*")
_LINE_END = re.compile(r"\r\n|\n|\r")
# A browser leaves these out or shows nothing for them, and the count of characters must stay.
_UNFIT = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, *range(55296, 57344)), "�")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of one line."""

    start: int  # characters from the start of the text
    text: str
    marked: bool
    ends: tuple[int, ...]  # the numbers of the spans that end with it, from 1
    to: int | None = None  # where it ends in the text, if that is another number of characters
    telling: bool = False  # whether it belongs to the most telling sentence

    @property
    def looks(self) -> str:
        """How its words are marked; "" for not at all."""
        return " ".join(name for name, has in (("ev", self.marked), ("telling", self.telling)) if has)


Line = Sequence[Piece]
Paragraph = Sequence[Line]


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a text stands on the page."""

    paragraphs: Sequence[Paragraph]
    cut: bool  # whether it is only the beginning
    html: Rendered | None = None  # what stands there in place of the paragraphs


def shown(text: str, spans: Sequence[Span] = (), *, telling: Span | None = None, share: int = 1) -> Shown:
    """The text as it is shown.

    :param telling: one more span, marked otherwise; its number is the last.
    :param share: the number of texts that share the room of one.
    """
    begun = text[: MAX_SHOWN_LENGTH // share]
    most = MAX_SHOWN_LINES // share
    end = next((start for start, _ in itertools.islice(_lines(begun), most, None)), len(begun))
    return Shown(paragraphs(begun[:end], spans, telling), cut=end < len(text))


def paragraphs(text: str, spans: Sequence[Span] = (), telling: Span | None = None) -> list[Paragraph]:
    """The text as paragraphs of lines of pieces, cut wherever a span begins or ends."""
    cuts = Cuts([without_blanks(text, span) for span in spans], telling and without_blanks(text, telling))
    found: list[list[Line]] = [[]]
    for start, end in _lines(text):
        if text[start:end].strip():
            found[-1].append(_pieces(text, start, end, cuts))
        elif found[-1]:
            found.append([])
    return [paragraph for paragraph in found if paragraph]


def quote(text: str, *, most: int) -> str:
    """The beginning of a text on one line, cut between words.

    :param most: characters.
    """
    line = " ".join(text[: 4 * most].translate(_UNFIT).split())
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def _lines(text: str) -> Iterator[Span]:
    at = 0
    while at <= len(text):
        line = _LINE.match(text, at)
        end = line.end() if line else at
        yield at, end
        line_end = _LINE_END.match(text, end)
        at = line_end.end() if line_end else len(text) + 1


def _pieces(text: str, start: int, end: int, cuts: Cuts) -> Line:
    return [
        Piece(
            start=first,
            text=text[first:last].translate(_UNFIT),
            marked=cuts.is_marked(first),
            ends=tuple(cuts.ends.get(last, ())),
            telling=cuts.is_telling(first),
        )
        for first, last in itertools.pairwise((start, *cuts.within(start, end), end))
    ]
