"""The practice: one answer at a time with what decides it, and how it went; and where decisions differ."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.domain.practice import PracticeAnsweredError, PracticeRound
from archive.domain.source_quality import Level
from archive.services.browse import NotFoundError
from archive.services.codebook.versions import current
from archive.services.decided_otherwise import decided_otherwise
from archive.services.practice import give_level, practice_round, practice_rounds
from archive.store.database import db
from archive.web.arguments import whole_number
from archive.web.current_user import me
from archive.web.form_fields import word_field
from archive.web.permissions import needs
from archive.web.practice.pages import answer_address, practice_page, step_links, summary_address
from archive.web.practice.to_go import practice_to_go
from archive.web.see_other import see_other

bp = Blueprint("practice", __name__)


@bp.get("/moderation/practice")
@needs(Permission.MODERATE)
def practice() -> ResponseReturnValue:
    """What it is about, or how far the newest round is."""
    rounds = practice_rounds(db.session(), me().id)
    return _round_page(rounds[-1], rounds)


@bp.get("/moderation/practice/<row:round_number>")
@needs(Permission.MODERATE)
def summary(round_number: int) -> ResponseReturnValue:
    """How a round went."""
    rounds = practice_rounds(db.session(), me().id)
    return _round_page(practice_round(db.session(), me().id, round_number), rounds)


@bp.get("/moderation/practice/<row:round_number>/<row:number>")
@needs(Permission.MODERATE)
def answer(round_number: int, number: int) -> ResponseReturnValue:
    """One practice answer; with what decides it once it has its level."""
    return _answer_page(round_number, number)


@bp.post("/moderation/practice/<row:round_number>/<row:number>/levels")
@needs(Permission.MODERATE)
def give(round_number: int, number: int) -> ResponseReturnValue:
    """Give a practice answer its level, and see what decides it."""
    level = word_field("level", Level)
    try:
        give_level(db.session(), user=me(), round_number=round_number, number=number, level=level)
    except PracticeAnsweredError as error:
        return _answer_page(round_number, number, error)
    return see_other(answer_address(practice_round(db.session(), me().id, round_number), number))


@bp.get("/moderation/differences")
@needs(Permission.MODERATE)
def differences() -> ResponseReturnValue:
    """Where the decision differed from one's own votes."""
    before = whole_number("before")
    page = decided_otherwise(db.session(), me().id, before=before)
    return render_template("practice/differences.html", page=page, first=before is None)


def _answer_page(round_number: int, number: int, error: PracticeAnsweredError | None = None) -> ResponseReturnValue:
    there = practice_round(db.session(), me().id, round_number)
    if not 1 <= number <= len(there.answers):
        raise NotFoundError("practice answer")
    page = practice_page(there, number)
    html = render_template(
        "practice/answer.html", page=page, error=error, meanings=current(db.session()).wording.meanings
    )
    return html, 409 if error else 200


def _round_page(there: PracticeRound, rounds: list[PracticeRound]) -> ResponseReturnValue:
    following = there.next_after(0)
    return render_template(
        "practice/round.html",
        round=there,
        rounds=rounds,
        steps=step_links(there),
        wrong=[(answer_address(there, number), answer, given) for number, answer, given in there.wrong],
        next=None if following is None else (following, answer_address(there, following)),
        again=f"{summary_address(there).rpartition('/')[0]}/{rounds[-1].number + 1}/1#focus-h"
        if rounds[-1].done
        else None,
        votes_count=practice_to_go() == 0,
    )
