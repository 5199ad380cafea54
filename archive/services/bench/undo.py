"""Undo and redo: what a moderator did, one thing after the other, through the whole session and before it."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import PublicId
from archive.domain.moderation import TagNotAllowedError
from archive.domain.source_quality import Level
from archive.services.bench.lone import sort_standing, sort_withdrawn, stand_again, withdraw_lone
from archive.services.bench.settle import decision_on, settle
from archive.services.bench.take_back import undo_held
from archive.services.browse import NotFoundError
from archive.services.decisions import TagConflictError, conflict, held_numbered, held_posts
from archive.services.decisions_before import restored_by, standing
from archive.services.ledger import Actor, record, record_all
from archive.services.transaction import writing
from archive.services.votes_aside import put_back, set_aside
from archive.store.acts import Act, ActKind, act_of, newest_act
from archive.store.bulk_tags import Mark
from archive.store.holds import Hold, is_held
from archive.store.pages import PostRow
from archive.store.tags import Skip, Tag
from archive.store.threads import Post, addresses_of
from archive.store.users import User
from archive.store.votes import Vote, standing_votes, votes_of_bulk


@dataclass(frozen=True, slots=True)
class Undone:
    """Something that was taken back, or done again."""

    kind: ActKind
    post: PublicId | None  # None: many answers
    level: Level | None  # that a vote or another decision gives
    answers: int


@dataclass(frozen=True, slots=True)
class _Did:
    """What an act came to. There is none where others have made it void."""

    level: Level | None = None
    answers: int = 1


_Way = Callable[[Session, Act, User], _Did | None]


def undo(session: Session, *, moderator: User) -> Undone | None:
    """Take back what a moderator did last; None when there is nothing to take back.

    :raises TagConflictError: if somebody else decided on that answer since, and the decision would have to go.
    :raises TagNotAllowedError: if that brings a tag back that rests on a supplied reference which was declined since.
    """
    return _through(session, moderator, _BACK, undone=False)


def redo(session: Session, *, moderator: User) -> Undone | None:
    """Do again what a moderator took back last, if nothing was done since; None when there is nothing of the kind.

    :raises TagConflictError: if somebody else decided on that answer since.
    """
    return _through(session, moderator, _AGAIN, undone=True)


def undo_bulk(session: Session, bulk: int, *, moderator: User) -> Undone | None:
    """Take back what a moderator gave to many answers, whatever was done since; None when nothing of it is left.

    :raises NotFoundError: if there is no such bulk of the moderator's own.
    """
    with writing(session):
        act = act_of(session, moderator.id, ActKind.BULK, bulk)
        if act is None:
            raise NotFoundError("bulk of yours")
        if act.undone:
            return None
        act.undone = True
        did = _take_bulk_back(session, act, moderator)
    return None if did is None else Undone(ActKind.BULK, None, did.level, did.answers)


def _through(session: Session, moderator: User, ways: dict[ActKind, _Way], *, undone: bool) -> Undone | None:
    """What others have made void is passed over; so is, from the next time on, what they stand against."""
    number = 0
    try:
        with writing(session):
            while (act := newest_act(session, moderator.id, undone=undone)) is not None:
                number = act.id
                did = ways[act.kind](session, act, moderator)
                if did is not None:
                    act.undone = not undone
                    break
                act.void = True
                session.flush()
            else:
                return None
            post = None if act.post_id is None else PublicId(session.get_one(Post, act.post_id).public_id)
            done = Undone(act.kind, post, did.level, did.answers)
    except (TagConflictError, TagNotAllowedError):
        with writing(session):
            session.get_one(Act, number).void = True
        raise
    return done


def _take_vote_back(session: Session, act: Act, moderator: User) -> _Did | None:
    vote = session.get_one(Vote, act.what)
    return _Did(vote.level) if _withdraw(session, vote, moderator) else None


def _vote_again(session: Session, act: Act, moderator: User) -> _Did | None:
    vote = session.get_one(Vote, act.what)
    return _Did(vote.level) if _stand_again(session, vote, moderator) else None


def _take_bulk_back(session: Session, act: Act, moderator: User) -> _Did | None:
    """What nobody has decided on since is taken back, all at once where nothing else is to be followed."""
    pairs = _votes_with_answers(session, act, standing=True)
    found, by = sort_standing(session, pairs), Actor.of(moderator)
    record(session, by=by, act="take bulk back", subject=f"bulk {act.what}", detail={"answers": len(pairs)})
    record_all(session, withdraw_lone(session, found, by=moderator, at=now()), by=by)
    for _, vote in found.others:
        _withdraw(session, vote, moderator)
    return _Did(pairs[0][1].level, len(pairs)) if pairs else None


def _bulk_again(session: Session, act: Act, moderator: User) -> _Did | None:
    """Answers on which others have voted or decided since stay as they are."""
    pairs = _votes_with_answers(session, act, standing=False)
    found, by = sort_withdrawn(session, pairs), Actor.of(moderator)
    record(session, by=by, act="give bulk again", subject=f"bulk {act.what}", detail={"answers": len(pairs)})
    record_all(session, stand_again(session, found, by=moderator, at=now()), by=by)
    own = [vote for _, vote in found.others if vote.replaces is not None and _is_alone(session, vote)]
    again = len(found.lone) + sum(_stand_again(session, vote, moderator) for vote in own)
    return _Did(pairs[0][1].level, again) if again else None


def _votes_with_answers(session: Session, act: Act, *, standing: bool) -> list[tuple[PostRow, Vote]]:
    """The votes of a bulk that stand, or those that do not, on answers that readers see; these are held from now on."""
    given = [vote.post_id for vote in votes_of_bulk(session, act.what)]
    rows = {row.id: row for row in held_posts(session, addresses_of(session, given)).values()}
    session.expire_all()  # what they stand for is read once nobody else can change it
    votes = [vote for vote in votes_of_bulk(session, act.what) if vote.stands is standing]
    return [(rows[vote.post_id], vote) for vote in votes if vote.post_id in rows]


def _is_alone(session: Session, vote: Vote) -> bool:
    """Whether only the vote that it replaced stands on its text, and made what is in force."""
    others = [other.id for other in standing_votes(session, vote.revision_id)]
    in_force = decision_on(session, vote.post_id, vote.revision_id)
    return others == [vote.replaces] and in_force is not None and in_force.rests_on == others


def _withdraw(session: Session, vote: Vote, moderator: User) -> bool:
    """Whether it stood until now."""
    row = held_numbered(session, vote.post_id)
    session.refresh(vote)
    if not vote.stands:
        return False
    in_force = decision_on(session, row.id, vote.revision_id)
    set_aside(session, row, [vote], by=moderator)
    if vote.replaces is not None:
        put_back(session, row, [session.get_one(Vote, vote.replaces)], by=moderator)
    if in_force is not None and vote.id in in_force.rests_on:
        others = [number for number in in_force.rests_on if number != vote.id]
        undo_held(session, row, in_force.id, moderator, keep=others)
    else:
        settle(session, row, vote.revision_id, by=moderator, at=now())
    return True


def _stand_again(session: Session, vote: Vote, moderator: User) -> bool:
    row = held_numbered(session, vote.post_id)
    session.refresh(vote)
    if vote.stands:
        return False
    if vote.replaces is not None:
        set_aside(session, row, [session.get_one(Vote, vote.replaces)], by=moderator)
    put_back(session, row, [vote], by=moderator)
    settle(session, row, vote.revision_id, by=moderator, at=now())
    return vote.stands


def _take_skip_back(session: Session, act: Act, moderator: User) -> _Did | None:
    skip = session.get(Skip, (moderator.id, act.post_id))
    if skip is None:
        return None
    session.delete(skip)
    return _Did()


def _skip_again(session: Session, act: Act, moderator: User) -> _Did | None:
    session.merge(Skip(moderator_id=moderator.id, post_id=act.post_id, at=now()))
    return _Did()


def _take_leave_back(session: Session, act: Act, moderator: User) -> _Did | None:
    """That an answer was left as it is stands in the act alone, and in the ledger."""
    return _told(session, act, moderator, "take back leave as is")


def _leave_again(session: Session, act: Act, moderator: User) -> _Did | None:
    return _told(session, act, moderator, "leave as is again")


def _told(session: Session, act: Act, moderator: User, what: str) -> _Did | None:
    if act.post_id is None:
        return None
    row = held_numbered(session, act.post_id)
    about: dict[str, object] = {"act": act.id, "hold": act.what}
    record(session, by=Actor.of(moderator), act=what, subject=f"post {row.public_id}", detail=about)
    return _Did()


def _end_hold(session: Session, act: Act, moderator: User) -> _Did | None:
    hold = session.get_one(Hold, act.what)
    held_numbered(session, hold.post_id)
    session.refresh(hold)
    if hold.ended_at is not None:
        return None
    hold.ended_at = now()
    return _told(session, act, moderator, "take back hold")


def _hold_again(session: Session, act: Act, moderator: User) -> _Did | None:
    hold = session.get_one(Hold, act.what)
    held_numbered(session, hold.post_id)
    if is_held(session, hold.post_id):
        return None
    hold.ended_at = None
    return _told(session, act, moderator, "hold again")


def _take_mark_back(session: Session, act: Act, moderator: User) -> _Did | None:
    mark = session.get(Mark, (moderator.id, act.post_id))
    if mark is None:
        return None
    session.delete(mark)
    return _Did()


def _mark_again(session: Session, act: Act, moderator: User) -> _Did | None:
    session.merge(Mark(moderator_id=moderator.id, post_id=act.post_id, at=now()))
    return _Did()


def _take_decision_back(session: Session, act: Act, moderator: User) -> _Did | None:
    tag = session.get_one(Tag, act.what)
    row = held_numbered(session, tag.post_id)
    newest = session.scalar(select(Post.tag_id).where(Post.id == row.id))
    if restored_by(session, row.id, newest) != tag.id:
        if tag.id not in standing(session, row.id, newest):
            return None  # somebody took it back
        raise conflict(session, row)
    undo_held(session, row, tag.id, moderator)
    return _Did(tag.level)


def _decide_again(session: Session, act: Act, moderator: User) -> _Did | None:
    """By taking back that it was taken back."""
    tag = session.get_one(Tag, act.what)
    row = held_numbered(session, tag.post_id)
    newest = session.scalar(select(Tag).where(Tag.post_id == row.id).order_by(Tag.id.desc()).limit(1))
    if newest is None or newest.undoes != tag.id:
        raise conflict(session, row)
    undo_held(session, row, newest.id, moderator)
    return _Did(tag.level)


_BACK: dict[ActKind, _Way] = {
    ActKind.VOTE: _take_vote_back,
    ActKind.BULK: _take_bulk_back,
    ActKind.SKIP: _take_skip_back,
    ActKind.LEAVE: _take_leave_back,
    ActKind.HOLD: _end_hold,
    ActKind.MARK: _take_mark_back,
    ActKind.DECIDE: _take_decision_back,
}
_AGAIN: dict[ActKind, _Way] = {
    ActKind.VOTE: _vote_again,
    ActKind.BULK: _bulk_again,
    ActKind.SKIP: _skip_again,
    ActKind.LEAVE: _leave_again,
    ActKind.HOLD: _hold_again,
    ActKind.MARK: _mark_again,
    ActKind.DECIDE: _decide_again,
}
