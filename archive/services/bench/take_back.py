"""Taking back the decision in force on an answer, whoever made it. That is a decision, too."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import PublicId
from archive.services.bench.settle import settle
from archive.services.decisions import check_practised, conflict, held_post, put_in_force, undoing
from archive.services.decisions_before import decision_before, restored_by, standing
from archive.services.ledger import Actor
from archive.services.objections import objecting
from archive.services.tracing.offer import follow_undo
from archive.services.transaction import writing
from archive.services.votes_aside import Change, follow
from archive.store.pages import PostRow
from archive.store.tags import Tag
from archive.store.threads import Post
from archive.store.users import User


def undo_tag(session: Session, *, post: PublicId, tag_id: int, moderator: User) -> None:
    """Take back the decision in force, whoever made it.

    :raises NotFoundError: if there is no such post.
    :raises TagConflictError: if that decision is no longer in force.
    :raises TagNotAllowedError: if that brings a tag back that rests on a supplied reference which was declined since.
    """
    check_practised(moderator)
    with writing(session):
        undo_held(session, held_post(session, post), tag_id, moderator)


def undo_held(session: Session, row: PostRow, tag_id: int, moderator: User, *, keep: Collection[int] = ()) -> None:
    """Take back the decision in force on an answer that the caller holds, and have the votes stand that stood before.

    :param keep: votes that stand whatever becomes of the decision.
    :raises TagConflictError: if that decision is no longer in force.
    :raises TagNotAllowedError: if that brings a tag back that rests on a supplied reference which was declined since.
    """
    in_force = session.scalar(select(Post.tag_id).where(Post.id == row.id))
    taken_back = restored_by(session, row.id, in_force)
    if tag_id not in (in_force, taken_back):
        raise conflict(session, row)
    undone = session.get_one(Tag, tag_id)
    before = decision_before(session, row.id, tag_id)
    decision = undoing(row, undone, before, moderator, at=now())
    put_in_force(session, row, decision, by=Actor.of(moderator))
    follow_undo(session, row, decision, by=moderator)
    objecting.follow_undo(session, row, decision, by=moderator)
    of = undone if taken_back is None else session.get_one(Tag, taken_back)
    follow(session, row, Change(of, *_now(session, row.id, decision.id)), keep=keep, by=moderator)
    settle(session, row, decision.revision_id, by=moderator, at=decision.at)


def _now(session: Session, post_id: int, tag_id: int) -> tuple[Tag | None, list[Tag]]:
    """The decision that an undo brought back, and all that stand."""
    made = restored_by(session, post_id, tag_id)
    stand = [session.get_one(Tag, number) for number in sorted(standing(session, post_id, tag_id))]
    return (None if made is None else session.get_one(Tag, made)), stand
