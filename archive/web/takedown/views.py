"""Takedowns: the form for everybody, the public list, and the desk on which two moderators agree."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain import takedown as limits
from archive.domain.flooding import FloodingError, TooManyError
from archive.domain.ids import PublicId
from archive.domain.permissions import Permission
from archive.domain.takedown import ReasonClass, Scope, TakedownNotAllowedError
from archive.errors import ArchiveError
from archive.services.takedown import decide, pages
from archive.services.takedown import request as requests
from archive.services.takedown.purge import purge
from archive.services.takedown.request import Request
from archive.store.database import db
from archive.web.arguments import whole_number
from archive.web.current_user import current_user, me
from archive.web.errors import form_status
from archive.web.form_fields import FieldError, line_field, number_field, text_field, word_field
from archive.web.given import vault
from archive.web.page_cache import kept
from archive.web.permissions import may, needs
from archive.web.see_other import see_other
from archive.web.senders import seen_as

bp = Blueprint("takedown", __name__)

_TYPED = ("reason", "words", "name", "contact", "scope", "passages", "reply", "why")
_MOST_PASSAGES = limits.MAX_PASSAGES * (limits.MAX_PASSAGE + 1)  # characters


@bp.get("/posts/<public_id:post>/takedown")
@needs(Permission.READ)
def form(post: str) -> ResponseReturnValue:
    """The form by which anybody asks for a post, or words of it, to be taken down."""
    return _form(post, {})


@bp.post("/posts/<public_id:post>/takedowns")
@needs(Permission.READ)
def ask(post: str) -> ResponseReturnValue:
    """Keep a request until moderators decide on it."""
    try:
        asked = Request(
            reason=_reason(),
            words=text_field("words", label="What you write", most=limits.MAX_WORDS),
            name=line_field("name", label="A name", most=limits.MAX_NAME),
            contact=line_field("contact", label="A contact", most=limits.MAX_CONTACT),
        )
        token = requests.ask(db.session(), post=PublicId(post), asked=asked, by=current_user(), seen_as=seen_as())
    except FieldError as error:
        return _form(post, {error.name: str(error)}, status=422)
    except TooManyError as error:
        page = _form(post, {"": str(error)}, status=429)
        page.headers["Retry-After"] = str(error.retry_after)
        return page
    except (TakedownNotAllowedError, FloodingError) as error:
        return _form(post, {"": str(error)}, status=form_status(error))
    return see_other(f"/takedowns/{token}")


@bp.get("/takedowns")
@needs(Permission.READ)
@kept
def public() -> ResponseReturnValue:
    """Everything that is down, by reason and date, without a word of it."""
    return render_template("takedown/public.html", page=pages.public_page(db.session(), before=whole_number("before")))


@bp.get("/takedowns/<string(length=32):token>")
@needs(Permission.READ)
def asked_for(token: str) -> ResponseReturnValue:
    """What has become of a request, for whoever holds its address."""
    response = Response(render_template("takedown/asked.html", row=pages.page_of_token(db.session(), token)))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/moderation/takedowns")
@needs(Permission.MODERATE)
def desk() -> ResponseReturnValue:
    """Requests that wait, and what was decided last."""
    page = pages.desk_page(db.session(), after=whole_number("after") or 0)
    return render_template("takedown/desk.html", page=page)


@bp.get("/moderation/takedowns/<row:takedown_id>")
@needs(Permission.MODERATE)
def one(takedown_id: int) -> ResponseReturnValue:
    """One request with the text of its post."""
    return _one(takedown_id)


@bp.post("/moderation/takedowns/<row:takedown_id>/proposals")
@needs(Permission.MODERATE)
def propose(takedown_id: int) -> ResponseReturnValue:
    """Say what is to go."""
    try:
        decide.propose(
            db.session(),
            takedown_id=takedown_id,
            version=number_field("version"),
            scope=word_field("scope", Scope),
            passages=text_field("passages", label="The words", most=_MOST_PASSAGES),
            reason=_reason(),
            moderator=me(),
        )
    except (TakedownNotAllowedError, requests.TakedownConflictError, FieldError) as error:
        return _one(takedown_id, wrong="propose", error=error)
    return see_other(f"/moderation/takedowns/{takedown_id}")


@bp.post("/moderation/takedowns/<row:takedown_id>/confirmations")
@needs(Permission.MODERATE)
def confirm(takedown_id: int) -> ResponseReturnValue:
    """Agree to what another moderator proposed."""
    try:
        decide.confirm(db.session(), takedown_id=takedown_id, version=number_field("version"), moderator=me())
    except (TakedownNotAllowedError, requests.TakedownConflictError) as error:
        return _one(takedown_id, wrong="confirm", error=error)
    return see_other(f"/moderation/takedowns/{takedown_id}")


@bp.post("/moderation/takedowns/<row:takedown_id>/refusals")
@needs(Permission.MODERATE)
def decline(takedown_id: int) -> ResponseReturnValue:
    """Decline a request, with a reply."""
    try:
        reply = text_field("reply", label="A reply", most=limits.MAX_REPLY)
        requests.decline(
            db.session(), takedown_id=takedown_id, version=number_field("version"), reply=reply, moderator=me()
        )
    except (TakedownNotAllowedError, requests.TakedownConflictError, FieldError) as error:
        return _one(takedown_id, wrong="decline", error=error)
    return see_other(f"/moderation/takedowns/{takedown_id}")


@bp.post("/moderation/takedowns/<row:takedown_id>/lifts")
@needs(Permission.MODERATE)
def lift(takedown_id: int) -> ResponseReturnValue:
    """Put back what was taken down, or ask another moderator to agree to that."""
    try:
        decide.lift(db.session(), takedown_id=takedown_id, version=number_field("version"), moderator=me())
    except (TakedownNotAllowedError, requests.TakedownConflictError) as error:
        return _one(takedown_id, wrong="lift", error=error)
    return see_other(f"/moderation/takedowns/{takedown_id}")


@bp.post("/moderation/takedowns/<row:takedown_id>/stays")
@needs(Permission.MODERATE)
def stay(takedown_id: int) -> ResponseReturnValue:
    """Leave down what somebody wants lifted."""
    try:
        decide.keep_down(db.session(), takedown_id=takedown_id, version=number_field("version"), moderator=me())
    except (TakedownNotAllowedError, requests.TakedownConflictError) as error:
        return _one(takedown_id, wrong="lift", error=error)
    return see_other(f"/moderation/takedowns/{takedown_id}")


@bp.post("/moderation/takedowns/<row:takedown_id>/looks")
@needs(Permission.ADMINISTER)
def look(takedown_id: int) -> ResponseReturnValue:
    """What is sealed; the look is written down."""
    try:
        why = text_field("why", label="A reason", most=limits.MAX_REPLY)
        behind = pages.look_behind(db.session(), vault(), takedown_id=takedown_id, why=why, admin=me())
    except (TakedownNotAllowedError, FieldError) as error:
        return _one(takedown_id, wrong="look", error=error)
    page = pages.one_takedown(db.session(), takedown_id)
    response = Response(render_template("takedown/sealed.html", page=page, behind=behind))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/moderation/takedowns/<row:takedown_id>/purges")
@needs(Permission.ADMINISTER)
def destroy(takedown_id: int) -> ResponseReturnValue:
    """Destroy what is sealed."""
    try:
        purge(
            db.session(),
            vault(),
            takedown_id=takedown_id,
            version=number_field("version"),
            reason=text_field("why", label="A reason", most=limits.MAX_REPLY),
            admin=me(),
        )
    except (TakedownNotAllowedError, requests.TakedownConflictError, FieldError) as error:
        return _one(takedown_id, wrong="purge", error=error)
    return see_other(f"/moderation/takedowns/{takedown_id}")


def _reason() -> ReasonClass:
    if not request.form.get("reason"):
        raise FieldError("reason", "Choose the reason that fits best.")
    return word_field("reason", ReasonClass)


def _form(post: str, errors: dict[str, str], *, status: int = 200) -> Response:
    page = render_template(
        "takedown/ask.html",
        asked=pages.asked_post(db.session(), post),
        typed={name: request.form.get(name, "") for name in _TYPED},
        errors=errors,
        reasons=[*ReasonClass],
        limits=limits,
    )
    return Response(page, status)


def _one(takedown_id: int, *, wrong: str = "", error: ArchiveError | None = None) -> ResponseReturnValue:
    shown = render_template(
        "takedown/one.html",
        page=pages.one_takedown(db.session(), takedown_id),
        typed={name: request.form.get(name, "") for name in _TYPED},
        wrong=wrong,
        error=error,
        reasons=[*ReasonClass],
        limits=limits,
        is_admin=may(Permission.ADMINISTER),
        mine=me().id,
    )
    return shown, form_status(error)
