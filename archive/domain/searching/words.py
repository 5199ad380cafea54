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


def without_latin_accents(text: str) -> str:
    """The text as both full-text indexes hold it: “naïve” as “naive”, “война” as it is."""
    if text.isascii():
        return text
    return normalize("NFC", _LATIN_ACCENTS.sub(r"\1", normalize("NFD", text)))


def indexed(word: str) -> str:
    """The word as the indexes know it: in small letters, and without accents on Latin ones."""
    lowered = word.lower()
    return lowered if lowered.isascii() else without_latin_accents(lowered)


class Hits:
    """Where any of some words stands in texts, whatever its case and accents."""

    def __init__(self, words: Collection[str]) -> None:
        """:param words: as the indexes know them."""
        self._words = frozenset(words)
        longest_first = "|".join(sorted(map(re.escape, self._words), key=len, reverse=True))
        self._pattern = re.compile(rf"(?:{longest_first})(?![^\W_])") if longest_first else None

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield start and end in characters, in order."""
        if self._pattern is None:
            return
        if not text.isascii() and _ACCENTED.search(text):
            yield from (match.span() for match in WORD.finditer(text) if indexed(match.group()) in self._words)
            return
        lowered = text.lower()
        if len(lowered) != len(text):
            return
        for match in self._pattern.finditer(lowered):
            start, end = match.span()
            if start == 0 or not lowered[start - 1].isalnum():
                yield start, end


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
