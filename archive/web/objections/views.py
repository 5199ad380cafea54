"""Questioning a tag: the form, the page of an objection, and the moderators' queue and replies."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain import objections
from archive.domain.flooding import EnoughError, TooManyError
from archive.domain.ids import PublicId
from archive.domain.moderation import TagNotAllowedError
from archive.domain.objections import ObjectionNotAllowedError
from archive.domain.permissions import Permission
from archive.domain.source_quality import Level
from archive.errors import ArchiveError
from archive.services.bench.item import queue_item
from archive.services.codebook.versions import current, version
from archive.services.decisions import TagConflictError
from archive.services.objections import objecting, pages
from archive.services.objections.objecting import ObjectionStateError, OtherTag
from archive.store.database import db
from archive.web.arguments import whole_number
from archive.web.current_user import current_user, me
from archive.web.errors import form_status
from archive.web.form_fields import FieldError, number_field, text_field, word_field
from archive.web.moderation.bench import Beside, bench_page
from archive.web.moderation.votes import read_spans
from archive.web.moderation.which_queue import Queue
from archive.web.objections.forms import Typed, read_objection, typed_objection
from archive.web.permissions import may, needs
from archive.web.see_other import see_other
from archive.web.senders import seen_as

bp = Blueprint("objections", __name__)
_NOTHING_BESIDE = Beside(queue=Queue(), back=None, served=False, revealed=False)
_DECIDED_ANEW = (
    "A moderator decided anew on this answer after your page was made. Look at the tag above: if your objection still "
    "holds, send it again. What you typed is kept below; nothing was stored."
)
_REFUSED = (ObjectionNotAllowedError, ObjectionStateError, TagConflictError, TagNotAllowedError, FieldError)


@bp.get("/posts/<public_id:post>/objection")
@needs(Permission.READ)
def form(post: str) -> ResponseReturnValue:
    """The form for an objection to the tag in force."""
    return _form(post, typed_objection(), {})


@bp.post("/posts/<public_id:post>/objections")
@needs(Permission.READ)
def give(post: str) -> ResponseReturnValue:
    """Keep an objection until a moderator answers it."""
    typed = typed_objection()
    given, errors = read_objection(typed)
    if given is None:
        return _form(post, typed, errors, status=422)
    try:
        number = objecting.object_to(
            db.session(),
            post=PublicId(post),
            version=number_field("version"),
            given=given,
            objector=current_user(),
            seen_as=seen_as(),
        )
    except TooManyError as error:
        page = _form(post, typed, {"": str(error)}, status=429)
        page.headers["Retry-After"] = str(error.retry_after)
        return page
    except TagConflictError:
        return _form(post, typed, {"": _DECIDED_ANEW}, status=409)
    except (ObjectionNotAllowedError, EnoughError) as error:
        return _form(post, typed, {"": str(error)}, status=form_status(error))
    return see_other(f"/objections/{number}?sent")


@bp.get("/objections/<row:number>")
@needs(Permission.READ)
def show(number: int) -> ResponseReturnValue:
    """An objection, how far it has come, and the reply."""
    line = pages.objection_line(db.session(), number)
    return render_template(
        "objections/objection.html", line=line, sent="sent" in request.args, may_answer=may(Permission.MODERATE)
    )


@bp.get("/moderation/objections")
@needs(Permission.MODERATE)
def queue() -> ResponseReturnValue:
    """Objections that nobody has answered."""
    session, answered = db.session(), whole_number("answered")
    page = pages.queue_page(session, after=whole_number("after") or 0)
    done = pages.find_line(session, answered) if answered else None
    return render_template("objections/queue.html", page=page, done=done)


@bp.get("/moderation/objections/<row:number>")
@needs(Permission.MODERATE)
def answering(number: int) -> ResponseReturnValue:
    """One objection with the answer, its tag, and the ways to reply."""
    return _answering(number)


@bp.post("/moderation/objections/<row:number>/replies")
@needs(Permission.MODERATE)
def keep(number: int) -> ResponseReturnValue:
    """Keep the tag, and say why."""
    try:
        objecting.keep(
            db.session(), objection_id=number, version=number_field("version"), reply=_reply(), moderator=me()
        )
    except _REFUSED as error:
        return _answering(number, error=error)
    return see_other(f"/moderation/objections?answered={number}")


@bp.post("/moderation/objections/<row:number>/reversals")
@needs(Permission.MODERATE)
def reverse(number: int) -> ResponseReturnValue:
    """Give another level, and say why."""
    try:
        tag = OtherTag(
            revision_id=number_field("revision_id"),
            version=number_field("version"),
            level=_level(),
            evidence=read_spans(request.form.getlist("evidence")),
        )
        objecting.reverse(db.session(), objection_id=number, tag=tag, reply=_reply(), moderator=me())
    except _REFUSED as error:
        return _answering(number, error=error)
    return see_other(f"/moderation/objections?answered={number}")


@bp.post("/moderation/objections/<row:number>/reopenings")
@needs(Permission.MODERATE)
def open_again(number: int) -> ResponseReturnValue:
    """Take a reply back that left the tag as it was: the objection waits again."""
    objecting.open_again(db.session(), objection_id=number, moderator=me())
    return see_other(f"/moderation/objections/{number}")


def _reply() -> str:
    return text_field("reply", label="A reply", most=objections.MAX_REPLY)


def _level() -> Level:
    if not request.form.get("level"):
        raise ObjectionNotAllowedError("Choose the level that the answer should have, or keep the tag.")
    return word_field("level", Level)


def _form(post: str, typed: Typed, errors: dict[str, str], *, status: int = 200) -> Response:
    answer, closed = pages.questionable(db.session(), post), None
    try:
        pages.check_open(answer)
    except (ObjectionNotAllowedError, EnoughError) as error:
        closed = str(error)
    page = render_template(
        "objections/form.html",
        answer=answer,
        closed=closed,
        typed=typed,
        errors=errors,
        limits=objections,
        meanings=current(db.session()).wording.meanings,
    )
    return Response(page, status)


def _answering(number: int, *, error: ArchiveError | None = None) -> ResponseReturnValue:
    session = db.session()
    line = pages.objection_line(session, number)
    item = queue_item(session, line.post.public_id, moderator=me().id)
    page = render_template(
        "objections/answering.html",
        line=line,
        page=bench_page(item, _NOTHING_BESIDE, version(session, item.codebook)),
        error=error,
        typed={"reply": request.form.get("reply", ""), "level": request.form.get("level", "")},
        ticked=request.form.getlist("evidence"),
        max_reply=objections.MAX_REPLY,
        alone=pages.decided_alone(session, line.post.id, me().id),
    )
    return page, form_status(error)
