"""Practice answers: the first level counts, the last one makes votes count, and the ledger knows."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from archive import clock
from archive.domain.permissions import Role
from archive.domain.practice import PracticeAnsweredError
from archive.domain.source_quality import Level
from archive.services.accounts import add_user
from archive.services.browse import NotFoundError
from archive.services.practice import (
    VouchError,
    answers_to_go,
    give_level,
    practice_answers,
    practice_round,
    practice_rounds,
    vouch,
    withdraw_vouching,
)
from archive.services.verify import find_faults
from archive.store.ledger import read_entries
from archive.store.practice import PracticeLevel
from archive.store.users import User
from tests.conftest import PASSWORD
from tests.databases import opened
from tests.integration.conftest import BY, Archive

ANSWERS = practice_answers()
WRONG = {1: Level.CITED, 14: Level.ATTRIBUTED}  # by number


@pytest.fixture
def maud(archive: Archive, quick_passwords: object) -> User:
    """A new moderator."""
    roles = frozenset({Role.MODERATOR})
    return add_user(archive.session, name="maud", password=PASSWORD, roles=roles, by=BY)


def practise(session: Session, user: User, *, round_number: int = 1, but: int = 0) -> None:
    """Give every answer of a round a level, but for the last few."""
    for number, answer in enumerate(ANSWERS[: len(ANSWERS) - but], start=1):
        level = WRONG.get(number, answer.level)
        give_level(session, user=user, round_number=round_number, number=number, level=level)


def faults(archive: Archive) -> list[str]:
    archive.session.rollback()
    archive.session.expire_all()
    return list(find_faults(archive.session, archive.vault, say=lambda _: None))


def entries(session: Session) -> Iterator[str]:
    return (entry.act for entry in read_entries(session, subject="user maud"))


def test_votes_count_once_all_twenty_are_done_and_not_before(archive: Archive, maud: User) -> None:
    session = archive.session
    assert answers_to_go(session, maud) == 20
    practise(session, maud, but=1)
    session.refresh(maud)
    assert (maud.practised_at, answers_to_go(session, maud)) == (None, 1)
    assert "practice done" not in list(entries(session))
    give_level(session, user=maud, round_number=1, number=20, level=ANSWERS[19].level)
    session.refresh(maud)
    assert maud.practised_at is not None
    assert answers_to_go(session, maud) == 0
    (entry,) = [entry for entry in read_entries(session, subject="user maud") if entry.act == "practice done"]
    assert entry.actor == "maud"
    assert '"right":18' in entry.detail
    assert '"of":20' in entry.detail
    assert faults(archive) == []


def test_the_first_level_counts_and_another_is_refused(archive: Archive, maud: User) -> None:
    give_level(archive.session, user=maud, round_number=1, number=3, level=Level.CITED)
    give_level(archive.session, user=maud, round_number=1, number=3, level=Level.CITED)
    with pytest.raises(PracticeAnsweredError, match="practice answer 3 a level before: “Cited”"):
        give_level(archive.session, user=maud, round_number=1, number=3, level=Level.PINPOINT)
    assert practice_round(archive.session, maud.id, 1).given == {ANSWERS[2].key: Level.CITED}


def test_a_second_round_comes_after_the_first_and_changes_nothing_about_votes(archive: Archive, maud: User) -> None:
    session = archive.session
    for number in (2, 3):
        with pytest.raises(NotFoundError):
            give_level(session, user=maud, round_number=number, number=1, level=Level.CITED)
    practise(session, maud)
    session.refresh(maud)
    since = maud.practised_at
    practise(session, maud, round_number=2)
    session.refresh(maud)
    assert maud.practised_at == since
    assert [one.right for one in practice_rounds(session, maud.id)] == [18, 18]
    assert list(entries(session)).count("practice done") == 2
    assert faults(archive) == []


@pytest.mark.parametrize("number", [0, 21])
def test_there_is_no_answer_beyond_the_twenty(archive: Archive, maud: User, number: int) -> None:
    with pytest.raises(NotFoundError):
        give_level(archive.session, user=maud, round_number=1, number=number, level=Level.CITED)


def test_two_tabs_at_the_last_two_answers_end_the_round_once(
    archive: Archive, maud: User, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    practise(archive.session, maud, but=2)
    both = Barrier(2)

    def wait_for_the_other() -> datetime:
        with suppress(BrokenBarrierError):  # the other one does not come: it waits until this one has ended
            both.wait(0.5)
        return clock.now()

    monkeypatch.setattr("archive.services.practice.now", wait_for_the_other)
    user_id = maud.id
    archive.session.rollback()

    def last(number: int) -> None:
        with opened(database_url) as engine, Session(engine, expire_on_commit=False) as session:
            user = session.get_one(User, user_id)
            give_level(session, user=user, round_number=1, number=number, level=ANSWERS[number - 1].level)

    with ThreadPoolExecutor(2) as tabs:
        list(tabs.map(last, (19, 20)))
    archive.session.rollback()
    assert list(entries(archive.session)).count("practice done") == 1
    assert archive.session.get_one(User, user_id, populate_existing=True).practised_at is not None
    assert faults(archive) == []


def test_an_admin_may_vouch_and_take_it_back(archive: Archive, maud: User) -> None:
    session = archive.session
    vouch(session, name="maud", by=BY)
    session.refresh(maud)
    assert answers_to_go(session, maud) == 0
    assert faults(archive) == []
    with pytest.raises(VouchError, match="count already"):
        vouch(session, name="maud", by=BY)
    withdraw_vouching(session, name="maud", by=BY)
    session.refresh(maud)
    assert answers_to_go(session, maud) == 20
    with pytest.raises(VouchError, match="Nobody vouched"):
        withdraw_vouching(session, name="maud", by=BY)
    assert list(entries(session)) == ["add account", "vouch", "take vouching back"]
    assert faults(archive) == []


def test_practice_that_was_done_is_not_taken_back(archive: Archive, maud: User) -> None:
    practise(archive.session, maud)
    with pytest.raises(VouchError, match="did the practice answers"):
        withdraw_vouching(archive.session, name="maud", by=BY)


def test_only_moderators_have_votes_to_vouch_for(archive: Archive, maud: User) -> None:
    assert archive.run("user", "role", "maud", "archivist").exit_code == 0
    archive.session.rollback()
    archive.session.expire_all()
    with pytest.raises(VouchError, match="no moderator"):
        vouch(archive.session, name="maud", by=BY)
    assert answers_to_go(archive.session, archive.person("maud")) == 0
    assert archive.run("user", "role", "maud", "admin").exit_code == 0
    archive.session.rollback()
    archive.session.expire_all()
    assert answers_to_go(archive.session, archive.person("maud")) == 0, "admins' votes always count"


def test_the_command_vouches_and_the_list_says_whose_votes_do_not_count(archive: Archive, maud: User) -> None:
    assert "maud  moderator  (votes do not count yet)" in archive.run("user", "list").stdout
    assert "The votes of maud count from now on." in archive.run("user", "vouch", "maud").stderr
    assert "do not count" not in archive.run("user", "list").stdout
    assert "once the 20 practice answers are done" in archive.run("user", "add", "otto", "--role", "moderator").stderr
    assert "practice" not in archive.run("user", "add", "ansel", "--role", "archivist").stderr
    refused = archive.run("user", "vouch", "maud")
    assert (refused.exit_code, "count already" in refused.stderr) == (1, True)
    undone = archive.run("user", "vouch", "maud", "--undo")
    assert "count once the practice answers are done" in undone.stderr
    assert "There is no account named otho" in archive.run("user", "vouch", "otho").stderr


TAMPERING: dict[str, Callable[[], object]] = {
    "level edited": lambda: (
        update(PracticeLevel).where(PracticeLevel.item == ANSWERS[0].key).values(level=Level.PINPOINT)
    ),
    "level removed": lambda: delete(PracticeLevel).where(PracticeLevel.item == ANSWERS[0].key),
    "all removed": lambda: delete(PracticeLevel),
    "votes count no longer": lambda: update(User).values(practised_at=None),
    "votes count since another time": lambda: update(User).values(practised_at=User.created_at),
}


@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_with_practice_is_found(archive: Archive, maud: User, how: str) -> None:
    practise(archive.session, maud)
    assert faults(archive) == []
    archive.session.execute(TAMPERING[how](), execution_options={"synchronize_session": False})  # type: ignore[call-overload]
    archive.session.commit()
    (fault,) = faults(archive)
    assert fault.startswith("Account maud: ")


def test_votes_that_count_without_a_word_in_the_ledger_are_found(archive: Archive, maud: User) -> None:
    archive.session.execute(update(User).values(practised_at=select(User.created_at).scalar_subquery()))
    archive.session.commit()
    (fault,) = faults(archive)
    assert "its votes count since" in fault
    assert "the ledger says not yet" in fault
