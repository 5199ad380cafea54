"""What could not be read of a batch: listed with its bytes, repaired and read again, dismissed, taken back."""

from collections.abc import Sequence
from enum import StrEnum

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain.batch import BatchStateError
from archive.domain.permissions import Permission
from archive.domain.quarantine import DISMISSAL_WORDS, MAX_DISMISSAL_WORDS, Dismissal, DismissalError, Resolved
from archive.services.ledger import Actor
from archive.services.quarantine import dismiss, pages, repair
from archive.services.quarantine.items import ItemSettledError
from archive.services.quarantine.reading import StillUnreadableError
from archive.services.quarantine.units import MAX_REPAIR_BYTES, NotWritableError
from archive.store.database import db
from archive.store.import_lock import ImportRunningError
from archive.web.arguments import one_of, whole_number, words
from archive.web.current_user import current_user
from archive.web.form_fields import FieldError, line_field, number_field, text_field, whole_field, word_field
from archive.web.given import vault
from archive.web.imports.format_words import format_titles
from archive.web.permissions import needs
from archive.web.quarantine.said import Said, last_said, say
from archive.web.quarantine.shown import shown_lines
from archive.web.see_other import see_other
from archive.web.words import counted

bp = Blueprint("quarantine", __name__)

_BATCH = "/imports/<row:batch>/quarantine"
_ITEM = f"{_BATCH}/<row:number>"
_MAX_KEY = 40  # characters of what names a cause
_LATER = (ImportRunningError, ItemSettledError, BatchStateError)  # nothing was wrong with what was typed


class Shown(StrEnum):
    """What a page of the quarantine lists."""

    OPEN = "open"
    REPAIRED = "repaired"
    DISMISSED = "dismissed"


@bp.get(_BATCH)
@needs(Permission.IMPORT)
def batch(batch: int) -> ResponseReturnValue:
    """What is in quarantine still, was repaired, or was dismissed; of one cause where it is named."""
    page = pages.quarantine_page(
        db.session(),
        vault(),
        batch,
        shown=_shown(),
        cause=words("cause", most=_MAX_KEY),
        first=whole_number("from", most=2**31) or 0,
    )
    said = last_said(batch)
    return render_template("quarantine/batch.html", page=page, said=said, lines=shown_lines, reasons=DISMISSAL_WORDS)


@bp.get(_ITEM)
@needs(Permission.IMPORT)
def item(batch: int, number: int) -> ResponseReturnValue:
    """One stretch: its bytes, the form that mends it, and the one that dismisses it."""
    return _item(batch, number, {})


@bp.post(f"{_ITEM}/repairs")
@needs(Permission.IMPORT)
def repair_item(batch: int, number: int) -> ResponseReturnValue:
    """Read a stretch with the text that was typed; where it cannot be, say why beside it."""
    typed: str | None = None
    try:
        typed = whole_field("text", label="What is mended here", most=MAX_REPAIR_BYTES)
        done = repair.repair(db.session(), vault(), batch, number, text=typed, by=_by())
    except (FieldError, StillUnreadableError, NotWritableError) as error:
        return _item(batch, number, {"text": str(error)}, typed=typed)
    except _LATER as error:
        return _item(batch, number, {"text": str(error)}, typed=typed, status=409)
    moved = done.moved
    found = [
        f"{count:,} {what}"
        for what in ("added", "changed", "unchanged", "duplicate")
        if (count := getattr(moved, what))
    ]
    seen = (
        "Readers see it: the batch is published." if done.public else "Readers will see it when the batch is published."
    )
    say(Said(f"The stretch was repaired and read: {', '.join(found)}. {seen}", batch, number=number))
    return _to(batch)


@bp.post(f"{_ITEM}/dismissals")
@needs(Permission.IMPORT)
def dismiss_item(batch: int, number: int) -> ResponseReturnValue:
    """Leave one stretch unread, for a reason."""
    try:
        act = _dismiss(batch, [number])
    except (FieldError, DismissalError) as error:
        return _item(batch, number, _beside_its_field(error))
    say(Said("The stretch was dismissed.", batch, act=act))
    return _to(batch)


@bp.post(f"{_ITEM}/undos")
@needs(Permission.IMPORT)
def undo_item(batch: int, number: int) -> ResponseReturnValue:
    """Take back a repair or a dismissal."""
    dismiss.take_back(db.session(), vault(), batch, [number], by=_by())
    say(Said("The stretch is in quarantine again.", batch))
    return _to(batch)


@bp.get(f"{_BATCH}/dismissals")
@needs(Permission.IMPORT)
def dismissals(batch: int) -> ResponseReturnValue:
    """How many a dismissal of all of one cause would be, and the first of them."""
    return _many(batch, words("cause", most=_MAX_KEY), {})


@bp.post(f"{_BATCH}/dismissals")
@needs(Permission.IMPORT)
def dismiss_many(batch: int) -> ResponseReturnValue:
    """Leave all stretches of one cause unread, for a reason: as many as the page said."""
    cause = line_field("cause", label="A cause", most=_MAX_KEY)
    numbers = pages.open_numbers(db.session(), batch, cause=cause)
    try:
        if len(numbers) != number_field("count"):
            return _many(batch, cause, {"words": "Meanwhile there are more or fewer of them: look again."}, status=409)
        act = _dismiss(batch, numbers)
    except (FieldError, DismissalError) as error:
        return _many(batch, cause, _beside_its_field(error), status=400)
    were = "was" if len(numbers) == 1 else "were"
    say(Said(f"{counted(len(numbers), 'stretch', 'stretches')} {were} dismissed.", batch, act=act))
    return _to(batch)


@bp.post(f"{_BATCH}/acts/<int(max=9223372036854775807):act>/undos")
@needs(Permission.IMPORT)
def undo_act(batch: int, act: int) -> ResponseReturnValue:
    """Take back all that one act dismissed."""
    count = dismiss.take_back_act(db.session(), vault(), batch, act, by=_by())
    are = "is" if count == 1 else "are"
    say(Said(f"{counted(count, 'stretch', 'stretches')} {are} in quarantine again.", batch))
    return _to(batch)


def _dismiss(batch: int, numbers: Sequence[int]) -> int:
    if not _chosen()["reason"]:
        raise FieldError("reason", "Choose a reason.")
    reason = word_field("reason", Dismissal)
    more = text_field("words", label="What you add to a reason", most=MAX_DISMISSAL_WORDS)
    return dismiss.dismiss(db.session(), batch, numbers, reason=reason, words=more, by=_by())


def _chosen() -> dict[str, str]:
    """What stands in the fields of a dismissal, so that a form that comes back holds it still."""
    return {name: request.form.get(name, "") for name in ("reason", "words")}


def _beside_its_field(error: FieldError | DismissalError) -> dict[str, str]:
    is_reason = isinstance(error, FieldError) and error.name == "reason"
    return {"reason" if is_reason else "words": str(error)}


def _item(
    batch: int, number: int, errors: dict[str, str], *, typed: str | None = None, status: int = 400
) -> ResponseReturnValue:
    page = pages.item_page(db.session(), vault(), batch, number, at=whole_number("at", most=2**62) or 0)
    shown = render_template(
        "quarantine/item.html",
        page=page,
        lines=shown_lines(page.item.raw) if page.item.raw else [],
        typed=typed,
        errors=errors,
        chosen=_chosen(),
        reasons=DISMISSAL_WORDS,
        titles=format_titles(),
        max_words=MAX_DISMISSAL_WORDS,
        max_text=MAX_REPAIR_BYTES,
    )
    return shown, status if errors else 200


def _many(batch: int, cause: str, errors: dict[str, str], *, status: int = 200) -> ResponseReturnValue:
    page = pages.quarantine_page(db.session(), vault(), batch, shown=None, cause=cause)
    shown = render_template(
        "quarantine/dismissals.html",
        page=page,
        cause=cause,
        lines=shown_lines,
        errors=errors,
        chosen=_chosen(),
        reasons=DISMISSAL_WORDS,
        max_words=MAX_DISMISSAL_WORDS,
    )
    return shown, status


def _shown() -> Resolved | None:
    shown = one_of("show", Shown, Shown.OPEN)
    return None if shown is Shown.OPEN else Resolved(shown)


def _to(batch: int) -> Response:
    return see_other(f"/imports/{batch}/quarantine")


def _by() -> Actor:
    return Actor.of(current_user())
