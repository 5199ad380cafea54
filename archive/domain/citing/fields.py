"""What an item of CSL-JSON says, read with care: items are made of what people wrote."""

from collections.abc import Mapping
from typing import NamedTuple

from archive.domain.citing.cited import one_line


class Name(NamedTuple):
    """Somebody."""

    family: str  # or the whole name, where nothing says which part of it is the family's
    given: str
    is_whole: bool


def text_of(item: Mapping[str, object], field: str) -> str:
    """A field as words on one line; "" where there is none."""
    value = item.get(field)
    return one_line(str(value)) if isinstance(value, str | int | float) else ""


def names_of(item: Mapping[str, object], field: str) -> list[Name]:
    """The people in a field."""
    people = item.get(field)
    named = [_name(one) for one in people if isinstance(one, Mapping)] if isinstance(people, list) else []
    return [name for name in named if name.family]


def date_of(item: Mapping[str, object], field: str) -> tuple[int, ...]:
    """A year, or a year and a month, or these and a day; () where there is none."""
    date = item.get(field)
    found = date.get("date-parts") if isinstance(date, Mapping) else None
    first = found[0] if isinstance(found, list) and found else None
    parts = [int(part) for part in first if str(part).isdecimal()] if isinstance(first, list) else []
    return tuple(parts[:3])


def _name(person: Mapping[str, object]) -> Name:
    literal, family, given = (text_of(person, part) for part in ("literal", "family", "given"))
    if literal or not (family and given):
        return Name(literal or family or given, "", is_whole=True)
    return Name(family, given, is_whole=False)
