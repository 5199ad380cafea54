"""The pages of those who decide where posts hang."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain.doubts import DOUBTS
from archive.domain.ids import PublicId
from archive.domain.parent_proposals import REASONS
from archive.domain.permissions import Permission
from archive.domain.placement import MAX_TITLE, MoveNotAllowedError
from archive.services.browse import visible_post
from archive.services.reattach import move, pages
from archive.services.reattach.move import PlaceConflictError, Seen
from archive.services.reattach.proposals import named_post
from archive.store.database import db
from archive.web.arguments import whole_number
from archive.web.current_user import me
from archive.web.errors import error_page
from archive.web.form_fields import line_field, number_field
from archive.web.permissions import may, needs
from archive.web.see_other import see_other

bp = Blueprint("arranging", __name__)

_OWN_THREAD = "thread"  # what the form sends instead of an address
_NAMED = "named"  # the post is the one in the field beside it
_MAX_ADDRESS = 600  # characters


@bp.get("/doubts")
@needs(Permission.ARRANGE)
def queues() -> ResponseReturnValue:
    """Collections in which the place of posts is in doubt."""
    return render_template("arranging/queues.html", queues=pages.queues(db.session(), drafts=_drafts()))


@bp.get("/doubts/<slug:collection>")
@needs(Permission.ARRANGE)
def doubts(collection: str) -> ResponseReturnValue:
    """Doubtful posts of a collection, each with what is proposed."""
    page = pages.doubts_page(db.session(), collection, drafts=_drafts(), after=whole_number("after") or 0)
    return render_template("arranging/doubts.html", page=page, DOUBTS=DOUBTS, REASONS=REASONS)


@bp.get("/posts/<public_id:post>/place")
@needs(Permission.ARRANGE)
def place(post: str) -> ResponseReturnValue:
    """Where a post hangs, what was decided on that, and the form to move it."""
    return _form(post, None)


@bp.post("/posts/<public_id:post>/moves")
@needs(Permission.ARRANGE)
def move_post(post: str) -> ResponseReturnValue:
    """Hang a post under another one, or let it be a thread of its own."""
    session, to = db.session(), line_field("to", label="A place", most=40)
    try:
        if to == _OWN_THREAD:
            title = line_field("title", label="A title", most=MAX_TITLE)
            move.begin_thread(session, post=PublicId(post), title=title, seen=_seen(), by=me(), drafts=_drafts())
        else:
            parent = PublicId(to) if to and to != _NAMED else _named(post)
            move.move_under(session, post=PublicId(post), parent=parent, seen=_seen(), by=me(), drafts=_drafts())
    except MoveNotAllowedError as error:
        return _form(post, str(error))
    return _go_on(post)


@bp.post("/posts/<public_id:post>/stays")
@needs(Permission.ARRANGE)
def leave(post: str) -> ResponseReturnValue:
    """Have a post stay where it is, in spite of the doubt."""
    try:
        move.leave(db.session(), post=PublicId(post), seen=_seen(), by=me(), drafts=_drafts())
    except MoveNotAllowedError as error:
        return _form(post, str(error))
    return _go_on(post)


@bp.post("/posts/<public_id:post>/returns")
@needs(Permission.ARRANGE)
def put_back(post: str) -> ResponseReturnValue:
    """Take back the newest decision on the place of a post."""
    decision = number_field("decision")
    try:
        move.put_back(db.session(), post=PublicId(post), decision=decision, by=me(), drafts=_drafts())
    except MoveNotAllowedError as error:
        return _form(post, str(error))
    return _go_on(post)


@bp.errorhandler(PlaceConflictError)
def _conflict(error: PlaceConflictError) -> Response:
    return error_page(409, str(error))


def _form(post: str, error: str | None) -> ResponseReturnValue:
    page = pages.place_page(db.session(), post, drafts=_drafts())
    typed = {"to": "", "named": "", "title": page.thread.title, **request.form}  # what was refused is not lost
    shown = render_template(
        "arranging/place.html", page=page, error=error, typed=typed, DOUBTS=DOUBTS, REASONS=REASONS, max_title=MAX_TITLE
    )
    return shown, 409 if error else 200


def _named(post: str) -> PublicId:
    typed = line_field("named", label="An address", most=_MAX_ADDRESS)
    return named_post(db.session(), typed, visible_post(db.session(), post, drafts=_drafts()), drafts=_drafts())


def _seen() -> Seen:
    return Seen(number_field("decision"), line_field("parent", label="A parent", most=40))


def _go_on(post: str) -> Response:
    return see_other(f"/posts/{post}/place#main")


def _drafts() -> bool:
    return may(Permission.IMPORT)
