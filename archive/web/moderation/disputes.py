"""Deciding between readings that differ: the list, and one answer with its votes side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from archive.domain.ids import PublicId
from archive.domain.moderation import MAX_NOTE
from archive.domain.permissions import Permission
from archive.domain.source_quality import Level
from archive.services.bench.adjudicate import (
    NamedVote,
    NoteWantedError,
    OwnVoteError,
    Ruling,
    VotesChangedError,
    adjudicate,
    dispute,
    open_disputes,
)
from archive.services.decisions import TagConflictError
from archive.store.database import db
from archive.web.current_user import me
from archive.web.form_fields import FieldError, line_field, number_field, text_field, word_field
from archive.web.moderation import last_act
from archive.web.moderation.last_act import Act, Did
from archive.web.moderation.marked_html import shown_answer
from archive.web.moderation.views import bp
from archive.web.moderation.votes import read_spans, write_spans
from archive.web.permissions import needs
from archive.web.prose.cuts import Span
from archive.web.see_other import see_other

_MAX_SEEN = 2_000  # characters


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """Words on which one of the votes rests."""

    number: int  # from 1, as in the text
    span: str  # as a form field holds it
    words: str
    by: str


@bp.get("/moderation/disputes")
@needs(Permission.MODERATE)
def disputes() -> ResponseReturnValue:
    """The answers whose readings differ."""
    return render_template("moderation/disputes.html", lines=open_disputes(db.session(), me()), act=last_act.last_act())


@bp.get("/moderation/disputes/<public_id:post>")
@needs(Permission.MODERATE)
def one_dispute(post: str) -> ResponseReturnValue:
    """One of them, with the votes side by side."""
    return _page(post)


@bp.post("/moderation/disputes/<public_id:post>")
@needs(Permission.MODERATE)
def decide(post: str) -> ResponseReturnValue:
    """Decide between the votes, in writing."""
    try:
        level = word_field("level", Level)
        note = text_field("note", label="The decision", most=MAX_NOTE)
        adjudicate(
            db.session(),
            post=PublicId(post),
            version=number_field("version"),
            seen=_numbers(line_field("seen", label="The list of votes", most=_MAX_SEEN)),
            ruling=Ruling(level=level, evidence=read_spans(request.form.getlist("evidence")), note=note),
            moderator=me(),
        )
    except NoteWantedError as error:
        return _page(post, level=level, error=str(error)), 422
    except FieldError as error:
        return _page(post, error=str(error)), 422
    except (TagConflictError, VotesChangedError, OwnVoteError) as error:
        return render_template("moderation/dispute_gone.html", error=error, post=post, note=note), 409
    last_act.keep(Act(Did.DECIDED, level=level))
    return see_other("/moderation/disputes#focus-h")


def _page(post: str, *, level: Level | None = None, error: str = "") -> str:
    found = dispute(db.session(), PublicId(post), moderator=me())
    lines = _evidence(found.votes)
    spans = read_spans([line.span for line in lines])
    return render_template(
        "moderation/dispute.html",
        found=found,
        text=shown_answer(found.post.text, found.post.markup, spans),
        lines=lines,
        chosen=level,
        ticked=request.form.getlist("evidence"),
        note=request.form.get("note", ""),
        error=error,
        act=last_act.last_act(),
        max_note=MAX_NOTE,
    )


def _numbers(line: str) -> list[int]:
    """Whole numbers between commas.

    :raises FieldError: if something else stands there.
    """
    parts = line.split(",")
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise FieldError("seen", "The form has no list of the votes. Load the page again.")
    return [int(part) for part in parts]


def _evidence(votes: Sequence[NamedVote]) -> list[EvidenceLine]:
    """The words of all votes, each once, with everybody who named them."""
    by: dict[Span, list[str]] = {}
    words: dict[Span, str] = {}
    for one in votes:
        for said in one.vote.evidence:
            span = (said["start"], said["end"])
            by.setdefault(span, []).append(one.by)
            words[span] = said["text"]
    return [
        EvidenceLine(number, write_spans((span,)), words[span], " and ".join(by[span]))
        for number, span in enumerate(sorted(by), start=1)
    ]
