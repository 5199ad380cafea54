"""What may be kept as a fact: short enough, and such that a database can hold it."""

from archive.domain.records import Fact
from imports.limits import MAX_FACT_CHARACTERS, MAX_FACT_WORDS

_LEAST, _MOST = -(2**63), 2**63 - 1  # a database's whole numbers


def word(value: object) -> str | None:
    """The value as a word, or None where it is none: empty, too long, or with NUL characters."""
    if isinstance(value, str) and 0 < len(value) <= MAX_FACT_CHARACTERS and "\0" not in value:
        return value
    return None


def number(value: object) -> int | float | None:
    """The value as a number, or None."""
    if isinstance(value, float):
        return value
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
