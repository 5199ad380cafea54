"""Publishing, rolling back, correcting at the same time: the second waits, and decides on what the first left."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic, sleep

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from archive.domain.batch import BatchStateError
from archive.domain.records import LineReading
from archive.services.ingest.correct import correct
from archive.services.ingest.publish import publish, roll_back
from archive.services.transaction import writing
from archive.store.batches import list_inputs
from tests.integration.conftest import BY, Archive
from tests.integration.written import DYKES, DYKES_FILE, ON_DYKES, RUSTICUS, SALT_FILE, thread

Act = Callable[[Session, int], None]
CHANGED = thread(DYKES, [ON_DYKES[0], (RUSTICUS, "The comital accounts name every gulden.")])


def publishing(session: Session, batch: int) -> None:
    publish(session, batch, by=BY)


def rolling_back(session: Session, batch: int) -> None:
    roll_back(session, batch, reason="", by=BY)


ACTS: dict[str, Act] = {"publish": publishing, "roll back": rolling_back}


@pytest.fixture
def engine(archive: Archive) -> Engine:
    engine = archive.session.get_bind()
    assert isinstance(engine, Engine)
    return engine


@dataclass(frozen=True, slots=True)
class HeldCommit:
    """Where the thread named “first” stands: all is done but its commit, or it may go on."""

    reached: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def held_commit(monkeypatch: pytest.MonkeyPatch) -> HeldCommit:
    """Lets the thread named “first” do all of its work, and commit only when it may go on."""
    held = HeldCommit()

    @contextmanager
    def slow(session: Session) -> Iterator[None]:
        with writing(session):
            yield
            if threading.current_thread().name == "first":
                held.reached.set()
                assert held.go_on.wait(20)

    monkeypatch.setattr("archive.services.ingest.publish.writing", slow)
    monkeypatch.setattr("archive.services.ingest.correct.writing", slow)
    return held


def waits_for_a_lock(engine: Engine) -> bool:
    if engine.dialect.name == "sqlite":
        sleep(0.2)  # it does not tell who waits
        return True
    with engine.connect() as connection:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(connection.scalar(text(waiting)))


def at_once(
    engine: Engine, held: HeldCommit, first: Callable[[Session], None], second: Callable[[Session], None]
) -> list[str]:
    """What came of both, the second begun when the first has done everything but its commit."""
    came: dict[str, str] = {}

    def run(act: Callable[[Session], None]) -> None:
        with Session(engine, expire_on_commit=False) as session:
            try:
                act(session)
            except BatchStateError as error:
                came[threading.current_thread().name] = str(error)
            else:
                came[threading.current_thread().name] = "done"

    threads = [
        threading.Thread(target=run, args=(act,), name=name)
        for name, act in zip(("first", "second"), (first, second), strict=True)
    ]
    threads[0].start()
    assert held.reached.wait(20)
    threads[1].start()
    until = monotonic() + 20
    while not waits_for_a_lock(engine) and monotonic() < until:
        sleep(0.02)
    held.go_on.set()
    for one in threads:
        one.join(30)
    return [came.get("first", "nothing"), came.get("second", "nothing")]


def shown(archive: Archive) -> tuple[int, int, int]:
    """Public revisions, current ones, and public threads."""
    archive.session.rollback()
    counts = ("revision WHERE public", "revision WHERE is_current", "thread WHERE public")
    revisions, current, threads = (archive.session.scalar(text(f"SELECT count(*) FROM {what}")) for what in counts)
    return revisions or 0, current or 0, threads or 0


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ("publish", "publish", "is published, so you cannot publish it"),
        ("publish", "roll back", None),
        ("roll back", "publish", "is rolled back, so you cannot publish it"),
        ("roll back", "roll back", "is rolled back, so you cannot roll it back"),
    ],
)
def test_of_two_acts_on_one_batch_the_second_meets_what_the_first_left(
    *, archive: Archive, engine: Engine, held_commit: HeldCommit, first: str, second: str, refused: str | None
) -> None:
    batch = archive.import_({"a.txt": DYKES_FILE}).batch
    archive.session.rollback()
    came = at_once(
        engine, held_commit, lambda session: ACTS[first](session, batch), lambda session: ACTS[second](session, batch)
    )
    assert came[0] == "done"
    assert (refused in came[1]) if refused else came[1] == "done"
    expected = (0, 0, 0) if "roll back" in (first, second) else (3, 3, 1)
    assert shown(archive) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("publish", "draft"), ("roll back", "public"), (6, 6, 2)),
        (("roll back", "public"), ("publish", "draft"), (6, 6, 2)),
        (("roll back", "public"), ("roll back", "draft"), (0, 0, 0)),
        (("publish", "draft"), ("publish", "newer"), (7, 6, 2)),
        (("publish", "newer"), ("publish", "draft"), (7, 6, 2)),
    ],
)
def test_two_batches_that_share_posts_leave_what_one_after_the_other_would(
    *,
    archive: Archive,
    engine: Engine,
    held_commit: HeldCommit,
    first: tuple[str, str],
    second: tuple[str, str],
    expected: tuple[int, int, int],
) -> None:
    batches = {
        "draft": archive.import_({"a.txt": DYKES_FILE, "b.txt": SALT_FILE}).batch,
        "public": archive.import_({"b.txt": SALT_FILE, "a.txt": DYKES_FILE}, public=True).batch,
        "newer": archive.import_({"c.txt": CHANGED}).batch,
    }
    archive.session.rollback()
    came = at_once(
        engine,
        held_commit,
        lambda session: ACTS[first[0]](session, batches[first[1]]),
        lambda session: ACTS[second[0]](session, batches[second[1]]),
    )
    assert came == ["done", "done"]
    assert shown(archive) == expected


def test_of_two_who_correct_lines_of_one_file_neither_overwrites_the_other(
    archive: Archive, engine: Engine, held_commit: HeldCommit
) -> None:
    batch = archive.receive({"a.txt": DYKES_FILE})
    archive.session.rollback()

    def correcting(offset: int) -> Callable[[Session], None]:
        return lambda session: correct(session, batch, {(0, offset): LineReading.NAME}, by=BY)

    assert at_once(engine, held_commit, correcting(20), correcting(30)) == ["done", "done"]
    archive.session.rollback()
    archive.session.expire_all()
    (file,) = list_inputs(archive.session, batch)
    assert file.corrections == {"20": "name", "30": "name"}
