"""What the form for many answers says: which of them, one level, and why."""

import re
from dataclasses import dataclass

from flask import request

from archive.domain.at_once import MOST_AT_ONCE
from archive.domain.ids import PublicId
from archive.domain.moderation import MAX_NOTE, ReasonCode
from archive.domain.source_quality import Level
from archive.services.bench.bulk import Picked
from archive.services.views import PostView
from archive.web.addresses import PublicIdConverter
from archive.web.form_fields import FieldError, text_field, word_field

_ANSWER = re.compile(rf"({PublicIdConverter.regex})\.([0-9]{{1,18}})\.([0-9]{{1,18}})")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into a form, to be shown in it again."""

    level: str
    reason: str
    note: str
    ticked: frozenset[str] | None  # None: all


NOTHING_TYPED = Typed("", "", "", None)


def typed() -> Typed:
    """What the request's form holds."""
    form = request.form
    ticked = frozenset(form.getlist("answer"))
    return Typed(form.get("level", ""), form.get("reason", ""), form.get("note", "")[:MAX_NOTE], ticked)


def tick(post: PostView) -> str:
    """An answer as it stands on the page, as its field holds it."""
    return f"{post.public_id}.{post.revision_id}.{post.tag_version}"


def picked() -> list[Picked]:
    """The answers that are ticked.

    :raises FieldError: if one cannot be read.
    """
    found = [_ANSWER.fullmatch(answer) for answer in request.form.getlist("answer")[: MOST_AT_ONCE + 1]]
    if None in found:
        raise FieldError("answer", "The answers that were ticked cannot be read. Load the page again.")
    answers = {match[1]: Picked(PublicId(match[1]), int(match[2]), int(match[3])) for match in found if match}
    return [*answers.values()]


def level() -> Level:
    """The level for all.

    :raises FieldError: if none is chosen.
    """
    if not request.form.get("level"):
        raise FieldError("level", "Choose a level: it is given to every answer that is ticked. Nothing was stored.")
    return word_field("level", Level)


def reason() -> ReasonCode | None:
    """The rule of the codebook that settled it; None where none is named."""
    return word_field("reason", ReasonCode) if request.form.get("reason") else None


def note() -> str:
    """Why, in words."""
    return text_field("note", label="A note", most=MAX_NOTE)
