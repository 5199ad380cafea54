"""What a source says of a post beside its text, as a page words it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from archive.domain.facts import FACTS, FactKind, FactShape
from archive.domain.records import Fact, Facts
from archive.web.words import day, number_words, size_words

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\\x00-\x20\x7f]{1,2000}", re.IGNORECASE)
_ORDER = {name: place for place, name in enumerate(FACTS)}
_MOST_WORDS = 300  # characters
_SHORT_HASH = 12  # hex digits


class FactWords(NamedTuple):
    """One fact in words."""

    words: str
    address: str | None = None  # where the words lead, if anywhere


@dataclass(frozen=True, slots=True)
class FileWords:
    """An attachment in words."""

    name: str
    size: str
    kind: str | None
    sha256: str | None
    short: str | None  # the beginning of the hash, by which people compare


@dataclass(frozen=True, slots=True)
class Files:
    """The attachments of a post that are listed, and how many there are beside them."""

    listed: Sequence[FileWords]
    more: int

    def first(self, count: int) -> "Files":
        """The same, with no more than that many listed."""
        return Files(self.listed[:count], self.more + max(0, len(self.listed) - count))


def files_in_words(facts: Facts) -> Files | None:
    """What was attached, if anything was."""
    files, more = facts.get("attachments"), facts.get("further_attachments")
    listed = [_file(file) for file in files if isinstance(file, dict)] if isinstance(files, list) else []
    return Files(listed, more if isinstance(more, int) else 0) if listed or more else None


def facts_in_words(facts: Facts) -> list[FactWords]:
    """The facts in the order of their table, but for files; names that it does not hold are left to the original."""
    names = sorted([name for name in facts if name in _ORDER], key=_ORDER.__getitem__)
    return [words for name in names for words in _words(FACTS[name], facts[name])]


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


def _day(moment: str) -> str:
    try:
        return day(datetime.fromisoformat(moment))
    except ValueError:
        return moment[:_MOST_WORDS]


def _file(file: dict[str, str | int]) -> FileWords:
    size, sha256 = file.get("size"), str(file.get("sha256") or "") or None
    return FileWords(
        name=str(file.get("name") or "unnamed"),
        size=size_words(size) if isinstance(size, int) else "size not known",
        kind=str(file.get("type") or "") or None,
        sha256=sha256,
        short=sha256 and sha256[:_SHORT_HASH],
    )
