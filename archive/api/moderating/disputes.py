"""Readings that differ: what lies open, the votes side by side, and the written decision."""

from archive.api.callers import me
from archive.api.moderating.outcomes import done
from archive.api.operations import DISPUTES, operation
from archive.api.shapes.basics import Page
from archive.api.shapes.desks import Done
from archive.api.shapes.disputes import Dispute, DisputeLine, NamedVote, Ruling
from archive.api.shapes.posts import Words
from archive.api.shaping import Shaper
from archive.domain.ids import PublicId
from archive.domain.tokens import Scope
from archive.services.bench import adjudicate
from archive.services.posts_in_full import numbered_in_full
from archive.store.database import db

_DISPUTE = "/moderation/disputes/<public_id:post>"


@operation(
    "GET",
    "/moderation/disputes",
    group=DISPUTES,
    summary="Readings that differ",
    scope=Scope.MODERATE,
    returns=Page[DisputeLine],
)
def disputes() -> Page[DisputeLine]:
    """The longest waiting first, those on which you voted last; at most 200."""
    shaper = Shaper()
    lines = adjudicate.open_disputes(db.session(), me())
    items = [
        DisputeLine(
            post=line.post,
            url=shaper.url(f"/posts/{line.post}"),
            author=line.author,
            title=line.title,
            since=line.since,
            levels=line.levels,
            may_decide=line.may_decide,
        )
        for line in lines
    ]
    return Page(items=items, next=None)


@operation("GET", _DISPUTE, group=DISPUTES, summary="An answer read otherwise", scope=Scope.MODERATE, returns=Dispute)
def dispute(post: str) -> Dispute:
    """With the votes on it, their words and notes. 404 where its readings do not differ."""
    session, shaper = db.session(), Shaper()
    found = adjudicate.dispute(session, PublicId(post), moderator=me())
    above = [] if found.question is None else [found.question.id]
    full = numbered_in_full(session, [found.post.id, *above])
    return Dispute(
        post=shaper.post(full[found.post.id]),
        question=shaper.post(full[found.question.id]) if found.question else None,
        votes=[_vote(one) for one in found.votes],
        seen=found.seen,
        own=found.own,
        may_decide=found.may_decide,
    )


@operation(
    "POST",
    f"{_DISPUTE}/decisions",
    group=DISPUTES,
    summary="Decide between readings",
    scope=Scope.MODERATE,
    body=Ruling,
    returns=Done,
    status=201,
)
def decide(post: str, body: Ruling) -> Done:
    """In writing, by somebody who did not vote on it: 409 where you did, or where somebody voted or decided since."""
    adjudicate.adjudicate(
        db.session(),
        post=PublicId(post),
        version=body.tag_version,
        seen=body.seen,
        ruling=adjudicate.Ruling(level=body.level, evidence=body.evidence, note=body.note),
        moderator=me(),
    )
    return done(post)


def _vote(one: adjudicate.NamedVote) -> NamedVote:
    vote = one.vote
    return NamedVote(
        id=vote.id,
        by=one.by,
        level=vote.level,
        reason=vote.reason,
        evidence=[Words(start=said["start"], end=said["end"], text=said["text"]) for said in vote.evidence],
        note=vote.note,
        at=vote.at,
        codebook=vote.codebook_version,
        blind=vote.blind,
    )
