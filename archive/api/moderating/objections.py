"""Objections to tags: those that wait, and the replies to them."""

from archive.api.callers import me, my_id
from archive.api.lists import FurtherOn, page
from archive.api.objection_shapes import objection_shape
from archive.api.operations import OBJECTIONS, operation
from archive.api.shapes.basics import Page
from archive.api.shapes.desks import Nothing
from archive.api.shapes.objections import Objection, ObjectionInFull, TagKept, TagReversed
from archive.api.shaping import Shaper
from archive.domain.ids import PublicId
from archive.domain.objections import ObjectionState
from archive.domain.tokens import Scope
from archive.services.browse import NotFoundError
from archive.services.objections import objecting, pages
from archive.services.objections.objecting import OtherTag
from archive.services.posts_in_full import numbered_in_full
from archive.store.database import db
from archive.store.post_lists import revision_of

_OBJECTION = "/moderation/objections/<row:objection>"


@operation(
    "GET",
    "/moderation/objections",
    group=OBJECTIONS,
    summary="Objections that wait",
    scope=Scope.MODERATE,
    query=FurtherOn,
    returns=Page[Objection],
)
def objections(asked: FurtherOn) -> Page[Objection]:
    """Those that nobody has answered, the oldest first."""
    found, shaper = pages.queue_page(db.session(), after=asked.after or 0), Shaper()
    return page([objection_shape(shaper, line) for line in found.objections], after=found.following)


@operation("GET", _OBJECTION, group=OBJECTIONS, summary="An objection", scope=Scope.MODERATE, returns=ObjectionInFull)
def objection(objection: int) -> ObjectionInFull:
    """With the answer. Look at that again, as if nobody had tagged it."""
    return _in_full(objection)


@operation(
    "POST",
    f"{_OBJECTION}/replies",
    group=OBJECTIONS,
    summary="Reply, and keep the tag",
    scope=Scope.MODERATE,
    body=TagKept,
    returns=ObjectionInFull,
    status=201,
)
def keep_tag(objection: int, body: TagKept) -> ObjectionInFull:
    """409 where somebody else answered it, or decided on the answer since."""
    objecting.keep(db.session(), objection_id=objection, version=body.tag_version, reply=body.reply, moderator=me())
    return _in_full(objection)


@operation(
    "POST",
    f"{_OBJECTION}/reversals",
    group=OBJECTIONS,
    summary="Reply with another tag",
    scope=Scope.MODERATE,
    body=TagReversed,
    returns=ObjectionInFull,
    status=201,
)
def reverse_tag(objection: int, body: TagReversed) -> ObjectionInFull:
    """The tag is in force at once. “Undo” takes it back, and the objection waits again."""
    session = db.session()
    post = pages.objection_line(session, objection).post.public_id
    text = revision_of(session, PublicId(post), body.revision)
    if text is None:
        raise NotFoundError("text of this post")
    tag = OtherTag(revision_id=text, version=body.tag_version, level=body.level, evidence=body.evidence)
    objecting.reverse(session, objection_id=objection, tag=tag, reply=body.reply, moderator=me())
    return _in_full(objection)


@operation(
    "POST",
    f"{_OBJECTION}/reopenings",
    group=OBJECTIONS,
    summary="Take a reply back",
    scope=Scope.MODERATE,
    body=Nothing,
    returns=ObjectionInFull,
)
def reopen_objection(objection: int, body: Nothing) -> ObjectionInFull:  # noqa: ARG001 - there is nothing in it
    """That left the tag as it was: the objection waits again."""
    objecting.open_again(db.session(), objection_id=objection, moderator=me())
    return _in_full(objection)


def _in_full(number: int) -> ObjectionInFull:
    session, shaper = db.session(), Shaper()
    line = pages.objection_line(session, number)
    return ObjectionInFull(
        objection=objection_shape(shaper, line),
        post=shaper.post(numbered_in_full(session, [line.post.id])[line.post.id]),
        alone=line.objection.state is ObjectionState.OPEN and pages.decided_alone(session, line.post.id, my_id()),
    )
