"""The bench: queues, votes, and taking back."""

from dataclasses import replace
from typing import Annotated

from msgspec import Meta, Struct

from archive.api.asking import BodyError
from archive.api.callers import me, my_id
from archive.api.moderating.outcomes import done, undone
from archive.api.moderating.signals import noticed, suggested
from archive.api.operations import MODERATING, operation
from archive.api.shapes.basics import Page
from archive.api.shapes.desks import (
    Begin,
    BenchItem,
    Coming,
    Done,
    HoldCast,
    Marked,
    MarkSet,
    Nothing,
    OwnVote,
    Queue,
    TakeBack,
    Undone,
    VoteCast,
    Voted,
)
from archive.api.shapes.posts import Post, Words
from archive.api.shaping import Shaper
from archive.domain.ids import PublicId
from archive.domain.tokens import Scope
from archive.services.bench import asides, marks, queue, take_back, undo
from archive.services.bench.cast import Said, cast, keep
from archive.services.bench.item import queue_item, queues
from archive.services.browse import NotFoundError
from archive.services.posts_in_full import numbered_in_full
from archive.store.database import db
from archive.store.post_lists import revision_of
from archive.store.votes import Vote
from archive.web.agreement.rate import least_agreement

_POST = "/moderation/posts/<public_id:post>"
MODERATE = Scope.MODERATE
_AT_ONCE = 10  # requests: what was done last may have been done to many answers


class WhichQueue(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose answers are wanted."""

    collection: Annotated[str, Meta(max_length=80)] | None = None


@operation("GET", "/moderation/queues", group=MODERATING, summary="Queues", scope=MODERATE, returns=Page[Queue])
def moderation_queues() -> Page[Queue]:
    """What waits to be tagged, by collection."""
    shaper = Shaper()
    items = [
        Queue(collection=shaper.collection_name(row.slug, row.name), waiting=row.waiting, decided=row.decided)
        for row in queues(db.session())
    ]
    return Page(items=items, next=None)


@operation(
    "GET",
    "/moderation/queue",
    group=MODERATING,
    summary="What comes next",
    scope=MODERATE,
    query=WhichQueue,
    returns=Coming,
)
def coming(asked: WhichQueue) -> Coming:
    """The answers that come next, without claiming them: a colleague may be given the same."""
    found = queue.coming(db.session(), my_id(), collection=asked.collection, most=queue.AHEAD)
    return Coming(posts=found)


@operation(
    "POST",
    "/moderation/queue",
    group=MODERATING,
    summary="Claim what comes next",
    scope=MODERATE,
    body=Begin,
    returns=Coming,
)
def claim(body: Begin) -> Coming:
    """The same, claimed for five minutes, so that colleagues are given others."""
    return Coming(posts=queue.claim_coming(db.session(), my_id(), collection=body.collection))


@operation("GET", _POST, group=MODERATING, summary="An answer on the bench", scope=MODERATE, returns=BenchItem)
def bench_item(post: str) -> BenchItem:
    """With what stands above it, and as much of the program’s reading as may be seen before the vote. Of its tag, and
    of what was found of its sources, nothing is told before: whoever looked at them elsewhere says so with the vote.
    """
    session, shaper = db.session(), Shaper()
    item = queue_item(session, post, moderator=my_id(), least=least_agreement())
    around = [one for one in (item.question, *item.parents) if one is not None]
    full = numbered_in_full(session, [item.post.id, *(one.id for one in around)])
    shows = item.rules.shows_suggestion(read_before=item.read_before)
    answer = shaper.post(full[item.post.id])
    return BenchItem(
        post=answer if item.own_vote else _unread(answer),
        question=shaper.post(full[item.question.id]) if item.question else None,
        above=[shaper.post(full[one.id]) for one in item.parents],
        showing=item.rules.showing,
        noticed=noticed(item.post.text, item.suggestion.signals) if item.rules.shows_marks else [],
        suggested=suggested(item.suggestion) if shows and not item.withheld else None,
        votes_needed=item.needed,
        votes=item.votes,
        own_vote=_own(item.own_vote),
    )


@operation(
    "POST",
    f"{_POST}/votes",
    group=MODERATING,
    summary="Vote on an answer",
    scope=MODERATE,
    body=VoteCast,
    returns=Voted,
    status=201,
)
def vote(post: str, body: VoteCast) -> Voted:
    """The same vote a second time counts once. Where somebody decided since the post was read, nothing is stored: 409
    says who, and what. A sourced level without a word of evidence has to be meant: “sure”.
    """
    session = db.session()
    text = revision_of(session, PublicId(post), body.revision)
    if text is None:
        raise NotFoundError("text of this post")
    if body.level.sourced and not body.evidence and not body.sure:
        raise BodyError(f"“{body.level.badge}” rests on no words. Say “sure” if that is meant. Nothing was stored.")
    voted = cast(
        session,
        post=PublicId(post),
        revision_id=text,
        version=body.tag_version,
        said=Said(level=body.level, evidence=body.evidence, reason=body.reason, note=body.note, seen=body.seen),
        moderator=me(),
        least=least_agreement(),
    )
    return Voted(
        vote=voted.vote,
        level=voted.level,
        counts=voted.counts,
        state=voted.outcome.state,
        decided=voted.outcome.level,
        basis=voted.outcome.basis,
        wanted=voted.outcome.wanted,
        suggested=suggested(voted.suggestion) if voted.differs else None,
        tag_version=done(post).tag_version,
    )


@operation(
    "POST",
    "/moderation/votes/<row:vote_id>/kept",
    group=MODERATING,
    summary="Keep a vote",
    scope=MODERATE,
    body=Nothing,
    returns=Done,
)
def keep_vote(vote_id: int, body: Nothing) -> Done:  # noqa: ARG001 - there is nothing in it
    """Now that the suggestion was seen, which differs."""
    return done(keep(db.session(), vote=vote_id, moderator=me()).post)


@operation(
    "POST",
    f"{_POST}/skips",
    group=MODERATING,
    summary="Pass over an answer",
    scope=MODERATE,
    body=Nothing,
    returns=Done,
)
def skip(post: str, body: Nothing) -> Done:  # noqa: ARG001 - there is nothing in it
    """It comes back when the queue has no other."""
    asides.skip(db.session(), post=PublicId(post), moderator=me())
    return done(post)


@operation(
    "POST",
    f"{_POST}/leaves",
    group=MODERATING,
    summary="Leave an answer as is",
    scope=MODERATE,
    body=Nothing,
    returns=Done,
)
def leave(post: str, body: Nothing) -> Done:  # noqa: ARG001 - there is nothing in it
    """It was read, stays as it is, and comes back no more."""
    asides.leave(db.session(), post=PublicId(post), moderator=me())
    return done(post)


@operation(
    "POST",
    f"{_POST}/holds",
    group=MODERATING,
    summary="Leave an answer to others",
    scope=MODERATE,
    body=HoldCast,
    returns=Done,
)
def hold(post: str, body: HoldCast) -> Done:
    """To a colleague, or to anybody else."""
    asides.hold(db.session(), post=PublicId(post), meant_for=body.meant_for, note=body.note, moderator=me())
    return done(post)


@operation(
    "POST",
    f"{_POST}/marks",
    group=MODERATING,
    summary="Mark an answer",
    scope=MODERATE,
    body=MarkSet,
    returns=Marked,
)
def mark(post: str, body: MarkSet) -> Marked:
    """To tag it together with others later; or let its mark go. What is marked comes in “What is marked”."""
    marked = marks.mark(db.session(), post=PublicId(post), moderator=me(), wanted=body.marked)
    return Marked(post=post, marked=marked)


@operation(
    "POST",
    f"{_POST}/undos",
    group=MODERATING,
    summary="Take a decision back",
    scope=MODERATE,
    body=TakeBack,
    returns=Done,
)
def undo_decision(post: str, body: TakeBack) -> Done:
    """The one in force, whoever made it; the one before it is in force again."""
    take_back.undo_tag(db.session(), post=PublicId(post), tag_id=body.decision, moderator=me())
    return done(post)


@operation(
    "POST",
    "/moderation/undo",
    group=MODERATING,
    summary="Undo",
    scope=MODERATE,
    body=Nothing,
    returns=Undone,
    cost=_AT_ONCE,
)
def undo_last(body: Nothing) -> Undone:  # noqa: ARG001 - there is nothing in it
    """What one did last, here or on the pages."""
    return undone(undo.undo(db.session(), moderator=me()))


@operation(
    "POST",
    "/moderation/redo",
    group=MODERATING,
    summary="Redo",
    scope=MODERATE,
    body=Nothing,
    returns=Undone,
    cost=_AT_ONCE,
)
def redo_last(body: Nothing) -> Undone:  # noqa: ARG001 - there is nothing in it
    """What one took back last, if nothing was done since."""
    return undone(undo.redo(db.session(), moderator=me()))


def _unread(answer: Post) -> Post:
    """Without what others said of it."""
    citations = [replace(one, found=None) for one in answer.citations]
    return replace(answer, tag=None, checked=None, citations=citations)


def _own(vote: Vote | None) -> OwnVote | None:
    if vote is None:
        return None
    words = [Words(start=one["start"], end=one["end"], text=one["text"]) for one in vote.evidence]
    return OwnVote(id=vote.id, level=vote.level, reason=vote.reason, evidence=words, note=vote.note, at=vote.at)
