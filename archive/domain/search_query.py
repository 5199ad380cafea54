"""What a person typed into the search box, as words and phrases.

Words are joined by AND; "a phrase" stays together; -word or NOT word leaves out. Everything
else is a word like any other, so that no input is a syntax error.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import normalize

MAX_QUERY = 500  # characters
MAX_TERMS = 20

_NOT_SEARCHED = {  # whether there are words at all → why nothing was
    True: "Nothing was searched: name at least one word that a post must contain.",
    False: "Nothing was searched: there is no word in it that a post could contain, only signs, or NOT and AND.",
}
_TERM = re.compile(r'(?P<minus>-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_AS_TYPED = str.maketrans({"\0": " ", "“": '"', "”": '"', "„": '"'})  # phones put curly quotes around a phrase
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")  # an accent may be a character of its own
_LATIN_ACCENTS = re.compile(r"([A-Za-z])[\u0300-\u036f]+")


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand, or must not stand, one after the other in a post."""

    words: tuple[str, ...]
    wanted: bool

    def __str__(self) -> str:
        text = " ".join(self.words)
        text = f"“{text}”" if len(self.words) > 1 else text
        return text if self.wanted else f"not {text}"


@dataclass(frozen=True, slots=True)
class Query:
    """A search as understood."""

    terms: tuple[Term, ...]
    left_out: tuple[str, ...]  # sentences on what was not searched

    @property
    def wanted(self) -> tuple[Term, ...]:
        """What a hit must contain."""
        return tuple(term for term in self.terms if term.wanted)


def parse(text: str) -> Query:
    """Understand a search. Never fails."""
    left_out = []
    if len(text) > MAX_QUERY:
        left_out.append(f"Only the first {MAX_QUERY} characters were searched.")
    terms: list[Term] = []
    negate = False
    for match in _TERM.finditer(normalize("NFC", text[:MAX_QUERY]).translate(_AS_TYPED)):
        if match["word"] == "NOT":
            negate = True
            continue
        if match["word"] == "AND":
            continue
        words = tuple(_WORD.findall(match["phrase"] if match["phrase"] is not None else match["word"]))
        if words:
            terms.append(Term(words, wanted=not (negate or match["minus"])))
        negate = False
    if len(terms) > MAX_TERMS:
        left_out.append(f"Only the first {MAX_TERMS} words and phrases were searched.")
    terms = list(dict.fromkeys(terms))[:MAX_TERMS]
    if not any(term.wanted for term in terms):
        left_out.append(_NOT_SEARCHED[bool(terms)])
    return Query(tuple(terms), tuple(left_out))


def find_hits(text: str, query: Query) -> Iterator[tuple[int, int]]:
    """Yield where the wanted words stand in a text: start and end in characters, in order."""
    wanted = {fold(word) for term in query.wanted for word in term.words}
    return (match.span() for match in _WORD.finditer(text) if fold(match.group()) in wanted)


def without_latin_accents(text: str) -> str:
    """The text as both full-text indexes hold it: “naïve” as “naive”, “война” as it is."""
    if text.isascii():
        return text
    return normalize("NFC", _LATIN_ACCENTS.sub(r"\1", normalize("NFD", text)))


def fold(word: str) -> str:
    """The word without case and accents, as the full-text index compares it."""
    lowered = word.casefold()
    if lowered.isascii():
        return lowered
    return without_latin_accents(lowered)
