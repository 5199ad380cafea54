"""What is done with an answer on the bench without a vote: passed over, left as it is, held, noted for the team."""

from flask import request
from flask.typing import ResponseReturnValue

from archive.domain.ids import PublicId
from archive.domain.moderation import MAX_NOTE
from archive.domain.permissions import Permission
from archive.services.bench import asides, marks
from archive.services.bench.queue import writer_of
from archive.store.database import db
from archive.web.current_user import me
from archive.web.form_fields import line_field, text_field
from archive.web.moderation.going_on import bench_address, go_on, go_to
from archive.web.moderation.last_act import Act, Did
from archive.web.moderation.views import bp
from archive.web.moderation.which_queue import queue_in_form
from archive.web.permissions import needs

_MAX_NAME = 80  # characters


@bp.post("/posts/<public_id:post>/skips")
@needs(Permission.MODERATE)
def skip(post: str) -> ResponseReturnValue:
    """Pass over an answer, and go on to the next one."""
    asides.skip(db.session(), post=PublicId(post), moderator=me())
    return go_on(_act(Did.SKIPPED, post), queue_in_form(), after=post)


@bp.post("/posts/<public_id:post>/left")
@needs(Permission.MODERATE)
def leave(post: str) -> ResponseReturnValue:
    """Say that an answer was read and stays as it is, and go on to the next one."""
    asides.leave(db.session(), post=PublicId(post), moderator=me())
    return go_on(_act(Did.LEFT, post), queue_in_form(), after=post)


@bp.post("/posts/<public_id:post>/holds")
@needs(Permission.MODERATE)
def hold(post: str) -> ResponseReturnValue:
    """Leave an answer to a colleague, and go on to the next one."""
    asides.hold(
        db.session(),
        post=PublicId(post),
        meant_for=line_field("hold_for", label="A name", most=_MAX_NAME),
        note=text_field("note", label="A note", most=MAX_NOTE),
        moderator=me(),
    )
    colleague = line_field("hold_for", label="A name", most=_MAX_NAME)
    return go_on(_act(Did.HELD, post, what=colleague), queue_in_form(), after=post)


@bp.post("/posts/<public_id:post>/marks")
@needs(Permission.MODERATE)
def mark(post: str) -> ResponseReturnValue:
    """Mark an answer, to be tagged with others, and go on to the next one; or let its mark go, and stay."""
    if marks.mark(db.session(), post=PublicId(post), moderator=me()):
        return go_on(_act(Did.MARKED, post), queue_in_form(), after=post)
    return _stay(_act(Did.UNMARKED, post), post)


@bp.post("/posts/<public_id:post>/team-notes")
@needs(Permission.MODERATE)
def add_note(post: str) -> ResponseReturnValue:
    """Tell the team something of an answer or its author, and stay with it."""
    asides.add_note(
        db.session(),
        post=PublicId(post),
        on_author=request.form.get("on_author") == "yes",
        text=text_field("team_note", label="A note", most=MAX_NOTE),
        moderator=me(),
    )
    return _stay(_act(Did.NOTED, post), post)


@bp.post("/posts/<public_id:post>/team-notes/<row:note>/removals")
@needs(Permission.MODERATE)
def remove_note(post: str, note: int) -> ResponseReturnValue:
    """Show one's own note to the team no longer, and stay with the answer beside which it stood."""
    asides.remove_note(db.session(), note=note, moderator=me())
    return _stay(Act(), post)


def _stay(act: Act, post: str) -> ResponseReturnValue:
    queue = queue_in_form()
    return go_to(act, bench_address(post, queue), queue)


def _act(did: Did, post: str, *, what: str = "") -> Act:
    return Act(did, writer_of(db.session(), PublicId(post)), what=what)
