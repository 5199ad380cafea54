"""Supplied references: those that wait, and deciding on them."""

from archive.api.callers import me
from archive.api.lists import FurtherOn, page
from archive.api.operations import OFFERS, operation
from archive.api.shapes.basics import Page
from archive.api.shapes.offers import Offer, OfferAccepted, OfferDeclined, OfferTakenBack
from archive.api.shaping import Shaper
from archive.domain.tokens import Scope
from archive.services.browse import NotFoundError
from archive.services.tracing import offer as service
from archive.services.tracing import pages
from archive.services.tracing.take_back import take_back
from archive.store.database import db

_OFFER = "/moderation/traces/<row:trace>"


@operation(
    "GET",
    "/moderation/traces",
    group=OFFERS,
    summary="References that wait",
    scope=Scope.MODERATE,
    query=FurtherOn,
    returns=Page[Offer],
)
def offers(asked: FurtherOn) -> Page[Offer]:
    """Those on which nobody has decided, the oldest first."""
    found, shaper = pages.queue_page(db.session(), after=asked.after or 0), Shaper()
    return page([_offer(shaper, line) for line in found.offers], after=found.following)


@operation("GET", _OFFER, group=OFFERS, summary="A supplied reference", scope=Scope.MODERATE, returns=Offer)
def offer(trace: int) -> Offer:
    """And what became of it."""
    return _found(trace)


@operation(
    "POST",
    f"{_OFFER}/acceptances",
    group=OFFERS,
    summary="Accept a reference",
    scope=Scope.MODERATE,
    body=OfferAccepted,
    returns=Offer,
    status=201,
)
def accept_offer(trace: int, body: OfferAccepted) -> Offer:
    """The answer is tagged, and the reference shown with it, as no words of its author."""
    service.accept(db.session(), trace_id=trace, version=body.tag_version, level=body.level, moderator=me())
    return _found(trace)


@operation(
    "POST",
    f"{_OFFER}/refusals",
    group=OFFERS,
    summary="Decline a reference",
    scope=Scope.MODERATE,
    body=OfferDeclined,
    returns=Offer,
    status=201,
)
def decline_offer(trace: int, body: OfferDeclined) -> Offer:
    """And say why."""
    service.decline(db.session(), trace_id=trace, reason=body.reason, moderator=me())
    return _found(trace)


@operation(
    "POST",
    f"{_OFFER}/withdrawals",
    group=OFFERS,
    summary="Take a reference back",
    scope=Scope.MODERATE,
    body=OfferTakenBack,
    returns=Offer,
    status=201,
)
def take_offer_back(trace: int, body: OfferTakenBack) -> Offer:
    """That was accepted: it waits again. The tag that came with it goes where it is in force; another stays."""
    take_back(db.session(), trace_id=trace, version=body.tag_version, moderator=me())
    return _found(trace)


def _found(number: int) -> Offer:
    line = pages.offer_line(db.session(), number)
    if line is None:
        raise NotFoundError("offered reference")
    return _offer(Shaper(), line)


def _offer(shaper: Shaper, line: pages.OfferLine) -> Offer:
    given = line.trace
    return Offer(
        id=given.id,
        post=line.post.public_id,
        thread=shaper.thread_name(line.thread),
        tag_version=line.post.tag_version,
        level=line.post.decision.level if line.post.decision else None,
        follows=line.level,
        state=given.state,
        reference=given.reference,
        locator=given.locator,
        identifier=given.identifier,
        link=line.link,
        note=given.note,
        giver=line.giver or given.giver_name or None,
        has_account=line.giver is not None,
        given_at=given.given_at,
        names=next((shaper.citation(line.post, one.cited) for one in line.candidate), None),
        revision=line.number,
        other_text=line.other_text,
        reason=given.reason,
        decided_at=given.decided_at,
    )
