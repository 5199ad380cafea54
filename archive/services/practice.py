"""Practice answers: one after the other, with what decides them; and from when on somebody's votes count."""

import hashlib
import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import UserId
from archive.domain.permissions import Permission
from archive.domain.practice import PracticeAnswer, PracticeAnsweredError, PracticeRound, rounds_of
from archive.domain.source_quality import Level
from archive.errors import ArchiveError
from archive.services.accounts import NoSuchAccountError
from archive.services.browse import NotFoundError
from archive.services.ledger import Actor, record
from archive.services.transaction import writing
from archive.store.practice import PracticeLevel, levels_given
from archive.store.users import User, find_user

DONE = "practice done"
VOUCH = "vouch"
NO_VOUCH = "take vouching back"
_FILE = "practice.toml"


class VouchError(ArchiveError):
    """Nothing can be vouched for, or taken back."""


@cache
def practice_answers() -> tuple[PracticeAnswer, ...]:
    """The practice answers, from easy to hard."""
    rows = tomllib.loads((files("archive.samples") / _FILE).read_text("utf-8"))["answer"]
    return tuple(
        PracticeAnswer(
            key=row["key"],
            question=row["question"],
            answer=row["answer"].strip(),
            level=Level(row["level"]),
            words=tuple(row["words"]),
            explanation=row["explanation"],
            against={Level(level): sentence for level, sentence in row["against"].items()},
        )
        for row in rows
    )


def practice_rounds(session: Session, user_id: UserId) -> list[PracticeRound]:
    """The rounds that somebody began, in order, and the first one in any case."""
    given = ((row.round, row.item, row.level) for row in levels_given(session, user_id))
    return rounds_of(practice_answers(), given)


def practice_round(session: Session, user_id: UserId, number: int) -> PracticeRound:
    """One round of somebody's, which may not be begun yet.

    :raises NotFoundError: if the one before it is not done.
    """
    rounds = practice_rounds(session, user_id)
    if number <= len(rounds):
        return rounds[number - 1]
    if number == len(rounds) + 1 and rounds[-1].done:
        return PracticeRound(number=number, answers=practice_answers(), given={})
    raise NotFoundError("round of practice")


def give_level(session: Session, *, user: User, round_number: int, number: int, level: Level) -> None:
    """Give a practice answer a level. The last one of a round ends it: from the first end on, votes count.

    :param number: of the answer, from 1.
    :raises NotFoundError: if there is no such round or answer.
    :raises PracticeAnsweredError: if it has another level already.
    """
    user_id, by = user.id, Actor.of(user)
    with writing(session):
        _hold(session, user_id)  # of two tabs, one goes first
        there = practice_round(session, user_id, round_number)
        if not 1 <= number <= len(there.answers):
            raise NotFoundError("practice answer")
        key = there.answers[number - 1].key
        first = there.given.get(key)
        if first is not None:
            if first is not level:
                raise PracticeAnsweredError(number=number, first=first)
            return
        session.add(PracticeLevel(user_id=user_id, round=round_number, item=key, level=level, at=now()))
        session.flush()
        there = practice_round(session, user_id, round_number)
        if there.done:
            _end(session, user_id, there, by=by)


def answers_to_go(session: Session, user: User) -> int:
    """How many practice answers somebody must still do before their votes count; 0 where they count, or there are none.

    Those of whoever administers count without.
    """
    if user.votes_count or Permission.MODERATE not in user.permissions:
        return 0
    return practice_rounds(session, user.id)[0].left


def vouch(session: Session, *, name: str, by: Actor) -> None:
    """Have a moderator's votes count from now on, without practice.

    :raises NoSuchAccountError: if there is none of that name.
    :raises VouchError: if its votes count already, or it can give none.
    """
    with writing(session):
        user = _held(session, name)
        if Permission.MODERATE not in user.permissions:
            raise VouchError(f"{name} is no moderator, and so has no votes.")
        if user.practised_at is not None:
            raise VouchError(f"The votes of {name} count already.")
        user.practised_at = now()
        record(session, by=by, act=VOUCH, subject=f"user {name}", detail={"practised_at": _moment(user.practised_at)})


def withdraw_vouching(session: Session, *, name: str, by: Actor) -> None:
    """Have a moderator's votes count no longer until the practice is done. Those that were given stay as they are.

    :raises NoSuchAccountError: if there is none of that name.
    :raises VouchError: if nobody vouched for it, or the practice was done.
    """
    with writing(session):
        user = _held(session, name)
        if user.practised_at is None:
            raise VouchError(f"Nobody vouched for {name}.")
        if practice_rounds(session, user.id)[0].done:
            raise VouchError(f"{name} did the practice answers, so that their votes count whoever vouched for them.")
        user.practised_at = None
        record(session, by=by, act=NO_VOUCH, subject=f"user {name}", detail={"practised_at": None})


def levels_digest(given: Iterable[tuple[str, Level]]) -> str:
    """The hash of the levels of a round, by which the ledger knows them: what somebody chose is theirs alone to see."""
    return hashlib.sha256("\n".join(f"{item}={level}" for item, level in sorted(given)).encode()).hexdigest()


def _end(session: Session, user_id: UserId, there: PracticeRound, *, by: Actor) -> None:
    user = session.get_one(User, user_id, populate_existing=True)
    if user.practised_at is None:
        user.practised_at = now()
    detail: dict[str, object] = {
        "round": there.number,
        "right": there.right,
        "of": len(there.answers),
        "levels": levels_digest(there.given.items()),
        "practised_at": _moment(user.practised_at),
    }
    record(session, by=by, act=DONE, subject=f"user {user.name}", detail=detail)


def _held(session: Session, name: str) -> User:
    """The account, which nobody else changes before this transaction has ended."""
    user = find_user(session, name)
    if user is None:
        raise NoSuchAccountError(name)
    _hold(session, user.id)
    return session.get_one(User, user.id, populate_existing=True)


def _hold(session: Session, user_id: UserId) -> None:
    session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
