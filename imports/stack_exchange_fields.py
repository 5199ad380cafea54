"""What the fields of a row in the Stack Exchange data dump say, and what of it is kept as facts."""

import re
from collections.abc import Callable

from archive.domain.records import Fact
from imports.moments import from_iso_in_utc
from imports.stack_exchange_parser import Fields

_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)  # what SQLite, PostgreSQL and JSON all hold
_WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)  # a score; a user: -1 is the site itself


def number_of(value: str | None) -> str | None:
    """The number of a post or comment, in its digits; None where it is none."""
    return value if value is not None and _NUMBER.fullmatch(value) else None


def user_of(value: str | None) -> int | None:
    """The number of a user; None where it is none."""
    return int(value) if value is not None and _WHOLE.fullmatch(value) else None


def facts_of(fields: Fields) -> dict[str, Fact]:
    """The facts of a row."""
    facts: dict[str, Fact] = {}
    for field, (name, read) in _FACTS.items():
        value = fields.get(field)
        if value and (fact := read(value)) is not None:
            facts[name] = fact
    return facts


def longest_fact(fields: Fields) -> int:
    """How many characters the longest field has that would become a fact."""
    return max((len(fields[field]) for field in _FACTS if field in fields), default=0)


def _tags(value: str) -> Fact | None:
    """`<a><b>` in older dumps, `|a|b|` in newer ones."""
    in_brackets = value.startswith("<") and value.endswith(">")
    parts = value[1:-1].split("><") if in_brackets else value.split("|")
    return [part for part in parts if part] or None


def _whole(value: str) -> Fact | None:
    return int(value) if _WHOLE.fullmatch(value) else None


def _moment(value: str) -> Fact | None:
    moment = from_iso_in_utc(value)
    return None if moment is None else moment.isoformat()


def _user(value: str) -> Fact | None:
    return value if _WHOLE.fullmatch(value) else None


def _answer(value: str) -> Fact | None:
    return f"p{value}" if _NUMBER.fullmatch(value) else None


_FACTS: dict[str, tuple[str, Callable[[str], Fact | None]]] = {  # posts say OwnerUserId, comments UserId
    "Score": ("score", _whole),
    "AcceptedAnswerId": ("accepted_answer", _answer),
    "Tags": ("tags", _tags),
    "LastEditDate": ("edited_at", _moment),
    "ContentLicense": ("licence", str),
    "OwnerUserId": ("author_id", _user),
    "UserId": ("author_id", _user),
}
