"""Rendered HTML whose words carry where they stand in the text as received, so that they can be selected.

Before, a sign stands at each stretch of words. After, these are elements with their places, and what each holds is
compared with what ought to stand there: a browser's reading of awkward HTML is not ours to guess.
"""

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from archive.domain.html_tokens import TokenKind, tokens
from archive.web.prose.characters import MARK, note_number, opening
from archive.web.prose.cuts import Cuts, Span, without_blanks

_PIECES = re.compile(r"""(<(?:[^"'>]|"[^"]*"|'[^']*')*>|\ufdd0[\ufdd2-\ufddb]+)""")
_BLANKS = " \t\r\n\f"


@dataclass(frozen=True, slots=True)
class Place:
    """Words between two tags, cut wherever a span begins or ends; or a reference to a character."""

    start: int  # characters from the start of the text
    end: int  # characters, exclusive
    words: str  # as they are seen
    literal: bool  # whether they stand in the text character for character
    marked: bool
    ends: Sequence[int]  # the numbers of the spans that end with it, from 1
    telling: bool = False  # whether the span that is apart holds it

    @property
    def lead(self) -> int:
        """How many blanks it begins with, in characters; all of it, where it holds nothing else."""
        return len(self.words) - len(self.words.lstrip(_BLANKS))


def find_places(text: str, spans: Sequence[Span], telling: Span | None = None) -> list[Place]:
    """The places of an HTML text, in order.

    :param telling: one more span, whose words look otherwise.
    """
    spans = [without_blanks(text, span) for span in spans]
    telling = telling and without_blanks(text, telling)
    cuts = Cuts(spans, telling)
    found = list(_stretches(text, cuts))
    starts = [start for start, _, _ in found]
    ends: dict[int, list[int]] = {}
    for number, (start, end) in enumerate((*spans, *([telling] if telling else [])), start=1):
        last = bisect_left(starts, end) - 1
        while last >= 0 and not found[last][2].strip(_BLANKS) and starts[last] > start:
            last -= 1
        if last >= 0 and starts[last] >= start:
            ends.setdefault(last, []).append(number)
    return [
        Place(
            start,
            end,
            words,
            literal=text[start:end] == words,
            marked=cuts.is_marked(start),
            ends=ends.get(number, ()),
            telling=cuts.is_telling(start),
        )
        for number, (start, end, words) in enumerate(found)
    ]


def _stretches(text: str, cuts: Cuts) -> Iterator[tuple[int, int, str]]:
    for token in tokens(text):
        if token.kind is TokenKind.REFERENCE:
            yield token.start, token.end, token.value
        elif token.kind is TokenKind.WORDS:
            line_ends = [match.start() for match in re.finditer("\r", token.value)]
            inner = {*cuts.within(token.start, token.end), *(token.start + end for end in line_ends if end)}
            for start, end in itertools.pairwise((token.start, *sorted(inner), token.end)):
                yield start, end, text[start:end]


def insert_places(text: str, places: Sequence[Place]) -> str:
    """The text with a sign at the first character of each place that holds more than blanks."""
    parts, done = [], 0
    for number, place in enumerate(places):
        if place.lead < len(place.words):
            at = place.start + place.lead
            parts += [text[done:at], opening(number)]
            done = at
    return "".join([*parts, text[done:]])


def write_places(html: str, places: Sequence[Place]) -> str | None:
    """The HTML with each sign turned into the place; None where something else stands there than ought to."""
    out: list[str] = []
    place: Place | None = None
    waiting: list[int] = []  # spans whose number must wait for the end of a link
    in_link = False
    for piece in _PIECES.split(html):
        blanks = ""
        if MARK.fullmatch(piece):
            place = places[note_number(piece)]
        elif piece.startswith("<") or place is None:
            place = None
            in_link = (in_link or piece.startswith("<a ")) and piece != "</a>"
            out.append(piece)
        elif piece:
            words = piece.rstrip(_BLANKS)
            if unescape(words) != place.words.strip(_BLANKS):
                return None
            out.append(_element(place, words))
            waiting += place.ends
            blanks = piece[len(words) :]
        if waiting and not in_link:
            out += map(_number, waiting)
            waiting = []
        out.append(blanks)
    return "".join(out)


def _element(place: Place, words: str) -> str:
    looks = " ".join(name for name, has in (("ev", place.marked), ("telling", place.telling)) if has)
    ev = f' class="{looks}"' if looks else ""
    to = "" if place.literal else f' data-to="{place.end}"'
    return f'<span{ev} data-at="{place.start + (place.lead if place.literal else 0)}"{to}>{words}</span>'


def _number(number: int) -> str:
    return f'<a class="ref" href="#sig-{number}" id="s{number}" aria-label="Signal {number}">{number}</a>'
