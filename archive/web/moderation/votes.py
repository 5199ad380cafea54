"""What the bench's form says: a level for an answer, and the words that justify it."""

import re
from dataclasses import dataclass

from flask import request

from archive.domain.moderation import MAX_NOTE, ReasonCode
from archive.domain.source_quality import Level
from archive.services.bench.cast import Sight
from archive.web.form_fields import FieldError, line_field, number_field, text_field, word_field
from archive.web.moderation.which_queue import Queue, queue_in_form
from archive.web.prose.cuts import Span

_MAX_WORDS = 4_000
_MAX_LEVEL = 20  # characters
_SPAN = re.compile(r"([0-9]{1,8})-([0-9]{1,8})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a moderator has written and chosen beside an answer, as the form holds it."""

    evidence: tuple[Span, ...] = ()  # the words that are ticked
    ticked_for: str = ""  # the level for which they came ticked, if they are not the moderator's own
    words: str = ""
    reason: ReasonCode | None = None
    note: str = ""
    team_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """A moderator's choice, as it came in."""

    revision_id: int
    version: int
    level: Level
    evidence: tuple[Span, ...]
    words: str  # more evidence, as it stands in the text
    reason: ReasonCode | None
    note: str
    seen: Sight
    sure: bool  # whether it is meant, though no words say where the reference is
    queue: Queue


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
        words=text_field("words", label="What is quoted as evidence", most=_MAX_WORDS),
        reason=word_field("reason", ReasonCode) if request.form.get("reason") else None,
        note=text_field("note", label="A note", most=MAX_NOTE),
        seen=word_field("seen", Sight),
        sure=request.form.get("sure") == level,
        queue=queue_in_form(),
    )


def written() -> Written:
    """What the request's form holds, to be shown again.

    :raises FieldError: if the form is not one that the bench sends.
    """
    return Written(
        evidence=read_spans(request.form.getlist("evidence")),
        ticked_for=line_field("suggested", label="A level", most=_MAX_LEVEL),
        words=text_field("words", label="What is quoted as evidence", most=_MAX_WORDS),
        reason=word_field("reason", ReasonCode) if request.form.get("reason") else None,
        note=text_field("note", label="A note", most=MAX_NOTE),
        team_note=text_field("team_note", label="A note", most=MAX_NOTE),
    )


def evidence_with_words(vote: Vote, text: str) -> tuple[Span, ...]:
    """The words that the moderator ticked or selected, and those that were typed, one stretch a line.

    :raises FieldError: if what was typed does not stand in the text.
    """
    found = list(vote.evidence)
    for line in filter(None, (line.strip() for line in vote.words.split("\n"))):
        start = text.find(line)
        if start < 0:
            raise FieldError(
                "words",
                f"“{line[:80]}” does not stand in the answer like that. Copy the words from it. Nothing was stored, "
                "and nothing that you wrote is lost.",
            )
        found.append((start, start + len(line)))
    return tuple(dict.fromkeys(found))


def write_spans(spans: tuple[Span, ...]) -> str:
    """Spans as one field holds them."""
    return ",".join(f"{start}-{end}" for start, end in spans)


def _evidence(level: Level) -> tuple[Span, ...]:
    """The words that the moderator means: the ticked ones; if the ticks are as they came, what speaks for the level.

    At another level than the one for which they came ticked, those are not theirs.
    """
    ticked = read_spans(request.form.getlist("evidence"))
    came_for = request.form.get("suggested", "")
    came_ticked = _words_for(came_for)
    if sorted(ticked) == sorted(came_ticked):
        return _words_for(level)
    if came_for in ("", level):
        return ticked
    return tuple(span for span in ticked if span not in came_ticked)


def _words_for(level: str) -> tuple[Span, ...]:
    return read_spans([part for part in request.form.get(f"words-for-{level}", "").split(",") if part])


def read_spans(parts: list[str]) -> tuple[Span, ...]:
    """Spans from a form's fields, each once.

    :raises FieldError: if one of them is none.
    """
    found = [_SPAN.fullmatch(part) for part in parts]
    if None in found:
        raise FieldError("evidence", "The words chosen as evidence cannot be read. Load the page again.")
    return tuple(dict.fromkeys((int(match[1]), int(match[2])) for match in found if match))
