"""Offering a reference for an answer, accepting or declining it, and what an undo of its tag means for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.flooding import check_waiting
from archive.domain.ids import PublicId
from archive.domain.moderation import MAX_NOTE as MAX_TAG_NOTE
from archive.domain.moderation import TagNotAllowedError, check_post
from archive.domain.second_opinions import Basis
from archive.domain.source_quality import Level
from archive.domain.sources.verdicts import TraceState
from archive.domain.tracing import (
    OFFERS,
    check_level,
    check_traceable,
    clean_reason,
)
from archive.domain.typed_identifier import Typed
from archive.errors import ArchiveError
from archive.services import assess
from archive.services.browse import NotFoundError
from archive.services.checking.proposal import references_of
from archive.services.decisions import Finding, check_version, give, held_post, revision_text
from archive.services.decisions_before import restored_by, standing
from archive.services.flooding import count_one_more
from archive.services.ledger import A_READER, Actor, record
from archive.services.transaction import writing
from archive.store.pages import PostRow
from archive.store.sources import Citation
from archive.store.tags import Tag
from archive.store.threads import Post, Revision
from archive.store.traces import (
    Trace,
    accepted_traces,
    as_recorded,
    count_all_waiting,
    count_waiting,
    find_trace,
    traces_of_tags,
)
from archive.store.users import User

_SAID = {
    TraceState.OFFERED: "is open again",
    TraceState.ACCEPTED: "was accepted",
    TraceState.DECLINED: "was declined",
    TraceState.WITHDRAWN: "was withdrawn",
}


class TraceStateError(ArchiveError):
    """Somebody else decided on the offer since the page was made."""

    def __init__(self, trace: Trace, by: str | None) -> None:
        self.trace, self.state, self.by, self.at = trace.id, trace.state, by, trace.decided_at
        if by is None or trace.decided_at is None:
            super().__init__("It waits for a decision; there is none to take back. Nothing was stored.")
            return
        super().__init__(
            f"This reference {_SAID[trace.state]} by {by} on {trace.decided_at:%-d %B %Y at %H:%M} UTC. "
            "Your decision was not stored."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A reference as somebody typed it, every field checked and clean."""

    citation: int | None  # the words of the answer that name the work; None: other words, or none
    reference: str
    identifier: str
    locator: str
    note: str
    name: str
    work: Typed  # what reference and identifier say of the work


def offer(session: Session, *, post: PublicId, given: Offer, giver: User | None, seen_as: Sequence[str]) -> int:
    """Keep a reference until a moderator decides on it; the number of the offer.

    :param seen_as: by what whoever offers is counted: address, browser, account.
    :raises NotFoundError: if there is no such public post, or no such citation in its text.
    :raises OfferNotAllowedError: if the answer needs none.
    :raises FloodingError: if too many came from there, or enough wait.
    """
    moment = now()
    with writing(session):
        row = held_post(session, post)
        check_post(kind=row.kind, public=row.public)
        check_traceable(row.level, waiting=count_waiting(session, [row.id]).get(row.id, 0))
        if given.citation is not None:
            references_of(session, row).one(given.citation)
        count_one_more(session, OFFERS, seen_as=seen_as, at=moment)
        if giver is None:
            check_waiting(OFFERS, waiting=count_all_waiting(session, strangers=True))
        trace = Trace(
            thread_id=row.thread_id,
            post_id=row.id,
            revision_id=row.revision_id,
            citation_id=given.citation,
            reference=given.reference,
            identifier=given.identifier,
            locator=given.locator,
            csl=given.work.csl,
            keys=list(given.work.keys),
            giver_name=given.name if giver is None else giver.name,
            giver_id=None if giver is None else giver.id,
            given_at=moment,
            note=given.note,
            state=TraceState.OFFERED,
            decided_by=None,
            decided_at=None,
            reason="",
            tag_id=None,
        )
        session.add(trace)
        _record(session, trace, post, act="offer reference", by=A_READER if giver is None else Actor.of(giver))
    return trace.id


def accept(session: Session, *, trace_id: int, version: int, level: Level, moderator: User) -> PublicId:
    """Accept an offer: the answer is tagged, and the reference shown with it. The answer's address.

    :param version: of the answer's tag, as the page had it.
    :raises NotFoundError: if there is no such offer, or its text was withdrawn.
    :raises TraceStateError: if somebody else decided on it.
    :raises TagConflictError: if somebody else tagged the answer since.
    :raises OfferNotAllowedError: if the level says that there is no reference.
    """
    check_level(level)
    found = _found(session, trace_id)
    text, markup = revision_text(session, found.post_id, found.revision_id)
    proposal = assess.propose(session, revision_id=found.revision_id, text=text, markup=markup)
    with writing(session):
        trace, row = held_trace(session, trace_id, TraceState.OFFERED)
        check_version(session, row, version)
        assess.keep(session, thread_id=row.thread_id, post_id=row.id, revision_id=trace.revision_id, proposal=proposal)
        finding = Finding(
            revision_id=trace.revision_id,
            level=level,
            evidence=_candidates(session, trace),
            note=_reason(trace),
            suggested=proposal.suggestion.level,
            suggestion_engine=proposal.suggestion.engine,
            suggestion_seen=True,
            basis=Basis.REFERENCE,
        )
        decision = give(session, row, finding, moderator=moderator, at=now())
        trace.state, trace.tag_id = TraceState.ACCEPTED, decision.id
        trace.decided_by, trace.decided_at = moderator.id, decision.at
        _record(session, trace, row.public_id, act="accept reference", by=Actor.of(moderator))
    return PublicId(row.public_id)


def decline(session: Session, *, trace_id: int, reason: str, moderator: User) -> None:
    """Decline an offer, and say why.

    :raises NotFoundError: if there is no such offer, or its text was withdrawn.
    :raises TraceStateError: if somebody else decided on it.
    :raises OfferNotAllowedError: if no reason is given.
    """
    reason = clean_reason(reason)
    with writing(session):
        trace, row = held_trace(session, trace_id, TraceState.OFFERED)
        trace.state, trace.reason = TraceState.DECLINED, reason
        trace.decided_by, trace.decided_at = moderator.id, now()
        _record(session, trace, row.public_id, act="decline reference", by=Actor.of(moderator))


def follow_undo(session: Session, row: PostRow, decision: Tag, *, by: User) -> None:
    """Open an offer again whose tag is taken back, and accept it again with the tag; in the transaction of the undo.

    A reference that was taken back below later tags stays so until its own tag is in force again.

    :raises TagNotAllowedError: if a tag is brought back whose offer was declined since.
    """
    stand, in_force = standing(session, row.id, decision.id), restored_by(session, row.id, decision.id)
    for trace in traces_of_tags(session, row.id):
        if trace.tag_id == in_force and trace.state is TraceState.DECLINED:
            raise _declined(session, trace)
        if trace.tag_id == in_force and trace.state is TraceState.OFFERED:
            _decide(session, trace, row, TraceState.ACCEPTED, act="accept reference", by=by, at=decision.at)
        elif trace.tag_id not in stand and trace.state is TraceState.ACCEPTED:
            reopen(session, trace, row, by=by, at=decision.at)


def reopen(session: Session, trace: Trace, row: PostRow, *, by: User, at: datetime) -> None:
    """Let a reference wait again that was accepted, for an answer that the caller holds."""
    _decide(session, trace, row, TraceState.OFFERED, act="reopen reference", by=by, at=at)


def _declined(session: Session, trace: Trace) -> TagNotAllowedError:
    decider = session.get(User, trace.decided_by) if trace.decided_by else None
    at = f" on {trace.decided_at:%-d %B %Y at %H:%M} UTC" if trace.decided_at else ""
    return TagNotAllowedError(
        f"The supplied reference on which this tag rests was declined by {decider.name if decider else 'nobody'}{at}, "
        "so it is not brought back. Nothing was stored; tag the answer on the bench."
    )


def _found(session: Session, trace_id: int) -> Trace:
    found = find_trace(session, trace_id)
    if found is None:
        raise NotFoundError("offered reference")
    return found.trace


def held_trace(session: Session, trace_id: int, state: TraceState) -> tuple[Trace, PostRow]:
    """An offer in that state, and its post, which nobody else decides on before this has ended.

    :raises NotFoundError: if there is no such offer, or its text was withdrawn.
    :raises TraceStateError: if somebody else decided on it.
    """
    post = session.scalar(select(Post.public_id).join(Trace, Trace.post_id == Post.id).where(Trace.id == trace_id))
    if post is None:
        raise NotFoundError("offered reference")
    row = held_post(session, post)
    session.expire_all()
    found = find_trace(session, trace_id)
    if found is None:
        raise NotFoundError("offered reference")
    if found.trace.state is not state:
        raise TraceStateError(found.trace, found.decided_by)
    return found.trace, row


def _decide(
    session: Session, trace: Trace, row: PostRow, state: TraceState, *, act: str, by: User, at: datetime
) -> None:
    trace.state, trace.decided_by, trace.decided_at = state, by.id, at
    _record(session, trace, row.public_id, act=act, by=Actor.of(by))


def _candidates(session: Session, trace: Trace) -> list[tuple[int, int]]:
    """The words that name the works of a reference, and of those accepted before it for the same text, as evidence."""
    before = [row.trace for row in accepted_traces(session, [trace.post_id])]
    named = [one.citation_id for one in [*before, trace] if one.citation_id is not None]
    query = select(Citation.start, Citation.end).where(
        Citation.id.in_(named), Citation.revision_id == trace.revision_id
    )
    return sorted({(start, end) for start, end in session.execute(query)})


def _reason(trace: Trace) -> str:
    stranger = f"{trace.giver_name} (a reader)" if trace.giver_name else "a reader"
    giver = stranger if trace.giver_id is None else trace.giver_name
    return f"By a reference that {giver} supplied: {reference_line(trace)}"[:MAX_TAG_NOTE]


def reference_line(trace: Trace) -> str:
    """The reference with the place in it, as it was given."""
    return f"{trace.reference.rstrip('.')}, {trace.locator}" if trace.locator else trace.reference


def _record(session: Session, trace: Trace, post: PublicId, *, act: str, by: Actor) -> None:
    session.flush()
    revision = session.get_one(Revision, trace.revision_id)
    record(session, by=by, act=act, subject=f"post {post}", detail=as_recorded(trace, revision))
