"""What a source says of a post beside its text, as a page words it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from archive.domain.facts import FACTS, FactKind, FactShape
from archive.domain.records import Fact, Facts
from archive.web.words import day, number_words, size_words

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\\x00-\x20\x7f]{1,2000}", re.IGNORECASE)
_MOST_WORDS = 300  # characters


@dataclass(frozen=True, slots=True)
class FactWords:
    """One fact in words."""

    words: str
    address: str | None = None  # where the words lead, if anywhere


def facts_in_words(facts: Facts) -> list[FactWords]:
    """The facts in the order of their table; names that it does not hold are left to the original."""
    return [words for name, kind in FACTS.items() if name in facts for words in _words(kind, facts[name])]


def _words(kind: FactKind, fact: Fact) -> Iterator[FactWords]:
    match kind.shape, fact:
        case FactShape.FLAG, True:
            yield FactWords(kind.title)
        case FactShape.NUMBER, int() | float():
            yield FactWords(f"{kind.title} {number_words(int(fact))}")
        case FactShape.WORD, str() if fact:
            yield FactWords(f"{kind.title}: {fact[:_MOST_WORDS]}")
        case FactShape.WORDS, list() if fact:
            yield FactWords(f"{kind.title}: {', '.join(map(str, fact))[:_MOST_WORDS]}")
        case FactShape.MOMENT, str():
            yield FactWords(f"{kind.title} {_day(fact)}")
        case FactShape.ADDRESS, str() if _ADDRESS.fullmatch(fact):
            yield FactWords(kind.title, fact)
        case FactShape.FILES, list() if fact:
            yield FactWords(f"{kind.title}: {', '.join(map(_file, fact))[:_MOST_WORDS]}")


def _day(moment: str) -> str:
    try:
        return day(datetime.fromisoformat(moment))
    except ValueError:
        return moment[:_MOST_WORDS]


def _file(file: object) -> str:
    if not isinstance(file, dict):
        return str(file)
    size = file.get("size")
    return f"{file.get('name') or 'unnamed'} ({size_words(size) if isinstance(size, int) else 'size not known'})"
