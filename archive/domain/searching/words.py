"""Words as both full-text indexes hold them, and where they stand in a text."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, takewhile
from unicodedata import normalize

WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")  # an accent may be a character of its own
_LATIN_ACCENTS = re.compile(r"([A-Za-z])[\u0300-\u036f]+")
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff\u0300-\u036f\u0130\u0131\u017f\u212a]")
_BEFORE_HIT = 60  # characters of a snippet before its first hit
_SNIPPET = 280  # characters

Parts = Sequence[tuple[str, bool]]  # pieces of text, each with whether it was searched for


def folded(text: str) -> str:
    """The text as both full-text indexes hold it: “naïve” as “naive”, “Straße” as “Strasse”, “война” as it is."""
    if text.isascii():
        return text
    return normalize("NFC", _LATIN_ACCENTS.sub(r"\1", normalize("NFD", text))).replace("ß", "ss").replace("ẞ", "ss")


def indexed(word: str) -> str:
    """The word as the indexes know it: in small letters, without accents on Latin ones, and with “ss” for “ß”."""
    lowered = word.lower()
    return lowered if lowered.isascii() else folded(lowered)


class Hits:
    """Where any of some words stands in texts, whatever its case and accents."""

    def __init__(self, words: Collection[str]) -> None:
        """:param words: as the indexes know them."""
        self._words = frozenset(words)

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield start and end in characters, in order."""
        if not text.isascii() and _ACCENTED.search(text):
            yield from (match.span() for match in WORD.finditer(text) if indexed(match.group()) in self._words)
            return
        lowered = text.lower()
        if len(lowered) != len(text):
            return
        yield from _in_order(self._words, lowered)


# To compile an expression for the words of a search takes longer than to look for each of them.
def _in_order(words: Iterable[str], text: str) -> Iterator[tuple[int, int]]:
    """Where the words stand, none within another. Each is looked for from where it was found last, so that a text in
    which one stands a thousand times within other words is gone through once.
    """
    coming = {word: at for word in words if (at := _place(word, text, 0)) >= 0}
    while coming:
        first = min(coming, key=coming.__getitem__)
        start, end = coming[first], coming[first] + len(first)
        yield start, end
        for word in [word for word, at in coming.items() if at < end]:
            if (at := _place(word, text, end)) >= 0:
                coming[word] = at
            else:
                del coming[word]


def _place(word: str, text: str, start: int) -> int:
    """Where the word first begins, from a place on, as a word of its own; -1 where it does not."""
    while (at := text.find(word, start)) >= 0:
        behind = at + len(word)
        if not (at and text[at - 1].isalnum()) and not text[behind : behind + 1].isalnum():
            return at
        start = at + 1
    return -1


def snippet(text: str, hits: Hits) -> Parts:
    """The stretch around the first hit, cut at words, with the hits marked."""
    found = hits.find(text)  # read only as far as the stretch goes
    first = next(found, (0, 0))
    start = max(0, first[0] - _BEFORE_HIT)
    if start:
        start = text.find(" ", start, first[0]) + 1 or start
    end = min(len(text), start + _SNIPPET)
    if end < len(text):
        end = max(text.rfind(" ", start, end), first[1], start + 1)
    inside = takewhile(lambda hit: hit[1] <= end, chain([first], found))
    pieces = parts(text[start:end], [(a - start, b - start) for a, b in inside if a < b])
    before, after = [("… ", False)] if start else [], [(" …", False)] if end < len(text) else []
    return [*before, *pieces, *after]


def parts(text: str, hits: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces, each with whether it is a hit."""
    last = 0
    for start, end in hits:
        if last < start:
            yield text[last:start], False
        yield text[start:end], True
        last = end
    if last < len(text):
        yield text[last:], False
