"""Editing the codebook, for admins: the form, a look at what it changes, and saving it as a new version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import render_template, request
from flask.typing import ResponseReturnValue

from archive.domain import codebook as limits
from archive.domain.codebook import Fault, WordingError
from archive.domain.codebook_changes import changes, levels_redefined, merged
from archive.domain.permissions import Permission
from archive.domain.source_quality import Level
from archive.services.codebook.revisit import count_if_redefined
from archive.services.codebook.versions import (
    ChangeShown,
    CodebookConflictError,
    Version,
    current,
    differences,
    find_edit_faults,
    save,
    version,
)
from archive.store.database import db
from archive.web.codebook.forms import Typed, typed_edit
from archive.web.codebook.here import bp
from archive.web.current_user import me
from archive.web.permissions import needs
from archive.web.see_other import see_other

_EMPTY_ROWS, _MORE_ROWS = 2, 10  # for new cases and examples


@dataclass(frozen=True, slots=True)
class Look:
    """What would be changed."""

    changes: Sequence[ChangeShown]
    tags: Mapping[Level, int]  # to be looked at again


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else's version, beside what stands in the form now."""

    sentence: str
    theirs: Version
    they_changed: Sequence[ChangeShown]
    you_change: Sequence[ChangeShown]  # against theirs


@bp.get("/codebook/edit")
@needs(Permission.ADMINISTER)
def edit() -> ResponseReturnValue:
    """The form, with the current words in it."""
    now = current(db.session())
    return _form(Typed(based_on=now.number, wording=now.wording, reason="", is_slip=False))


@bp.post("/codebook/versions")
@needs(Permission.ADMINISTER)
def save_version() -> ResponseReturnValue:
    """Save what stands in the form as a new version; or show the form again, with more rows or with what it changes."""
    typed = typed_edit()
    try:
        match request.form.get("do"):
            case "rows":
                return _form(typed, empty_rows=_MORE_ROWS)
            case "look":
                return _form(typed, look=_look(typed))
        session, redefines = db.session(), not typed.is_slip
        saved = save(
            session, based_on=typed.based_on, wording=typed.wording, reason=typed.reason, redefines=redefines, by=me()
        )
    except WordingError as error:
        return _form(typed, faults=error.faults)
    except CodebookConflictError as error:
        return _conflict(typed, error)
    return see_other(f"/codebook/compare?old={typed.based_on}&new={saved.number}#main")


def _look(typed: Typed) -> Look:
    """What saving would change.

    :raises CodebookConflictError: if somebody else saved a version since the form was made.
    :raises WordingError: if it could not be saved, for want of more than the reason.
    """
    session = db.session()
    now = current(session)
    if now.number != typed.based_on:
        raise CodebookConflictError(now)
    faults = [fault for fault in find_edit_faults(now.wording, typed.wording, typed.reason) if fault.place != "reason"]
    if faults:
        raise WordingError(faults)
    levels = frozenset() if typed.is_slip else levels_redefined(changes(now.wording, typed.wording))
    return Look(differences(now.wording, typed.wording), count_if_redefined(session, levels))


def _conflict(typed: Typed, error: CodebookConflictError) -> ResponseReturnValue:
    """Their version beside mine: what I left as it was has their words now, and nothing that I typed is lost."""
    theirs = error.theirs
    base = version(db.session(), typed.based_on)
    together = merged(base.wording, typed.wording, theirs.wording)
    conflict = Conflict(
        str(error), theirs, differences(base.wording, theirs.wording), differences(theirs.wording, together)
    )
    return _form(replace(typed, based_on=theirs.number, wording=together), conflict=conflict)


def _form(
    typed: Typed,
    *,
    faults: Sequence[Fault] = (),
    look: Look | None = None,
    conflict: Conflict | None = None,
    empty_rows: int = _EMPTY_ROWS,
) -> ResponseReturnValue:
    page = render_template(
        "codebook/edit.html",
        typed=typed,
        faults={fault.place: fault.sentence for fault in reversed(faults)},
        look=look,
        conflict=conflict,
        empty_rows=empty_rows,
        limits=limits,
    )
    return page, 409 if conflict else 422 if faults else 200
