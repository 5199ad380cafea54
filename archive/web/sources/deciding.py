"""Which names are of one work, for moderators: pairs in doubt, merging, splitting, and taking that back."""

import re

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.services.sources import decisions, merging, pages
from archive.services.sources.merging import MAX_NOTE, MergeConflictError, SplitError
from archive.store.database import db
from archive.web import arguments
from archive.web.addresses import PublicIdConverter, stay_home
from archive.web.current_user import me
from archive.web.errors import error_page
from archive.web.form_fields import FieldError, line_field, number_field, text_field
from archive.web.permissions import needs
from archive.web.sources.here import bp
from archive.web.sources.shown import KIND_WORDS, named, titled

_MOST_NAMES = 1_000


@bp.get("/sources/doubtful")
@needs(Permission.MODERATE)
def doubtful() -> ResponseReturnValue:
    """Pairs of works that may be one."""
    page = decisions.doubtful_page(db.session(), after=arguments.whole_number("after") or 0)
    return render_template("sources/doubtful.html", page=page, titled=titled, named=named, KIND_WORDS=KIND_WORDS)


@bp.post("/sources/doubtful/<row:pair>/dismissals")
@needs(Permission.MODERATE)
def dismiss(pair: int) -> ResponseReturnValue:
    """Have the works of a pair be two."""
    merging.dismiss(db.session(), pair=pair, note=_note(), by=me())
    return _go_on("/sources/doubtful#main")


@bp.get("/sources/<public_id:work>/merge")
@needs(Permission.MODERATE)
def choose(work: str) -> ResponseReturnValue:
    """The works that may go into one."""
    return _choose(work, None)


@bp.post("/sources/<public_id:work>/merges")
@needs(Permission.MODERATE)
def merge(work: str) -> ResponseReturnValue:
    """Have another work go into this one."""
    other = line_field("other", label="A work", most=40)
    if not other:
        return _choose(work, "Choose the work that is the same as this one.")
    merging.merge(db.session(), work=work, other=_checked(other), note=_note(), by=me())
    return _go_on(f"/sources/{work}#decided-h")


@bp.get("/sources/<public_id:work>/split")
@needs(Permission.MODERATE)
def divide(work: str) -> ResponseReturnValue:
    """The names of a work, to be split off."""
    return _divide(work, None)


@bp.post("/sources/<public_id:work>/splits")
@needs(Permission.MODERATE)
def split(work: str) -> ResponseReturnValue:
    """Have some names of a work be a work of their own."""
    chosen = request.form.getlist("name")[:_MOST_NAMES]
    try:
        merging.split(db.session(), work=work, names=chosen, note=_note(), by=me())
    except SplitError as error:
        return _divide(work, str(error))
    return _go_on(f"/sources/{work}#decided-h")


@bp.post("/sources/<public_id:work>/undone")
@needs(Permission.MODERATE)
def undo(work: str) -> ResponseReturnValue:
    """Take a decision on a work back."""
    merging.undo(db.session(), decision=number_field("decision"), by=me())
    return _go_on(f"/sources/{work}#decided-h")


@bp.errorhandler(MergeConflictError)
def _conflict(error: MergeConflictError) -> Response:
    return error_page(409, str(error))


def _choose(work: str, error: str | None) -> ResponseReturnValue:
    words = arguments.words("q")
    this = pages.visible_work(db.session(), work)
    found = pages.index_page(db.session(), words=words).works if words else []
    others = [other for other in found if other.id != this.id]
    pairs = [
        (pair, pair.b if pair.a.id == this.id else pair.a) for pair in decisions.decided_on(db.session(), this).pairs
    ]
    shown = render_template(
        "sources/merge.html",
        work=this,
        title=titled(this),
        words=words,
        others=others,
        pairs=pairs,
        error=error,
        titled=titled,
        KIND_WORDS=KIND_WORDS,
        MAX_NOTE=MAX_NOTE,
    )
    return shown, 409 if error else 200


def _divide(work: str, error: str | None) -> ResponseReturnValue:
    names = decisions.names_of_work(db.session(), work)
    chosen = set(request.form.getlist("name"))
    lines = [(name, named(name, names.work), names.answers.get(name, 0), name in chosen) for name in names.names]
    shown = render_template(
        "sources/split.html", work=names.work, title=titled(names.work), lines=lines, error=error, MAX_NOTE=MAX_NOTE
    )
    return shown, 409 if error else 200


def _note() -> str:
    return text_field("note", label="A note", most=MAX_NOTE)


def _checked(address: str) -> str:
    if not re.fullmatch(PublicIdConverter.regex, address):
        raise FieldError("other", "The form names no work. Load the page again.")
    return address


def _go_on(otherwise: str) -> Response:
    return Response(status=303, headers={"Location": stay_home(request.form.get("next"), otherwise=otherwise)})
