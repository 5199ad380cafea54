"""What comes in with an address, checked: numbers, names of posts, levels, orders, words."""

import re
from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import request
from werkzeug.datastructures import MultiDict

from archive.domain.source_quality import Level
from archive.errors import ArchiveError
from archive.web.addresses import MOST_ROWS, PublicIdConverter

MAX_TEXT_LENGTH = 1000  # characters of a search
_NOT_TAGGED = "none"
Word = TypeVar("Word", bound=StrEnum)
Other = TypeVar("Other")
Given = MultiDict[str, str]  # what came with an address that is not the request's own


class ArgumentError(ArchiveError):
    """An address asks for something that there cannot be."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        self.name, self.value, self.wanted = name, value, wanted
        super().__init__(f"The address has “{value[:80]}” for {name}, where it must be {wanted}.")


def whole_number(name: str, *, most: int = MOST_ROWS, given: Given | None = None) -> int | None:
    """A positive whole number; None where the address has none.

    :raises ArgumentError: if it is anything else.
    """
    text = _of(given).get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and 1 <= int(text) <= most):
        raise ArgumentError(name, text, "a whole number from 1")
    return int(text)


def date_of(name: str) -> date | None:
    """A day, as 2019-03-09; None where the address has none.

    :raises ArgumentError: if it is anything else.
    """
    text = request.args.get(name, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentError(name, text, "a day, as 2019-03-09") from error


def address(name: str) -> str | None:
    """The permanent name of a post; None where the address has none.

    :raises ArgumentError: if it has not the shape of one.
    """
    text = request.args.get(name, "")
    if not text:
        return None
    if not re.fullmatch(PublicIdConverter.regex, text):
        raise ArgumentError(name, text, "the name of a post, as in its permalink")
    return text


def levels(given: Given | None = None) -> frozenset[Level | None] | None:
    """The levels asked for, None among them for what is not yet tagged; None where the address has none.

    :raises ArgumentError: if one is not a level.
    """
    names = {name for name in _of(given).getlist("level") if name}
    if not names:
        return None
    for name in sorted(names):
        if name != _NOT_TAGGED and name not in set(Level):
            raise ArgumentError("level", name, "a level of the codebook or “none”")
    return frozenset(None if name == _NOT_TAGGED else Level(name) for name in names)


def chose_nothing(name: str) -> bool:
    """Whether a form was sent in which none of the boxes of that name was ticked; it sends an empty one along."""
    return name in request.args and not any(request.args.getlist(name))


def name_of(level: Level | None) -> str:
    """A level as an address names it."""
    return _NOT_TAGGED if level is None else level.value


def one_of(name: str, words: type[Word], otherwise: Other, *, given: Given | None = None) -> Word | Other:
    """One of some words.

    :raises ArgumentError: if it is another.
    """
    text = _of(given).get(name, "")
    if not text:
        return otherwise
    if text not in set(words):
        raise ArgumentError(name, text, f"one of {', '.join(words)}")
    return words(text)


def words(name: str, *, most: int = MAX_TEXT_LENGTH, given: Given | None = None) -> str:
    """Some text of bounded length, without what nobody can type.

    :raises ArgumentError: if it is too long.
    """
    text = "".join(
        " " if char in "\t\r\n" else char
        for char in _of(given).get(name, "")
        if char.isprintable() or char in "\t\r\n\u200c\u200d"
    ).strip()
    if len(text) > most:
        raise ArgumentError(name, text, f"at most {most} characters long")
    return text


def _of(given: Given | None) -> Given:
    return request.args if given is None else given
