"""What the bench's form says: a level for an answer, and the words that justify it."""

import re
from dataclasses import dataclass

from flask import request

from archive.domain.moderation import MAX_NOTE
from archive.domain.source_quality import Level
from archive.web.form_fields import FieldError, line_field, number_field, text_field, word_field
from archive.web.prose.cuts import Span

MAX_SLUG = 80  # characters
_SPAN = re.compile(r"([0-9]{1,8})-([0-9]{1,8})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A moderator's choice, as it came in."""

    revision_id: int
    version: int
    level: Level
    evidence: tuple[Span, ...]
    note: str
    collection: str | None


def read_vote() -> Vote:
    """The vote in the request's form.

    :raises FieldError: if the form is not one that the bench sends.
    """
    level = word_field("level", Level)
    return Vote(
        revision_id=number_field("revision_id"),
        version=number_field("version"),
        level=level,
        evidence=_evidence(level),
        note=text_field("note", label="A note", most=MAX_NOTE),
        collection=queue_in_form(),
    )


def queue_in_form() -> str | None:
    """The collection whose queue is being worked through; None for all."""
    return line_field("collection", label="A collection's address", most=MAX_SLUG) or None


def write_spans(spans: tuple[Span, ...]) -> str:
    """Spans as one field holds them."""
    return ",".join(f"{start}-{end}" for start, end in spans)


def _evidence(level: Level) -> tuple[Span, ...]:
    """The words that the moderator means. At another level than the suggested one, what came ticked is not theirs."""
    ticked = _spans(request.form.getlist("evidence"))
    suggested = request.form.get("suggested", "")
    came_ticked = _words_for(suggested)
    if suggested in ("", level):
        return ticked
    if sorted(ticked) == sorted(came_ticked):
        return _words_for(level)
    return tuple(span for span in ticked if span not in came_ticked)


def _words_for(level: str) -> tuple[Span, ...]:
    return _spans([part for part in request.form.get(f"words-for-{level}", "").split(",") if part])


def _spans(parts: list[str]) -> tuple[Span, ...]:
    found = [_SPAN.fullmatch(part) for part in parts]
    if None in found:
        raise FieldError("evidence", "The words chosen as evidence cannot be read. Load the page again.")
    return tuple(dict.fromkeys((int(match[1]), int(match[2])) for match in found if match))
