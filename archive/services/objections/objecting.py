"""Objecting to a tag, replying to that, and what an undo of the tag that followed means for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.flooding import check_waiting
from archive.domain.ids import PublicId
from archive.domain.moderation import TagNotAllowedError, check_post
from archive.domain.objections import (
    OBJECTIONS,
    ON_OBJECTION,
    ObjectionState,
    check_other_level,
    check_questionable,
    clean_reason,
    clean_reply,
)
from archive.domain.second_opinions import Basis
from archive.domain.source_quality import Level
from archive.errors import ArchiveError
from archive.services import assess
from archive.services.browse import NotFoundError, visible_post
from archive.services.decisions import Finding, check_version, give, held_post, revision_text
from archive.services.decisions_before import restored_by, standing
from archive.services.flooding import count_one_more
from archive.services.ledger import A_READER, Actor, record
from archive.services.transaction import writing
from archive.store.objections import (
    Objection,
    as_recorded,
    count_all_open,
    count_open,
    find_objection,
    objections_with_reversal,
)
from archive.store.pages import PostRow
from archive.store.public_log import log_answer
from archive.store.tags import Tag
from archive.store.threads import Post, Revision, touch_threads
from archive.store.users import User

_SAID = {
    ObjectionState.OPEN: "was opened again",
    ObjectionState.KEPT: "was answered",
    ObjectionState.CHANGED: "was answered with another tag",
}


class ObjectionStateError(ArchiveError):
    """Somebody else decided on the objection since the page was made, or nobody has."""

    def __init__(self, objection: Objection, by: str | None) -> None:
        self.objection, self.state, self.by, self.at = objection.id, objection.state, by, objection.answered_at
        if by is None or objection.answered_at is None:
            super().__init__("It waits for a reply; there is none to take back. Nothing was stored.")
            return
        super().__init__(
            f"This objection {_SAID[objection.state]} by {by} on {objection.answered_at:%-d %B %Y at %H:%M} UTC, after "
            "your page was made. Nothing was overwritten: what you wrote has not been stored."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An objection as somebody typed it, every field checked and clean."""

    reason: str
    expected: Level | None
    reference: str
    locator: str
    identifier: str
    name: str
    by_author: bool


def object_to(
    session: Session, *, post: PublicId, version: int, given: Given, objector: User | None, seen_as: Sequence[str]
) -> int:
    """Keep an objection to the tag in force until a moderator answers it; its number.

    :param version: of the tag, as the page had it.
    :param seen_as: by what whoever objects is counted: address, browser, account.
    :raises NotFoundError: if there is no such public post.
    :raises TagNotAllowedError: if it is no answer.
    :raises TagConflictError: if a moderator decided anew since the page was made.
    :raises ObjectionNotAllowedError: if there is no tag, or nothing is said against it.
    :raises FloodingError: if too many came from there, or enough wait.
    """
    reason, moment = clean_reason(given.reason), now()
    with writing(session):
        row = held_post(session, post)
        check_post(kind=row.kind, public=row.public)
        check_version(session, row, version)
        check_questionable(row.level, waiting=count_open(session, row.id))
        count_one_more(session, OBJECTIONS, seen_as=seen_as, at=moment)
        if objector is None:
            check_waiting(OBJECTIONS, waiting=count_all_open(session, strangers=True))
        objection = _new(session, row, given, reason=reason, objector=objector, at=moment)
        session.add(objection)
        _record(session, objection, post, act="object", by=A_READER if objector is None else Actor.of(objector))
    return objection.id


def _new(
    session: Session, row: PostRow, given: Given, *, reason: str, objector: User | None, at: datetime
) -> Objection:
    in_force = restored_by(session, row.id, session.get_one(Post, row.id).tag_id)
    return Objection(
        thread_id=row.thread_id,
        post_id=row.id,
        revision_id=row.revision_id,
        tag_id=in_force,
        reason=reason,
        expected=given.expected,
        reference=given.reference,
        locator=given.locator,
        identifier=given.identifier,
        objector_name=given.name if objector is None else objector.name,
        objector_id=None if objector is None else objector.id,
        by_author=given.by_author,
        given_at=at,
        state=ObjectionState.OPEN,
        reply="",
        outcome=None,
        answered_by=None,
        answered_at=None,
        reversal_id=None,
    )


def keep(session: Session, *, objection_id: int, version: int, reply: str, moderator: User) -> PublicId:
    """Answer an objection and leave the tag as it is. The answer's address.

    :param version: of the answer's tag, as the page had it.
    :raises NotFoundError: if there is no such objection, or its text was withdrawn.
    :raises ObjectionStateError: if somebody else answered it.
    :raises TagConflictError: if somebody else tagged the answer since.
    :raises ObjectionNotAllowedError: if no reply is written.
    """
    reply = clean_reply(reply)
    with writing(session):
        objection, row = _held(session, objection_id, ObjectionState.OPEN)
        check_version(session, row, version)
        objection.reply, objection.outcome = reply, row.level
        _answer(session, objection, row, ObjectionState.KEPT, by=moderator, at=now())
    return PublicId(row.public_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTag:
    """What a moderator decides on an objection."""

    revision_id: int  # the text that was judged
    version: int  # of the answer's tag, as the page had it
    level: Level
    evidence: Sequence[tuple[int, int]]  # characters of the text


def reverse(session: Session, *, objection_id: int, tag: OtherTag, reply: str, moderator: User) -> PublicId:
    """Answer an objection with another tag. The answer's address.

    :raises NotFoundError: if there is no such objection, or its text was withdrawn.
    :raises ObjectionStateError: if somebody else answered it.
    :raises TagConflictError: if somebody else tagged the answer since.
    :raises TagNotAllowedError: if the evidence is not in the text.
    :raises ObjectionNotAllowedError: if no reply is written, or the level is the one in force.
    """
    reply, post = clean_reply(reply), _post_of(session, objection_id)
    text, markup = revision_text(session, visible_post(session, post, drafts=False).id, tag.revision_id)
    proposal = assess.propose(session, revision_id=tag.revision_id, text=text, markup=markup)
    with writing(session):
        objection, row = _held(session, objection_id, ObjectionState.OPEN)
        check_version(session, row, tag.version)
        check_other_level(tag.level, in_force=row.level)
        assess.keep(session, thread_id=row.thread_id, post_id=row.id, revision_id=tag.revision_id, proposal=proposal)
        decision = give(
            session,
            row,
            Finding(
                revision_id=tag.revision_id,
                level=tag.level,
                evidence=tag.evidence,
                note=f"{ON_OBJECTION}{reply}",
                basis=Basis.OBJECTION,
                suggested=proposal.suggestion.level,
                suggestion_engine=proposal.suggestion.engine,
                suggestion_seen=False,
            ),
            moderator=moderator,
            at=now(),
        )
        objection.reply, objection.outcome, objection.reversal_id = reply, tag.level, decision.id
        _answer(session, objection, row, ObjectionState.CHANGED, by=moderator, at=decision.at)
    return PublicId(row.public_id)


def open_again(session: Session, *, objection_id: int, moderator: User) -> PublicId:
    """Let an objection wait again of which the reply left the tag as it was. The answer's address.

    :raises NotFoundError: if there is no such objection, or its text was withdrawn.
    :raises ObjectionStateError: if it waits already, or another tag followed from it, which is taken back instead.
    """
    with writing(session):
        objection, row = _held(session, objection_id, ObjectionState.KEPT)
        _reopen(session, objection, row, by=moderator, at=now())
    return PublicId(row.public_id)


def follow_undo(session: Session, row: PostRow, decision: Tag, *, by: User) -> None:
    """Open an objection again whose tag is taken back, and answer it again with the tag, within the undo.

    :raises TagNotAllowedError: if a tag is brought back whose objection was answered otherwise since.
    """
    stand, in_force = standing(session, row.id, decision.id), restored_by(session, row.id, decision.id)
    for objection in objections_with_reversal(session, row.id):
        if objection.reversal_id not in stand and objection.state is ObjectionState.CHANGED:
            _reopen(session, objection, row, by=by, at=decision.at)
        elif objection.reversal_id == in_force and objection.state is ObjectionState.KEPT:
            raise _answered_otherwise(session, objection)
        elif objection.reversal_id == in_force and objection.state is ObjectionState.OPEN:
            objection.outcome = decision.level
            _answer(session, objection, row, ObjectionState.CHANGED, by=by, at=decision.at)


def _answered_otherwise(session: Session, objection: Objection) -> TagNotAllowedError:
    answerer = session.get(User, objection.answered_by) if objection.answered_by else None
    return TagNotAllowedError(
        f"Objection {objection.id}, on which this tag rests, was answered otherwise since by "
        f"{answerer.name if answerer else 'nobody'}, so it is not brought back. Nothing was stored; "
        "tag the answer on the bench."
    )


def _reopen(session: Session, objection: Objection, row: PostRow, *, by: User, at: datetime) -> None:
    objection.state, objection.outcome = ObjectionState.OPEN, None
    objection.answered_by, objection.answered_at = by.id, at
    touch_threads(session, [row.thread_id], now=at)
    _record(session, objection, row.public_id, act="reopen objection", by=Actor.of(by))


def _answer(
    session: Session, objection: Objection, row: PostRow, state: ObjectionState, *, by: User, at: datetime
) -> None:
    objection.state, objection.answered_by, objection.answered_at = state, by.id, at
    touch_threads(session, [row.thread_id], now=at)
    log_answer(session, objection, by=by.id, at=at)
    _record(session, objection, row.public_id, act="answer objection", by=Actor.of(by))


def _post_of(session: Session, objection_id: int) -> PublicId:
    query = select(Post.public_id).join(Objection, Objection.post_id == Post.id).where(Objection.id == objection_id)
    post = session.scalar(query)
    if post is None:
        raise NotFoundError("objection")
    return post


def _held(session: Session, objection_id: int, state: ObjectionState) -> tuple[Objection, PostRow]:
    """An objection in that state, and its post, which nobody else decides on before this has ended."""
    row = held_post(session, _post_of(session, objection_id))
    session.expire_all()
    found = find_objection(session, objection_id)
    if found is None:
        raise NotFoundError("objection")
    if found.objection.state is not state:
        raise ObjectionStateError(found.objection, found.answered_by)
    return found.objection, row


def _record(session: Session, objection: Objection, post: PublicId, *, act: str, by: Actor) -> None:
    session.flush()
    revision = session.get_one(Revision, objection.revision_id)
    record(session, by=by, act=act, subject=f"post {post}", detail=as_recorded(objection, revision))
