"""What comes in with a form, checked: text of bounded length, numbers, words from a list."""

from enum import StrEnum
from typing import TypeVar

from flask import request

from archive.errors import ArchiveError

_MOST = 2**62
Word = TypeVar("Word", bound=StrEnum)


class FieldError(ArchiveError):
    """A field of a form holds something that it cannot hold."""

    def __init__(self, name: str, sentence: str) -> None:
        self.name = name
        super().__init__(sentence)


def text_field(name: str, *, label: str, most: int) -> str:
    """A field's text without what nobody can type; lines end in LF.

    :param most: characters.
    :raises FieldError: if it is too long.
    """
    text = _typed(name).strip()
    _check_length(name, text, label, most)
    return text


def whole_field(name: str, *, label: str, most: int) -> str:
    """The same, with the blanks and blank lines at its ends.

    :param most: characters.
    :raises FieldError: if it is too long.
    """
    text = _typed(name)
    _check_length(name, text, label, most)
    return text


def line_field(name: str, *, label: str, most: int) -> str:
    """A field's text on one line.

    :param most: characters.
    :raises FieldError: if it is too long.
    """
    return " ".join(text_field(name, label=label, most=most).split())


def number_field(name: str) -> int:
    """A whole number from 0.

    :raises FieldError: if it is anything else.
    """
    text = request.form.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= _MOST):
        raise FieldError(name, f"The form has no number for {name}. Load the page again.")
    return int(text)


def word_field(name: str, words: type[Word]) -> Word:
    """One of some words.

    :raises FieldError: if it is another.
    """
    text = request.form.get(name, "")
    if text not in set(words):
        raise FieldError(name, f"The form has “{text[:80]}” for {name}, where it must be one of {', '.join(words)}.")
    return words(text)


def _typed(name: str) -> str:
    raw = request.form.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in raw if char in "\n\t" or char >= " ")


def _check_length(name: str, text: str, label: str, most: int) -> None:
    if len(text) > most:
        raise FieldError(name, f"{label} has at most {most:,} characters, and this has {len(text):,}.")
