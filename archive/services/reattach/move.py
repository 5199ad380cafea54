"""Moving a post, leaving it in spite of a doubt, and putting it back: each with its ledger entry in one commit."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.doubts import doubt_of
from archive.domain.ids import PublicId
from archive.domain.parent_proposals import Reason
from archive.domain.placement import (
    Candidate,
    MoveNotAllowedError,
    Outcome,
    PlacementAct,
    check_parent,
    clean_title,
    own_thread_key,
)
from archive.domain.records import Edge, PostKind
from archive.errors import ArchiveError
from archive.services.browse import visible_post
from archive.services.ledger import Actor, record
from archive.services.reattach.places import (
    Place,
    as_was,
    held_post,
    own_thread,
    place_by_source,
    put,
    said_of,
)
from archive.services.reattach.proposals import reasons_for
from archive.services.transaction import writing
from archive.store.joining import thread_keys
from archive.store.moving import subtree
from archive.store.placements import Placement, as_recorded, placement_before
from archive.store.publishing import arranging_lock
from archive.store.threads import Post, Thread
from archive.store.users import User


class PlaceConflictError(ArchiveError):
    """Somebody else decided on the place of the post since the page was made, or an import filled it in."""

    def __init__(self, post: PublicId) -> None:
        self.post = post
        super().__init__(
            "The place of this post has changed since your page was made: somebody moved it, or an import brought "
            "what it was waiting for. Nothing was overwritten, and your choice was not stored. Look at it again."
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page showed of the place of a post."""

    decision: int  # the newest one; 0 where there is none
    parent: str  # an address, "" for none


def move_under(session: Session, *, post: PublicId, parent: PublicId, seen: Seen, by: User, drafts: bool) -> None:
    """Hang a post, with everything below it, under another one of the same collection.

    :raises NotFoundError: if there is no such post.
    :raises MoveNotAllowedError: if it cannot hang there.
    :raises PlaceConflictError: if its place is no longer the one that was seen.
    """
    with writing(session):
        row = _hold(session, post, seen, drafts=drafts)
        above = held_post(session, visible_post(session, parent, drafts=drafts).id)
        if row.edge is Edge.PERSON and row.parent_id == above.id:
            raise MoveNotAllowedError("It hangs under that post already. Nothing was moved.")
        _check(session, row, above)
        place = Place(parent_id=above.id, thread_id=above.thread_id, edge=Edge.PERSON)
        reasons = reasons_for(session, visible_post(session, post, drafts=drafts), parent, drafts=drafts)
        _decide(session, row, place, PlacementAct.MOVE, Outcome.MOVED, by=by, reasons=reasons)


def begin_thread(session: Session, *, post: PublicId, title: str, seen: Seen, by: User, drafts: bool) -> None:
    """Let a post, with everything below it, be a thread of its own.

    :raises NotFoundError: if there is no such post.
    :raises MoveNotAllowedError: if it begins one already, or the title is too long.
    :raises PlaceConflictError: if its place is no longer the one that was seen.
    """
    title = clean_title(title)
    with writing(session):
        row = _hold(session, post, seen, drafts=drafts)
        thread = session.get_one(Thread, row.thread_id)
        key = thread_keys(session, [thread.id])[thread.id]._replace(key=own_thread_key(post), own=True)
        if row.parent_id is None and (thread.public_id == key.address or row.kind is PostKind.QUESTION):
            raise MoveNotAllowedError("It begins a thread already. Nothing was moved.")
        title = title or thread.title
        thread_id = own_thread(session, row, key, title=title, now=now())
        place = Place(parent_id=None, thread_id=thread_id, edge=Edge.PERSON)
        _decide(session, row, place, PlacementAct.MOVE, Outcome.MOVED, by=by, title=title)


def leave(session: Session, *, post: PublicId, seen: Seen, by: User, drafts: bool) -> None:
    """Have a post stay where it is although that is in doubt, and not ask again.

    :raises NotFoundError: if there is no such post.
    :raises MoveNotAllowedError: if its place is in no doubt.
    :raises PlaceConflictError: if its place is no longer the one that was seen.
    """
    with writing(session):
        row = _hold(session, post, seen, drafts=drafts)
        if doubt_of(row.edge, waits=row.awaits is not None, parent_is_here=False) is None:
            raise MoveNotAllowedError("Where this post hangs is in no doubt. Nothing was stored.")
        _decide(session, row, None, PlacementAct.LEAVE, Outcome.LEFT, by=by)


def put_back(session: Session, *, post: PublicId, decision: int, by: User, drafts: bool) -> None:
    """Take back the newest decision on the place of a post: what was before is put back, by a decision of its own.

    :raises NotFoundError: if there is no such post.
    :raises MoveNotAllowedError: if it can no longer hang there.
    :raises PlaceConflictError: if that decision is no longer the newest.
    """
    with writing(session):
        arranging_lock(session)
        row = held_post(session, visible_post(session, post, drafts=drafts).id)
        if decision == 0 or row.placement_id != decision:
            raise PlaceConflictError(post)
        undone = session.get_one(Placement, decision)
        before = placement_before(session, undone)
        outcome = before.outcome if before else Outcome.SOURCE
        title, reasons = None, list[Reason]()
        if before is not None and outcome is Outcome.MOVED:
            place, title, reasons = _place_again(session, row, before), before.title, before.reasons
        else:
            place = place_by_source(session, row, said_of(session, row))
        _check_not_below(session, row, place)
        _decide(
            session, row, place, PlacementAct.PUT_BACK, outcome, by=by, title=title, reasons=reasons, undoes=undone.id
        )


def _hold(session: Session, post: PublicId, seen: Seen, *, drafts: bool) -> Post:
    """The post, which nobody else moves before this transaction has ended.

    :raises PlaceConflictError: if its place is no longer the one that was seen.
    """
    arranging_lock(session)
    row = held_post(session, visible_post(session, post, drafts=drafts).id)
    parent = session.scalar(select(Post.public_id).where(Post.id == row.parent_id)) if row.parent_id else None
    if ((row.placement_id or 0), parent or "") != (seen.decision, seen.parent):
        raise PlaceConflictError(post)
    return row


def _check(session: Session, row: Post, above: Post) -> None:
    ids = subtree(session, row.thread_id, row.id)
    public = select(Post.id).where(Post.thread_id == row.thread_id, Post.public)
    check_parent(
        _candidate(session, row),
        _candidate(session, above),
        below=frozenset(ids),
        any_public=not frozenset(ids).isdisjoint(session.scalars(public).all()),
    )


def _candidate(session: Session, row: Post) -> Candidate:
    return Candidate(row.id, session.get_one(Thread, row.thread_id).collection_id, row.public)


def _place_again(session: Session, row: Post, before: Placement) -> Place:
    if before.parent_id is None:
        return Place(parent_id=None, thread_id=before.thread_id, edge=Edge.PERSON)
    above = held_post(session, before.parent_id)
    _check(session, row, above)
    return Place(parent_id=above.id, thread_id=above.thread_id, edge=Edge.PERSON)


def _check_not_below(session: Session, row: Post, place: Place) -> None:
    if place.parent_id is not None and place.parent_id in subtree(session, row.thread_id, row.id):
        raise MoveNotAllowedError(
            "It cannot be put back: the post that it hung under hangs below it now. Move that one first. "
            "Nothing was moved."
        )


def _decide(
    session: Session,
    row: Post,
    place: Place | None,
    act: PlacementAct,
    outcome: Outcome,
    *,
    by: User,
    title: str | None = None,
    reasons: Sequence[Reason] = (),
    undoes: int | None = None,
) -> None:
    """Put a post into its place, where that changes, and write the decision and its entry in the ledger."""
    moment, was, was_thread_id = now(), as_was(session, row), row.thread_id
    if place is not None:
        put(session, row, place, said=said_of(session, row), now=moment)
    row = held_post(session, row.id)
    decision = Placement(
        post_id=row.id,
        act=act,
        undoes=undoes,
        outcome=outcome,
        parent_id=row.parent_id,
        thread_id=row.thread_id,
        title=title,
        reasons=list(reasons),
        was=was,
        was_thread_id=was_thread_id,
        by_id=by.id,
        at=moment,
    )
    session.add(decision)
    session.flush()
    row.placement_id = decision.id
    session.flush()
    there = as_was(session, row)
    detail = as_recorded(decision, parent=there["parent"], thread=there["thread"])
    record(session, by=Actor.of(by), act=decision.act.value, subject=f"post {row.public_id}", detail=detail)
