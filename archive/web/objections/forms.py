"""The form for an objection: what was typed, and what is wrong with it, field by field."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import request

from archive.domain import objections
from archive.domain.source_quality import Level
from archive.domain.typed_identifier import read_identifier
from archive.errors import ArchiveError
from archive.services.objections.objecting import Given
from archive.web.form_fields import line_field, text_field, word_field

Value = TypeVar("Value")
_FIELDS: dict[str, Callable[[], str]] = {
    "reason": lambda: text_field("reason", label="A reason", most=objections.MAX_REASON),
    "reference": lambda: text_field("reference", label="A reference", most=objections.MAX_REFERENCE),
    "locator": lambda: line_field("locator", label="A place", most=objections.MAX_LOCATOR),
    "identifier": lambda: line_field("identifier", label="A link or number", most=objections.MAX_IDENTIFIER),
    "name": lambda: line_field("name", label="A name", most=objections.MAX_NAME),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The fields as they came in; what was refused is not lost."""

    reason: str
    expected: str
    reference: str
    locator: str
    identifier: str
    name: str
    by_author: bool


def typed_objection() -> Typed:
    """What stands in the form."""
    fields = {name: request.form.get(name, "") for name in (*_FIELDS, "expected")}
    return Typed(**fields, by_author="by_author" in request.form)


def read_objection(typed: Typed) -> tuple[Given | None, dict[str, str]]:
    """The objection, and a sentence for each field that keeps it from being one."""
    errors: dict[str, str] = {}
    clean = {name: _read(name, read, errors) or "" for name, read in _FIELDS.items()}
    if "reason" not in errors:
        clean["reason"] = _read("reason", lambda: objections.clean_reason(clean["reason"]), errors) or ""
    if "identifier" not in errors:
        _read("identifier", lambda: read_identifier(clean["identifier"]), errors)
    expected = _read("expected", lambda: word_field("expected", Level), errors) if typed.expected else None
    if errors:
        return None, errors
    return Given(**clean, expected=expected, by_author=typed.by_author), {}


def _read(name: str, read: Callable[[], Value], errors: dict[str, str]) -> Value | None:
    try:
        return read()
    except ArchiveError as error:
        errors[name] = str(error)
        return None
