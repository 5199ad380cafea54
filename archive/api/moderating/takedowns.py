"""Takedowns: what waits, and the steps on which two moderators agree. What is sealed is not to be had here."""

from collections.abc import Sequence

from archive.api.callers import me
from archive.api.lists import FurtherOn, page
from archive.api.operations import TAKEDOWNS, operation
from archive.api.shapes.basics import Page
from archive.api.shapes.posts import Post
from archive.api.shapes.takedowns import AsSeen, Elsewhere, Proposal, RequestDeclined, TakedownInFull, TakedownLine
from archive.api.shaping import Shaper
from archive.domain.tokens import Scope
from archive.services.posts_in_full import numbered_in_full
from archive.services.takedown import decide, pages, request
from archive.store.database import db
from archive.store.takedowns import TakedownRow

_DESK = "/moderation/takedowns"
_ONE = f"{_DESK}/<row:takedown>"
_COST = 20  # requests: each of the stretches that are proposed is searched for elsewhere


@operation(
    "GET",
    _DESK,
    group=TAKEDOWNS,
    summary="Takedowns that wait",
    scope=Scope.MODERATE,
    query=FurtherOn,
    returns=Page[TakedownLine],
)
def takedown_desk(asked: FurtherOn) -> Page[TakedownLine]:
    """Requests, proposals that want a second moderator, and what somebody wants lifted; the oldest first."""
    found = pages.desk_page(db.session(), after=asked.after or 0)
    return page(_lines(found.waiting), after=found.following)


@operation(
    "GET",
    f"{_DESK}/decided",
    group=TAKEDOWNS,
    summary="Takedowns decided last",
    scope=Scope.MODERATE,
    returns=Page[TakedownLine],
)
def decided_takedowns() -> Page[TakedownLine]:
    """In force, declined or lifted, the newest first, at most 50. What is in force is public: see “What was taken
    down”.
    """
    return Page(items=_lines(pages.desk_page(db.session(), after=0).decided), next=None)


@operation("GET", _ONE, group=TAKEDOWNS, summary="A takedown", scope=Scope.MODERATE, returns=TakedownInFull, cost=_COST)
def takedown(takedown: int) -> TakedownInFull:
    """With who asked and in what words, and the post as everybody has it now. Its earlier texts are with the post."""
    return _in_full(takedown)


@operation(
    "POST",
    f"{_ONE}/proposals",
    group=TAKEDOWNS,
    summary="Propose what is to go",
    scope=Scope.MODERATE,
    body=Proposal,
    returns=TakedownInFull,
    status=201,
    cost=_COST,
)
def propose_takedown(takedown: int, body: Proposal) -> TakedownInFull:
    """Nothing changes for readers until another moderator agrees. 422 where words do not stand in the post."""
    decide.propose(
        db.session(),
        takedown_id=takedown,
        version=body.version,
        scope=body.scope,
        passages="\n".join(" ".join(words.split()) for words in body.passages),
        reason=body.reason,
        moderator=me(),
    )
    return _in_full(takedown)


@operation(
    "POST",
    f"{_ONE}/confirmations",
    group=TAKEDOWNS,
    summary="Agree to a takedown",
    scope=Scope.MODERATE,
    body=AsSeen,
    returns=TakedownInFull,
    status=201,
)
def confirm_takedown(takedown: int, body: AsSeen) -> TakedownInFull:
    """That another moderator proposed: from here on it is down, wherever it comes in again."""
    decide.confirm(db.session(), takedown_id=takedown, version=body.version, moderator=me())
    return _in_full(takedown)


@operation(
    "POST",
    f"{_ONE}/refusals",
    group=TAKEDOWNS,
    summary="Decline a takedown",
    scope=Scope.MODERATE,
    body=RequestDeclined,
    returns=TakedownInFull,
    status=201,
)
def decline_takedown(takedown: int, body: RequestDeclined) -> TakedownInFull:
    """With a reply, which whoever asked can read."""
    request.decline(db.session(), takedown_id=takedown, version=body.version, reply=body.reply, moderator=me())
    return _in_full(takedown)


@operation(
    "POST",
    f"{_ONE}/lifts",
    group=TAKEDOWNS,
    summary="Lift a takedown",
    scope=Scope.MODERATE,
    body=AsSeen,
    returns=TakedownInFull,
    status=201,
)
def lift_takedown(takedown: int, body: AsSeen) -> TakedownInFull:
    """Put back what was taken down: the first moderator asks for it, another does it. An admin does it alone."""
    decide.lift(db.session(), takedown_id=takedown, version=body.version, moderator=me())
    return _in_full(takedown)


@operation(
    "POST",
    f"{_ONE}/stays",
    group=TAKEDOWNS,
    summary="Leave it down",
    scope=Scope.MODERATE,
    body=AsSeen,
    returns=TakedownInFull,
    status=201,
)
def keep_takedown(takedown: int, body: AsSeen) -> TakedownInFull:
    """What somebody wants lifted."""
    decide.keep_down(db.session(), takedown_id=takedown, version=body.version, moderator=me())
    return _in_full(takedown)


def _in_full(number: int) -> TakedownInFull:
    found, shaper = pages.one_takedown(db.session(), number), Shaper()
    asked = found.row.takedown
    return TakedownInFull(
        takedown=_line(shaper, found.row),
        asked_by=found.row.asked_by or asked.name or None,
        has_account=found.row.asked_by is not None,
        contact=asked.contact,
        words=asked.words,
        reply=asked.reply,
        post=_post(shaper, found),
        passages=dict(found.passages),
        elsewhere=[
            Elsewhere(post=hit.public_id, url=shaper.url(f"/posts/{hit.public_id}"), kind=hit.kind)
            for hit in found.elsewhere
        ],
        applies_to=found.posts,
    )


def _post(shaper: Shaper, found: pages.OneTakedown) -> Post | None:
    if found.asked is None:
        return None
    number = found.asked.post.id
    return shaper.post(numbered_in_full(db.session(), [number])[number])


def _lines(rows: Sequence[TakedownRow]) -> list[TakedownLine]:
    shaper = Shaper()
    return [_line(shaper, row) for row in rows]


def _line(shaper: Shaper, row: TakedownRow) -> TakedownLine:
    one = row.takedown
    return TakedownLine(
        id=one.id,
        url=shaper.url(f"/moderation/takedowns/{one.id}"),
        version=one.version,
        state=one.state,
        reason=one.reason,
        scope=one.scope,
        stretches=len(one.prints),
        post=one.post if row.thread is not None else None,
        asked_at=one.asked_at,
        proposed_by=row.proposed_by,
        proposed_at=one.proposed_at,
        decided_by=row.decided_by,
        decided_at=one.decided_at,
        lift_by=row.lift_by,
        lifted_at=one.lifted_at,
        purged=one.purged_at is not None,
    )
