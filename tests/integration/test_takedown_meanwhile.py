"""Whoever decides on a post at the moment in which words of it are taken down."""

import threading
import time
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from archive.domain.source_quality import Level
from archive.services.bench import cast as casting
from archive.services.takedown import decide
from archive.store.tags import Tag
from archive.store.users import User
from archive.store.votes import Vote
from tests.integration.conftest import Archive
from tests.integration.taking_down import Two, faults
from tests.integration.written import DYKES, RUSTICUS, WEAVER, thread

TEXT = "Jane Quill told me so, and she should know."


@pytest.fixture
def two(archive: Archive, make_user: Callable[..., User]) -> Two:
    archive.import_({"d.txt": thread(DYKES, [(RUSTICUS, TEXT), (WEAVER, "The weavers.")])}, public=True)
    make_user("maud", "moderator")
    make_user("nora", "moderator")
    return Two(archive, ("maud", "nora"))


def confirm(engine: Engine, takedown: int, version: int, name: str) -> None:
    with Session(engine, expire_on_commit=False) as session:
        moderator = session.scalars(select(User).where(User.name == name)).one()
        decide.confirm(session, takedown_id=takedown, version=version, moderator=moderator)


def waits_for_a_lock(engine: Engine) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with engine.connect() as connection:
        return bool(connection.scalar(text(waiting)))


@pytest.mark.database("postgresql")
def test_a_vote_that_is_stored_while_words_are_taken_down_does_not_show_them(
    archive: Archive, two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed = two.propose(two.ask(archive.answer(RUSTICUS).public_id), "Jane Quill")
    engine, told = archive.session.get_bind().engine, (proposed.id, proposed.version, "nora")
    other = threading.Thread(target=confirm, args=(engine, *told))
    settle = casting.settle

    def settle_late(*args: object, **named: object) -> object:
        other.start()
        while other.is_alive() and not waits_for_a_lock(engine):
            time.sleep(0.01)
        return settle(*args, **named)

    monkeypatch.setattr(casting, "settle", settle_late)
    archive.judge(RUSTICUS, Level.RECOLLECTED, two.one, evidence=[(0, 10)])
    other.join(30)
    archive.session.rollback()
    archive.session.expire_all()
    assert "Jane Quill" not in archive.answer(RUSTICUS).text
    for table in (Vote, Tag):
        assert [row.evidence for row in archive.session.scalars(select(table))] == [[]]
    assert faults(archive) == []
