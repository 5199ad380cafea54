"""The form for a reference: what was typed, and what is wrong with it, field by field."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import request

from archive.domain import tracing
from archive.domain.typed_identifier import NOTHING, joined, read_identifier, read_reference
from archive.errors import ArchiveError
from archive.services.tracing.offer import Offer
from archive.web.form_fields import line_field, text_field

Value = TypeVar("Value")
_MOST_DIGITS = 18  # of a citation's number
_FIELDS: dict[str, Callable[[], str]] = {
    "reference": lambda: text_field("reference", label="A reference", most=tracing.MAX_REFERENCE),
    "identifier": lambda: line_field("identifier", label="A link or number", most=tracing.MAX_IDENTIFIER),
    "locator": lambda: line_field("locator", label="A place", most=tracing.MAX_LOCATOR),
    "note": lambda: text_field("note", label="A note", most=tracing.MAX_NOTE),
    "name": lambda: line_field("name", label="A name", most=tracing.MAX_NAME),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The fields as they came in; what was refused is not lost."""

    citation: str
    reference: str
    identifier: str
    locator: str
    note: str
    name: str


def typed_offer() -> Typed:
    """What stands in the form."""
    return Typed(citation=request.form.get("citation", ""), **{name: request.form.get(name, "") for name in _FIELDS})


def read_offer(typed: Typed) -> tuple[Offer | None, dict[str, str]]:
    """The offer, and a sentence for each field that keeps it from being one."""
    errors: dict[str, str] = {}
    clean = {name: _read(name, read, errors) for name, read in _FIELDS.items()}
    identified, referred = NOTHING, NOTHING
    if "identifier" not in errors:
        identified = _read("identifier", lambda: read_identifier(clean["identifier"] or ""), errors) or NOTHING
    if "reference" not in errors:
        clean["reference"] = _read("reference", lambda: tracing.clean_reference(clean["reference"] or ""), errors)
    if "reference" not in errors:
        referred = _read("reference", lambda: read_reference(clean["reference"] or ""), errors) or NOTHING
    if errors:
        return None, errors
    number = typed.citation
    offer = Offer(
        citation=int(number) if number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS else None,
        reference=clean["reference"] or "",
        identifier=clean["identifier"] or "",
        locator=clean["locator"] or "",
        note=clean["note"] or "",
        name=clean["name"] or "",
        work=joined(identified, referred),
    )
    return offer, errors


def _read(name: str, read: Callable[[], Value], errors: dict[str, str]) -> Value | None:
    try:
        return read()
    except ArchiveError as error:
        errors[name] = str(error)
        return None
