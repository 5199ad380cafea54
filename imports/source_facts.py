"""What may be kept as a fact: short enough, and such that a database can hold it."""

from collections.abc import Callable, Mapping
from math import isfinite

from archive.domain.facts import FACTS, FactShape
from archive.domain.records import Fact
from imports.limits import (
    MAX_FACT_CHARACTERS,
    MAX_FACT_WORDS,
    MAX_FILE_NAME_CHARACTERS,
    MAX_FILE_TYPE_CHARACTERS,
    MAX_FILES_LISTED,
)
from imports.moments import from_iso

_LONGEST_OF_FILE: Mapping[object, int] = {  # characters
    "name": MAX_FILE_NAME_CHARACTERS,
    "type": MAX_FILE_TYPE_CHARACTERS,
    "sha256": 64,
}
_LEAST, _MOST = -(2**63), 2**63 - 1  # a database's whole numbers


def word(value: object) -> str | None:
    """The value as a word, or None where it is none: empty, too long, or with NUL characters."""
    if isinstance(value, str) and 0 < len(value) <= MAX_FACT_CHARACTERS and "\0" not in value:
        return value
    return None


def number(value: object) -> int | float | None:
    """The value as a number, or None."""
    if isinstance(value, float):
        return value if isfinite(value) else None  # JSON of the database has no other
    if isinstance(value, int) and not isinstance(value, bool) and _LEAST <= value <= _MOST:
        return value
    return None


def words(value: object) -> list[str] | None:
    """The words in a list, or None where there are none, or too many."""
    if not isinstance(value, list) or len(value) > MAX_FACT_WORDS:
        return None
    return [kept for item in value if (kept := word(item)) is not None] or None


def kept(facts: dict[str, Fact | None]) -> dict[str, Fact] | None:
    """Those that the source gives; None when there are none."""
    return {name: fact for name, fact in facts.items() if fact is not None} or None


def known_facts(given: Mapping[str, object] | None) -> tuple[dict[str, Fact] | None, list[str]]:
    """Of facts that somebody else gives by their names, those that can be kept, and the names of the others."""
    facts: dict[str, Fact] = {}
    left_out = []
    for name, value in (given or {}).items():
        fact = _fact(name, value)
        if fact is None:
            left_out.append(name)
        else:
            facts[name] = fact
    return facts or None, left_out


def _fact(name: str, value: object) -> Fact | None:
    kind = FACTS.get(name)
    return _BY_SHAPE[kind.shape](value) if kind is not None and kind.shape in _BY_SHAPE else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _moment(value: object) -> str | None:
    return word(value) if from_iso(value) else None


def _all_words(value: object) -> list[str] | None:
    found = words(value)
    return found if found == value else None


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST else None


def _files(value: object) -> list[dict[str, str | int]] | None:
    """Files with their names, types, sizes and hashes, or what of these is given."""
    if not isinstance(value, list) or not 0 < len(value) <= MAX_FILES_LISTED:
        return None
    return value if all(isinstance(file, dict) and file and _is_file(file) for file in value) else None


def _is_file(file: dict[object, object]) -> bool:
    for name, part in file.items():
        if name == "size":
            if _count(part) is None:
                return False
        elif not isinstance(part, str) or "\0" in part or len(part) > _LONGEST_OF_FILE.get(name, -1):
            return False
    return True


_BY_SHAPE: dict[FactShape, Callable[[object], Fact | None]] = {
    FactShape.NUMBER: number,
    FactShape.WORD: word,
    FactShape.WORDS: _all_words,
    FactShape.FLAG: _flag,
    FactShape.MOMENT: _moment,
    FactShape.ADDRESS: word,
    FactShape.POST: word,
    FactShape.FILES: _files,
    FactShape.MORE_FILES: _count,
}
