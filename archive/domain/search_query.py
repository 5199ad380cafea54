"""What a person typed into the search box, as words and phrases.

Words are joined by AND; "a phrase" stays together; -word or NOT word leaves out. cites:word, or
cites:"some words", finds answers that cite a work so called. Everything else is a word like any
other, so that no input is a syntax error.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from unicodedata import normalize

MAX_QUERY = 500  # characters
MAX_TERMS = 20
MAX_CITED = 5

_NOT_SEARCHED = {  # whether there are words at all → why nothing was
    True: "Nothing was searched: name at least one word that a post must contain, or a work that it must cite.",
    False: "Nothing was searched: there is no word in it that a post could contain, only signs, or NOT and AND.",
}
_NO_WORK = (
    "“cites:” wants a work right behind it, and had none: a word of its title or author, a DOI, an ISBN, an address."
)
_TERM = re.compile(
    r'(?P<minus>-)?(?:(?i:cites):(?:"(?P<cited_phrase>[^"]*)"?|(?P<cited>[^\s"]*))'
    r'|"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))'
)
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
class Cited:
    """A work that an answer must cite, or must not: one of its names, its address here, or words said of it."""

    work: str  # as typed
    wanted: bool

    def __str__(self) -> str:
        return f"{'citing' if self.wanted else 'not citing'} “{self.work}”"


@dataclass(frozen=True, slots=True)
class Query:
    """A search as understood."""

    terms: tuple[Term, ...]
    left_out: tuple[str, ...]  # sentences on what was not searched
    cited: tuple[Cited, ...] = ()

    @property
    def wanted(self) -> tuple[Term, ...]:
        """What a hit must contain."""
        return tuple(term for term in self.terms if term.wanted)

    @property
    def is_searched(self) -> bool:
        """Whether it says what to look for."""
        return bool(self.wanted) or any(cited.wanted for cited in self.cited)


def parse(text: str) -> Query:
    """Understand a search. Never fails."""
    left_out = []
    if len(text) > MAX_QUERY:
        left_out.append(f"Only the first {MAX_QUERY} characters were searched.")
    terms: list[Term] = []
    cited: list[Cited] = []
    negate = names_none = False
    for match in _TERM.finditer(normalize("NFC", text[:MAX_QUERY]).translate(_AS_TYPED)):
        if match["word"] == "NOT":
            negate = True
            continue
        if match["word"] == "AND":
            continue
        wanted = not (negate or match["minus"])
        work = next((match[group] for group in ("cited_phrase", "cited") if match[group] is not None), None)
        if work is not None:
            names_none |= not _WORD.search(work)
            cited += [Cited(work.strip(), wanted=wanted)] if _WORD.search(work) else []
        elif words := tuple(_WORD.findall(match["phrase"] or match["word"] or "")):
            terms.append(Term(words, wanted=wanted))
        negate = False
    left_out += [_NO_WORK] if names_none else []
    if len(terms) > MAX_TERMS or len(cited) > MAX_CITED:
        left_out.append(f"Only the first {MAX_TERMS} words and phrases, and {MAX_CITED} works, were searched.")
    terms, cited = list(dict.fromkeys(terms))[:MAX_TERMS], list(dict.fromkeys(cited))[:MAX_CITED]
    query = Query(tuple(terms), tuple(left_out), tuple(cited))
    if query.is_searched or (names_none and not (terms or cited)):
        return query
    return replace(query, left_out=(*left_out, _NOT_SEARCHED[bool(terms or cited)]))


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
