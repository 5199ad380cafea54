"""Votes that stand no longer, and those that stand again: each time with its entry in the ledger."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.services.ledger import Actor, record
from archive.store.pages import PostRow
from archive.store.tags import Tag
from archive.store.users import User
from archive.store.votes import Vote, standing_vote, standing_votes, votes_numbered


@dataclass(frozen=True, slots=True)
class Change:
    """One decision is in force in place of another."""

    of: Tag
    to: Tag | None
    standing: Sequence[Tag]  # the decisions that nothing has taken back


def set_aside(session: Session, row: PostRow, votes: Sequence[Vote], *, by: User) -> None:
    """Let votes on an answer stand no longer."""
    _set(session, row, [vote for vote in votes if vote.stands], "set votes aside", by)


def put_back(session: Session, row: PostRow, votes: Sequence[Vote], *, by: User) -> None:
    """Let votes stand again, but for those in whose place their moderator has put another."""
    free = {vote.moderator_id: vote for vote in votes if not _has_another(session, vote)}
    _set(session, row, list(free.values()), "put votes back", by)


def close_votes(session: Session, row: PostRow, revision_id: int, *, by: User) -> list[int]:
    """Let all votes on a text be past, as something else decides; their numbers."""
    votes = standing_votes(session, revision_id)
    set_aside(session, row, votes, by=by)
    return [vote.id for vote in votes]


def follow(session: Session, row: PostRow, change: Change, *, keep: Collection[int], by: User) -> None:
    """Have those votes stand that stood before a decision was taken back.

    :param keep: votes that stand whatever becomes of the decision.
    """
    again = set(change.to.rests_on) if change.to else set()
    closed = {number for tag in change.standing for number in tag.closes}
    gone = (set(change.of.rests_on) - again - set(keep)) | closed
    set_aside(session, row, votes_numbered(session, sorted(gone)), by=by)
    put_back(session, row, votes_numbered(session, sorted((again | set(change.of.closes)) - closed)), by=by)


def _has_another(session: Session, vote: Vote) -> bool:
    return standing_vote(session, vote.revision_id, vote.moderator_id) is not None


def _set(session: Session, row: PostRow, votes: Sequence[Vote], act: str, by: User) -> None:
    if not votes:
        return
    for vote in votes:
        vote.stands = not vote.stands
    session.flush()
    numbers: dict[str, object] = {"votes": [vote.id for vote in votes]}
    record(session, by=Actor.of(by), act=act, subject=f"post {row.public_id}", detail=numbers)
