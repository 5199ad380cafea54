"""From recollection to source: the list of answers, the form for a reference, and the moderators' queue."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain import tracing
from archive.domain.flooding import EnoughError, TooManyError
from archive.domain.ids import PublicId
from archive.domain.permissions import Permission
from archive.domain.source_quality import Level
from archive.domain.tracing import OfferNotAllowedError
from archive.errors import ArchiveError
from archive.services.decisions import TagConflictError
from archive.services.tracing import offer as offers
from archive.services.tracing import pages
from archive.services.tracing.offer import TraceStateError
from archive.services.tracing.take_back import take_back
from archive.store.database import db
from archive.web.arguments import whole_number
from archive.web.current_user import current_user, me
from archive.web.errors import form_status
from archive.web.form_fields import FieldError, number_field, text_field, word_field
from archive.web.permissions import needs
from archive.web.see_other import see_other
from archive.web.senders import seen_as
from archive.web.tracing.forms import Typed, read_offer, typed_offer

bp = Blueprint("tracing", __name__)


@bp.get("/trace")
@needs(Permission.READ)
def trace() -> ResponseReturnValue:
    """Answers from memory whose work somebody may know."""
    page = pages.trace_page(db.session(), before=whole_number("before"))
    return render_template("tracing/trace.html", page=page)


@bp.get("/posts/<public_id:post>/trace")
@needs(Permission.READ)
def form(post: str) -> ResponseReturnValue:
    """The form for a reference; after one was sent, thanks."""
    if "given" in request.args:
        return render_template("tracing/thanks.html", answer=pages.answer_of(db.session(), post))
    return _form(post, typed_offer(), {})


@bp.post("/posts/<public_id:post>/traces")
@needs(Permission.READ)
def give(post: str) -> ResponseReturnValue:
    """Keep a reference until a moderator decides on it."""
    typed = typed_offer()
    given, errors = read_offer(typed)
    if given is None:
        return _form(post, typed, errors, status=422)
    try:
        offers.offer(db.session(), post=PublicId(post), given=given, giver=current_user(), seen_as=seen_as())
    except TooManyError as error:
        page = _form(post, typed, {"": str(error)}, status=429)
        page.headers["Retry-After"] = str(error.retry_after)
        return page
    except (OfferNotAllowedError, EnoughError) as error:
        return _form(post, typed, {"": str(error)}, status=form_status(error))
    return see_other(f"/posts/{post}/trace?given")


@bp.get("/moderation/traces")
@needs(Permission.MODERATE)
def queue() -> ResponseReturnValue:
    """Supplied references on which nobody has decided."""
    return _queue()


@bp.post("/moderation/traces/<row:trace_id>/acceptances")
@needs(Permission.MODERATE)
def accept(trace_id: int) -> ResponseReturnValue:
    """Accept a reference, and tag the answer."""
    try:
        level, version = word_field("level", Level), number_field("version")
        offers.accept(db.session(), trace_id=trace_id, version=version, level=level, moderator=me())
    except (OfferNotAllowedError, TraceStateError, TagConflictError, FieldError) as error:
        return _queue(wrong=trace_id, error=error)
    return see_other(f"/moderation/traces?accepted={trace_id}")


@bp.post("/moderation/traces/<row:trace_id>/refusals")
@needs(Permission.MODERATE)
def decline(trace_id: int) -> ResponseReturnValue:
    """Decline a reference, and say why."""
    try:
        reason = text_field("reason", label="A reason", most=tracing.MAX_REASON)
        offers.decline(db.session(), trace_id=trace_id, reason=reason, moderator=me())
    except (OfferNotAllowedError, TraceStateError, FieldError) as error:
        return _queue(wrong=trace_id, error=error)
    return see_other(f"/moderation/traces?declined={trace_id}")


@bp.post("/moderation/traces/<row:trace_id>/withdrawals")
@needs(Permission.MODERATE)
def withdraw(trace_id: int) -> ResponseReturnValue:
    """Take an accepted reference back: it waits again."""
    take_back(db.session(), trace_id=trace_id, version=number_field("version"), moderator=me())
    return see_other(f"/moderation/traces?reopened={trace_id}")


def _form(post: str, typed: Typed, errors: dict[str, str], *, status: int = 200) -> Response:
    answer, closed = pages.answer_of(db.session(), post), None
    try:
        pages.check_open(answer)
    except (OfferNotAllowedError, EnoughError) as error:
        closed = str(error)
    page = render_template(
        "tracing/offer.html", answer=answer, closed=closed, typed=typed, errors=errors, limits=tracing
    )
    return Response(page, status)


def _queue(*, wrong: int | None = None, error: ArchiveError | None = None) -> ResponseReturnValue:
    after = whole_number("after") or 0
    shown = render_template(
        "tracing/queue.html",
        page=pages.queue_page(db.session(), after=after),
        after=after,
        wrong=wrong,
        error=error,
        typed={"reason": request.form.get("reason", ""), "level": request.form.get("level", "")},
        max_reason=tracing.MAX_REASON,
        done=_done(),
    )
    return shown, form_status(error)


def _done() -> pages.OfferLine | None:
    """The offer on which was just decided, for the line that says so."""
    number = whole_number("accepted") or whole_number("declined") or whole_number("reopened")
    return pages.offer_line(db.session(), number) if number else None
