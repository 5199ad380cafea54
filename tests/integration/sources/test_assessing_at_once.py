"""A moderator tags an answer while the worker stores what it found in it: both are stored, whoever comes first."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from threading import Event
from time import sleep

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from archive.domain.assessment import ENGINE
from archive.domain.ids import PublicId
from archive.domain.source_quality import Level
from archive.services import assess
from archive.services.bench import cast as casting
from archive.services.bench.cast import Said, Sight, cast
from archive.services.decisions import held_answer
from archive.services.ingest.publish import roll_back
from archive.services.transaction import writing
from archive.services.verify import find_faults
from archive.store.pages import PostRow
from archive.store.sources import Citation
from archive.store.tags import StoredSuggestion
from archive.store.unassessed import unassessed
from archive.store.users import User
from tests.databases import opened
from tests.integration.conftest import BY, Archive
from tests.integration.test_publishing_at_once import waits_for_a_lock
from tests.integration.written import thread

PATIENCE_S = 20
CITING = "It is all explained at https://example.org/dykes in some detail."
TEXTS = {"citing": CITING, "citing nothing": "They were paid for by those who lived behind them, each by his share."}


@pytest.fixture(params=TEXTS.values(), ids=TEXTS)
def published(request: pytest.FixtureRequest, archive: Archive) -> int:
    answers = [(f"author_{number}", f"{request.param} This is number {number}.") for number in range(3)]
    return archive.import_({"dykes.txt": thread("Who paid for the dykes?", answers)}, public=True).batch


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with opened(database_url) as engine:
        yield engine


@pytest.fixture
def tag(archive: Archive, engine: Engine) -> Callable[[], None]:
    """Tag one of the answers, over a connection of its own."""
    row, maud_id = archive.answer("author_1"), archive.add_moderator("maud").id
    archive.session.rollback()

    def tag() -> None:
        with Session(engine, expire_on_commit=False) as session:
            cast(
                session,
                post=row.public_id,
                revision_id=row.revision_id,
                version=0,
                said=Said(level=Level.CITED, seen=Sight.MARKS),
                moderator=session.get_one(User, maud_id),
            )

    return tag


@pytest.fixture
def store(engine: Engine) -> Callable[[], None]:
    """Store what is found in all answers, over a connection of its own."""

    def store() -> None:
        with Session(engine, expire_on_commit=False) as session:
            assess.store(session, unassessed(session, ENGINE, after=0, limit=10), ENGINE)

    return store


def wait_until_held_or_done(engine: Engine, done: Future[None]) -> None:
    while not done.done() and not waits_for_a_lock(engine):
        sleep(0.01)


def check_both_are_stored(archive: Archive) -> None:
    archive.session.rollback()
    assert archive.answer("author_1").level is Level.CITED
    assert archive.session.scalar(select(func.count()).select_from(StoredSuggestion)) == 3
    citing = CITING in archive.answer("author_1").text
    assert archive.session.scalar(select(func.count()).select_from(Citation)) == (3 if citing else 0)
    assert [*find_faults(archive.session, archive.vault, say=lambda _: None)] == []


@pytest.mark.usefixtures("published")
def test_a_tag_waits_for_the_worker_that_stores_the_same_answer(
    archive: Archive,
    engine: Engine,
    tag: Callable[[], None],
    store: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached, go_on = Event(), Event()

    @contextmanager
    def held(session: Session) -> Iterator[None]:
        with writing(session):
            yield
            reached.set()
            assert go_on.wait(PATIENCE_S)

    monkeypatch.setattr(assess, "writing", held)
    with ThreadPoolExecutor(2) as pool:
        stored = pool.submit(store)
        assert reached.wait(PATIENCE_S)
        tagged = pool.submit(tag)
        wait_until_held_or_done(engine, tagged)
        go_on.set()
        for done in wait([stored, tagged], timeout=PATIENCE_S).done:
            done.result()
    check_both_are_stored(archive)


@pytest.mark.usefixtures("published")
def test_the_worker_waits_for_a_tag_that_holds_the_same_answer(
    archive: Archive,
    engine: Engine,
    tag: Callable[[], None],
    store: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached, go_on = Event(), Event()

    def held(session: Session, public_id: PublicId) -> PostRow:
        row = held_answer(session, public_id)
        reached.set()
        assert go_on.wait(PATIENCE_S)
        return row

    monkeypatch.setattr(casting, "held_answer", held)
    with ThreadPoolExecutor(2) as pool:
        tagged = pool.submit(tag)
        assert reached.wait(PATIENCE_S)
        stored = pool.submit(store)
        wait_until_held_or_done(engine, stored)
        go_on.set()
        for done in wait([stored, tagged], timeout=PATIENCE_S).done:
            done.result()
    check_both_are_stored(archive)


def test_the_worker_waits_for_a_roll_back_and_stores_nothing_then(
    archive: Archive,
    engine: Engine,
    published: int,
    store: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached, go_on = Event(), Event()

    @contextmanager
    def held(session: Session) -> Iterator[None]:
        with writing(session):
            yield
            reached.set()
            assert go_on.wait(PATIENCE_S)

    def withdraw() -> None:
        with Session(engine, expire_on_commit=False) as session:
            roll_back(session, published, reason="", by=BY)

    monkeypatch.setattr("archive.services.ingest.publish.writing", held)
    with ThreadPoolExecutor(2) as pool:
        withdrawn = pool.submit(withdraw)
        assert reached.wait(PATIENCE_S)
        stored = pool.submit(store)
        wait_until_held_or_done(engine, stored)
        go_on.set()
        for done in wait([stored, withdrawn], timeout=PATIENCE_S).done:
            done.result()
    archive.session.rollback()
    assert archive.session.scalar(select(func.count()).select_from(StoredSuggestion)) == 0
    assert [*find_faults(archive.session, archive.vault, say=lambda _: None)] == []
