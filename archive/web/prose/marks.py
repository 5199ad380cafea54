"""Marks: where in a text the words of a note stand, carried through its rendering.

Before, each note's stretch gets an opening and a closing among its characters. After, these
become underlined words and a small number, ended and taken up again wherever a tag stands,
and never inside one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.web.prose.characters import MARK, OPEN, closing, note_number, opening, without_marks
from archive.web.prose.plain import QUOTE

_PIECES = re.compile(r"""(<(?:[^"'>]|"[^"]*"|'[^']*')*>|[\ufdd0\ufdd1][\ufdd2-\ufddb]+)""")
_UNDERLINED = ('<span class="ev">', "</span>")
_SPACE = " \t\r\n\x0b\x0c"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The words of one note."""

    number: int  # of the note, from 1
    start: int  # characters
    end: int


def stretches(text: str, spans: Iterable[tuple[int, int]]) -> list[Stretch]:
    """The spans, numbered from 1, without blanks at their ends; those that hold no words are left out."""
    found = []
    for number, (start, end) in enumerate(spans, start=1):
        words = text[max(start, 0) : max(end, 0)]
        begin = max(start, 0) + len(words) - len(words.lstrip(_SPACE))
        if words := words.strip(_SPACE):
            found.append(Stretch(number, begin, begin + len(words)))
    return found


def clear_of_quote_signs(text: str, stretch: Stretch) -> Stretch | None:
    """The stretch without the signs of quotation at its ends; None where nothing else is left of it."""
    start, end = stretch.start, stretch.end
    line = text.rfind("\n", 0, start) + 1
    signs = QUOTE.match(text, line)
    if signs and line <= start < signs.end():
        start = signs.end()
    line = text.rfind("\n", 0, end) + 1
    signs = QUOTE.match(text, line)
    if signs and end <= signs.end():
        end = max(line - 1, 0)
    kept = stretches(text, [(start, end)])
    return Stretch(stretch.number, kept[0].start, kept[0].end) if kept else None


def insert(text: str, wanted: Sequence[Stretch]) -> str:
    """The text with an opening and a closing for each stretch."""
    signs = [(stretch.end, 0, closing(stretch.number)) for stretch in wanted]
    signs += [(stretch.start, 1, opening(stretch.number)) for stretch in wanted]
    parts, done = [], 0
    for place, _, sign in sorted(signs):
        parts += [text[done:place], sign]
        done = place
    return "".join([*parts, text[done:]])


def numbers_in(html: str) -> frozenset[int]:
    """The notes of which both ends are there, outside of tags."""
    signs = [piece for piece in _PIECES.split(html) if MARK.fullmatch(piece)]
    opened = {note_number(sign) for sign in signs if sign[0] == OPEN}
    return frozenset(note_number(sign) for sign in signs if sign[0] != OPEN) & opened


def write(html: str, ids: str, struck: frozenset[int] = frozenset()) -> str:
    """The HTML with every mark turned into underlined words and a number that leads to its note.

    :param ids: what the ids of this post's marks and notes begin with.
    :param struck: the notes whose words are struck through instead.
    """
    placed = numbers_in(html)
    writer = _Writer(ids, placed, struck)
    for piece in _PIECES.split(html):
        writer.take(piece)
    return "".join(writer.out)


class _Writer:
    def __init__(self, ids: str, placed: frozenset[int], struck: frozenset[int]) -> None:
        self.ids, self.placed, self.struck = ids, placed, struck
        self.out: list[str] = []
        self.open: set[int] = set()  # notes within whose words we are
        self.underlined = ""  # the tag that ends it
        self.in_link = False
        self.waiting: list[int] = []  # notes whose number must wait for the end of a link

    def take(self, piece: str) -> None:
        if MARK.fullmatch(piece):
            self._mark(piece)
        elif piece.startswith("<"):
            self._tag(without_marks(piece))
        elif piece:
            self._words(piece)

    def _mark(self, sign: str) -> None:
        number = note_number(sign)
        if number not in self.placed:
            return
        if sign[0] == OPEN:
            if number in self.struck:
                self._end_underline()
            self.open.add(number)
            return
        self._end_underline()
        self.open.discard(number)
        self.waiting.append(number)
        if not self.in_link:
            self._numbers()

    def _tag(self, tag: str) -> None:
        self._end_underline()
        self.out.append(tag)
        if tag.startswith("<a "):
            self.in_link = True
        elif tag == "</a>":
            self.in_link = False
            self._numbers()

    def _words(self, words: str) -> None:
        if self.open and not self.underlined and not words.isspace():
            begin, self.underlined = ('<s class="struck">', "</s>") if self.open & self.struck else _UNDERLINED
            self.out.append(begin)
        self.out.append(words)

    def _end_underline(self) -> None:
        if self.underlined:
            self.out.append(self.underlined)
            self.underlined = ""

    def _numbers(self) -> None:
        for number in self.waiting:
            label = f"Struck: note {number}" if number in self.struck else f"Note {number}"
            self.out.append(
                f'<a class="ref m{number}" id="{self.ids}-r{number}" href="#{self.ids}-n{number}"'
                f' role="doc-noteref" aria-label="{label}">{number}</a>'
            )
        self.waiting = []
