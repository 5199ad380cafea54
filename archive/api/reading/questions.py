"""What readers have said of answers: objections to tags, and references that they supplied."""

from archive.api.lists import Older, page
from archive.api.objection_shapes import objection_shape
from archive.api.operations import OPENLY, READING, operation
from archive.api.shapes.basics import Page
from archive.api.shapes.objections import Objection, Questions
from archive.api.shapes.offers import Supplied, Traceable
from archive.api.shaping import Shaper
from archive.services.browse import visible_post
from archive.services.objections import pages as objections
from archive.services.posts_in_full import numbered_in_full
from archive.services.tracing import pages as tracing
from archive.store.database import db

_POST = "/posts/<public_id:post>"


@operation("GET", "/objections/<row:objection>", group=OPENLY, summary="A question to a tag", returns=Objection)
def question(objection: int) -> Objection:
    """An objection, how far it has come, and the reply."""
    return objection_shape(Shaper(), objections.objection_line(db.session(), objection))


@operation("GET", f"{_POST}/objections", group=READING, summary="Questions to the tags of a post", returns=Questions)
def questions(post: str) -> Questions:
    """The objections that moderators have answered, and how many wait."""
    found, shaper = objections.questions(db.session(), post), Shaper()
    answered = [objection_shape(shaper, line) for lines in found.answered.values() for line in lines]
    return Questions(answered=answered, waiting=found.waiting)


@operation("GET", f"{_POST}/supplied", group=READING, summary="References supplied for a post", returns=Page[Supplied])
def supplied(post: str) -> Page[Supplied]:
    """By readers, and accepted by moderators; shown beside the answer, and no words of its author."""
    session, shaper = db.session(), Shaper()
    number = visible_post(session, post, drafts=False).id
    return Page(
        items=[_supplied(shaper, one) for one in tracing.supplied_for(session, [number]).get(number, ())], next=None
    )


@operation(
    "GET", "/trace", group=READING, summary="Answers whose source is wanted", query=Older, returns=Page[Traceable]
)
def traceable(asked: Older) -> Page[Traceable]:
    """From memory, or naming somebody, with a work that somebody may know; the last received first."""
    session, shaper = db.session(), Shaper()
    found = tracing.trace_page(session, before=asked.before)
    full = numbered_in_full(session, [one.post.id for one in found.answers])
    items = [
        Traceable(
            post=shaper.post(full[one.post.id]),
            names=[shaper.citation(one.post, line.cited) for line in one.candidates],
            waiting=one.waiting,
        )
        for one in found.answers
    ]
    return page(items, before=found.older)


def _supplied(shaper: Shaper, one: tracing.Supplied) -> Supplied:
    return Supplied(
        id=one.trace,
        reference=one.reference,
        identifier=one.identifier,
        link=one.link,
        note=one.note,
        giver=one.giver,
        has_account=one.has_account,
        given_at=one.given_at,
        accepted_by=shaper.by(one.accepted_by),
        accepted_at=one.accepted_at,
    )
