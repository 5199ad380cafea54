"""A moderator who tags an answer while the worker stores what it finds in it: neither waits for the other for ever."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.domain.source_quality import Level
from archive.services import decisions
from archive.services.assess import assess_some
from archive.services.bench import cast as casting
from archive.services.bench.cast import Said, Sight, cast
from archive.services.sources import citing
from archive.store.pages import PostRow
from archive.store.source_names import owners_of
from archive.store.sources import Citation
from archive.store.tags import StoredSuggestion
from archive.store.users import User
from tests.integration.citing import LEAGUE, ON_LEAGUE, SCHOLAR
from tests.integration.conftest import Archive
from tests.integration.written import thread

_LONGEST = 20  # seconds


def one_waits(engine: Engine) -> bool:
    if engine.dialect.name == "sqlite":
        sleep(0.2)  # it does not tell who waits
        return True
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with engine.connect() as connection:
        return bool(connection.scalar(text(waiting)))


def until(happened: Callable[[], bool]) -> None:
    end = monotonic() + _LONGEST
    while not happened() and monotonic() < end:
        sleep(0.02)


def test_a_tag_and_what_the_worker_finds_in_the_same_answer_are_both_stored(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.import_({"a.txt": thread(LEAGUE, ON_LEAGUE)}, public=True)
    row, maud_id = archive.answer(SCHOLAR), archive.add_moderator("maud").id
    engine = archive.session.get_bind()
    assert isinstance(engine, Engine)
    archive.session.rollback()
    held, citing_now = threading.Event(), threading.Event()

    def hold(session: Session, post: PublicId) -> PostRow:
        found = decisions.held_answer(session, post)
        held.set()
        until(lambda: citing_now.is_set() or one_waits(engine))
        return found

    def look_up_owners(session: Session, names: set[str]) -> dict[str, int]:
        if threading.current_thread().name.startswith("worker"):
            citing_now.set()
            until(lambda: one_waits(engine))
        return owners_of(session, names)

    monkeypatch.setattr(casting, "held_answer", hold)
    monkeypatch.setattr(citing, "owners_of", look_up_owners)

    def tag() -> None:
        with Session(engine, expire_on_commit=False) as session:
            cast(
                session,
                post=row.public_id,
                revision_id=row.revision_id,
                version=row.tag_version,
                said=Said(level=Level.CITED, seen=Sight.SUGGESTION),
                moderator=session.get_one(User, maud_id),
            )

    def assess() -> None:
        assert held.wait(_LONGEST)
        with Session(engine, expire_on_commit=False) as session:
            assess_some(session, after=0, limit=100)

    with ThreadPoolExecutor(1, "moderator") as moderator, ThreadPoolExecutor(1, "worker") as worker:
        acts = [moderator.submit(tag), worker.submit(assess)]
        for act in acts:
            act.result(60)
    assert archive.answer(SCHOLAR).level is Level.CITED
    assert archive.session.scalar(select(func.count()).select_from(StoredSuggestion)) == len(ON_LEAGUE)
    cited = select(Citation.start).where(Citation.revision_id == row.revision_id).order_by(Citation.start)
    starts = archive.session.scalars(cited).all()
    assert len(starts) == 2
    assert len({*starts}) == 2
