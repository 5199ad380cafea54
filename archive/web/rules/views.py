"""What a collection asks of its moderators: how many read an answer, what they see first, what comes next."""

from collections.abc import Mapping
from dataclasses import asdict, fields

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain.bench_rules import MOST_VOTES, BenchRules, BenchRulesError, Showing, check_rules
from archive.domain.permissions import Permission
from archive.domain.queue_mix import Stream
from archive.errors import ArchiveError
from archive.services.bench.rules import MOST_SETTLED, RulesConflictError, rules_page, set_rules, turns_of
from archive.store.database import db
from archive.web import arguments
from archive.web.current_user import me
from archive.web.errors import form_status
from archive.web.form_fields import FieldError, number_field, word_field
from archive.web.permissions import needs
from archive.web.see_other import see_other

bp = Blueprint("rules", __name__)

_NUMBERS = tuple(field.name for field in fields(BenchRules) if field.name != "showing")
_LONGEST = 20  # characters that are shown again of what was typed for a number

# What a page calls each kind of answers that a queue mixes, and what it is for.
MIX: dict[Stream, tuple[str, str]] = {
    Stream.UNCERTAIN: ("Least sure", "of which the suggestion is least sure: where a moderator’s hour tells most"),
    Stream.SECOND: ("Second votes", "that have a vote and want another one"),
    Stream.RANDOM: ("Drawn at random", "of the share above: the only ones that statistics use"),
    Stream.AUDIT: ("Audits", "decided by one other moderator, to be read once more"),
    Stream.ORDER: ("In reading order", "thread by thread: whatever the four shares leave"),
}


@bp.get("/collections/<slug:slug>/rules")
@needs(Permission.ADMINISTER)
def show(slug: str) -> ResponseReturnValue:
    """The rules in force, in a form."""
    return _page(slug)


@bp.post("/collections/<slug:slug>/rules")
@needs(Permission.ADMINISTER)
def change(slug: str) -> ResponseReturnValue:
    """Set other rules."""
    try:
        settled = set_rules(db.session(), slug, _typed_rules(), version=number_field("version"), by=me())
    except (BenchRulesError, FieldError, RulesConflictError) as error:
        return _page(slug, error)
    return see_other(f"/collections/{slug}/rules?decided={settled.decided}&left={settled.left}#stored")


def _page(slug: str, error: ArchiveError | None = None) -> ResponseReturnValue:
    page = rules_page(db.session(), slug)
    typed = _as_text(page.rules) if error is None else {name: request.form.get(name, "") for name in asdict(page.rules)}
    shown = render_template(
        "rules/rules.html",
        page=page,
        error=error,
        typed={name: text[:_LONGEST] for name, text in typed.items()},
        turns=turns_of(_foreseen(page.rules, error)),
        of_typed=error is not None and _foreseen(page.rules, error) != page.rules,
        mix=MIX,
        Stream=Stream,
        Showing=Showing,
        most_votes=MOST_VOTES,
        most_settled=MOST_SETTLED,
        stored=_stored(),
    )
    return shown, 409 if isinstance(error, RulesConflictError) else form_status(error)


def _typed_rules() -> BenchRules:
    try:
        numbers = {name: number_field(name) for name in _NUMBERS}
    except FieldError as error:
        raise BenchRulesError("A share is a whole number from 0 to 100, and each needs one.") from error
    rules = BenchRules(showing=word_field("showing", Showing), **numbers)
    check_rules(rules)
    return rules


def _foreseen(in_force: BenchRules, error: ArchiveError | None) -> BenchRules:
    """The rules whose mix the page shows: what was typed, where there can be such rules."""
    if error is None:
        return in_force
    try:
        return _typed_rules()
    except (BenchRulesError, FieldError):
        return in_force


def _as_text(rules: BenchRules) -> Mapping[str, str]:
    return {name: str(value) for name, value in asdict(rules).items()}


def _stored() -> tuple[int, int] | None:
    """What the rules led to that were just set: answers decided, and answers that were too many."""
    if "decided" not in request.args:
        return None
    numbers = (arguments.words(name, most=10) for name in ("decided", "left"))
    decided, left = (int(text) if text.isascii() and text.isdigit() else 0 for text in numbers)
    return decided, left
