"""Imports that are ordered at the web: read in once, stopped and taken up again, whatever becomes of the worker."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from archive.domain.batch import BatchState, BatchStateError
from archive.services import jobs as jobs_module
from archive.services.ingest import chunks, orders
from archive.services.ingest.entering import Entering
from archive.services.ingest.publish import find_batch, roll_back
from archive.services.ingest.run import StopAskedError, run_batch
from archive.services.ingest.watching import Course, Progress
from archive.services.jobs import Jobs, WorkerEndsError
from archive.services.ledger import Actor
from archive.services.verify import find_faults
from archive.settings import Settings
from archive.store.engine import is_passing
from archive.store.file_lock import HeldError
from archive.store.import_lock import import_lock
from archive.store.ledger import LedgerEntry
from archive.store.users import User
from tests.databases import opened
from tests.integration.conftest import Archive
from tests.integration.contents import contents
from tests.integration.written import thread

FILES = {
    f"{number:02}.txt": thread(f"Question {number}?", [(f"someone_{number}", f"Answer {number}.")])
    for number in range(9)
}
POSTS = 2 * len(FILES)


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK_POSTS", 4)


def acts(archive: Archive) -> list[tuple[str, str]]:
    query = select(LedgerEntry.actor, LedgerEntry.act).where(LedgerEntry.subject.like("batch %"))
    return [(row.actor, row.act) for row in archive.session.execute(query.order_by(LedgerEntry.number))]


def stop_after(archive: Archive, batch: int, posts: int, by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have somebody press the button when so many posts are stored."""

    def report(_self: Jobs, _done: int, _whole: int, read: int) -> None:
        if read >= posts:
            orders.stop(archive.session, batch, by=by)

    monkeypatch.setattr(Jobs, "_end_if_told", report)


def test_a_batch_that_is_queued_twice_is_read_once(
    archive: Archive, jobs: Jobs, work_off: Callable[[], int], maud: Actor, progress: Callable[[int], Progress]
) -> None:
    batch = archive.receive(FILES)
    for _ in range(2):
        orders.start(archive.session, batch, by=maud, publish_it=False)
        jobs.read_in(batch)
    assert progress(batch).course is Course.WAITS
    assert work_off() == 2
    assert len(archive.posts()) == POSTS
    assert acts(archive) == [("command line", "receive"), ("maud", "start import"), ("maud", "import")]
    assert progress(batch).course is Course.ENDED


def test_an_order_to_publish_is_carried_out_by_the_worker(
    archive: Archive, jobs: Jobs, work_off: Callable[[], int], maud: Actor
) -> None:
    batch = archive.receive(FILES)
    orders.start(archive.session, batch, by=maud, publish_it=True)
    jobs.read_in(batch)
    work_off()
    assert find_batch(archive.session, batch).state is BatchState.PUBLISHED


def test_who_stops_an_import_stops_it_after_the_chunk_and_it_goes_on_to_the_same_archive(
    *,
    archive: Archive,
    jobs: Jobs,
    work_off: Callable[[], int],
    maud: Actor,
    progress: Callable[[int], Progress],
    monkeypatch: pytest.MonkeyPatch,
    make_user: Callable[..., User],
) -> None:
    batch = archive.receive(FILES)
    orders.start(archive.session, batch, by=maud, publish_it=False)
    jobs.read_in(batch)
    arno = Actor.of(make_user("arno", "archivist"))
    with monkeypatch.context() as patch:
        stop_after(archive, batch, 4, arno, patch)
        work_off()
    halfway = progress(batch)
    assert (halfway.course, halfway.stopped_by) == (Course.STOPPED, "arno")
    assert halfway.balance.read == len(archive.posts()) == 8
    assert acts(archive)[-1] == ("arno", "stop")
    assert not list(find_faults(archive.session, archive.vault, say=lambda _: None))

    orders.start(archive.session, batch, by=maud, publish_it=False)
    assert progress(batch).course is Course.WAITS
    assert not list(find_faults(archive.session, archive.vault, say=lambda _: None))
    jobs.read_in(batch)
    work_off()
    assert [act for _, act in acts(archive)] == ["receive", "start import", "stop", "start import", "import"]
    assert not list(find_faults(archive.session, archive.vault, say=lambda _: None))
    stopped = contents(archive.session)
    assert len(stopped["posts"]) == POSTS
    assert stopped["batches"][0][5]["read"] == POSTS


def test_an_import_at_the_command_line_is_stopped_from_the_web_and_goes_on_there(
    archive: Archive, maud: Actor, progress: Callable[[int], Progress]
) -> None:
    batch = archive.receive(FILES)

    def report(_done: int, _whole: int, read: int) -> None:
        if read == 4:
            orders.stop(archive.session, batch, by=maud)

    with pytest.raises(StopAskedError, match="maud stopped this import"):
        run_batch(archive.session, archive.vault, batch, by=Actor.of(None), progress=report)
    assert progress(batch).course is Course.STOPPED
    kept = len(archive.posts())
    with pytest.raises(StopAskedError):
        archive.read_in(batch)
    assert len(archive.posts()) == kept
    orders.go_on_here(archive.session, batch, by=Actor.of(None))
    assert archive.read_in(batch).balance.read == POSTS
    assert [act for _, act in acts(archive)] == ["receive", "stop", "start import", "import"]


def test_an_import_that_is_stopped_before_it_begins_does_not_begin(
    archive: Archive, jobs: Jobs, work_off: Callable[[], int], maud: Actor
) -> None:
    batch = archive.receive(FILES)
    orders.start(archive.session, batch, by=maud, publish_it=False)
    jobs.read_in(batch)
    for _ in range(2):
        orders.stop(archive.session, batch, by=maud)
    work_off()
    assert archive.posts() == []
    assert [act for _, act in acts(archive)] == ["receive", "start import", "stop"]
    assert find_batch(archive.session, batch).state is BatchState.RECEIVED


def test_what_nobody_ordered_or_what_is_complete_cannot_be_stopped(archive: Archive, maud: Actor) -> None:
    batch = archive.receive(FILES)
    for _ in range(2):
        with pytest.raises(BatchStateError, match="cannot stop it"):
            orders.stop(archive.session, batch, by=maud)
        if find_batch(archive.session, batch).state is BatchState.RECEIVED:
            archive.read_in(batch)


def test_a_worker_that_is_told_to_end_leaves_the_rest_to_the_next_one(
    archive: Archive, jobs: Jobs, work_off: Callable[[], int], maud: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = archive.receive(FILES)
    orders.start(archive.session, batch, by=maud, publish_it=False)
    jobs.read_in(batch)

    def end(_self: Jobs, _done: int, _whole: int, read: int) -> None:
        if read >= 4:
            raise WorkerEndsError

    with monkeypatch.context() as patch:
        patch.setattr(Jobs, "_end_if_told", end)
        work_off()
    assert len(archive.posts()) == 4
    jobs.look_for_work()
    assert work_off() == 1
    assert len(archive.posts()) == POSTS


def test_an_order_whose_job_was_lost_is_found(
    archive: Archive, jobs: Jobs, work_off: Callable[[], int], maud: Actor
) -> None:
    batches = [archive.receive({name: FILES[name]}) for name in sorted(FILES)[:2]]
    archive.receive({"08.txt": FILES["08.txt"]})  # nobody ordered it
    for batch in batches:
        orders.start(archive.session, batch, by=maud, publish_it=False)
    jobs.look_for_work()
    jobs.look_for_work()
    assert work_off() == 2
    assert [find_batch(archive.session, batch).state for batch in batches] == [BatchState.DRAFT] * 2
    jobs.look_for_work()
    assert work_off() == 0


def test_a_job_that_meets_another_import_is_tried_again(
    archive: Archive, jobs: Jobs, work_off: Callable[[], int], maud: Actor, progress: Callable[[int], Progress]
) -> None:
    batch = archive.receive(FILES)
    orders.start(archive.session, batch, by=maud, publish_it=False)
    jobs.read_in(batch)
    with import_lock(archive.session, archive.vault.folder, what="batch 99"):
        work_off()
        waiting = progress(batch)
        assert waiting.course is Course.WAITS
        assert (waiting.behind or "").startswith("batch 99,")
    assert jobs.queue.scheduled_count() == 1


def test_what_is_rolled_back_while_it_waits_is_not_read_in(
    archive: Archive, jobs: Jobs, work_off: Callable[[], int], maud: Actor
) -> None:
    batch = archive.receive(FILES)
    orders.start(archive.session, batch, by=maud, publish_it=False)
    jobs.read_in(batch)
    roll_back(archive.session, batch, reason="", by=maud)
    assert work_off() == 1
    assert archive.posts() == []


def test_a_fault_of_the_program_is_told_and_not_repeated(
    *,
    archive: Archive,
    jobs: Jobs,
    work_off: Callable[[], int],
    maud: Actor,
    progress: Callable[[int], Progress],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = archive.receive(FILES)
    orders.start(archive.session, batch, by=maud, publish_it=False)
    jobs.read_in(batch)

    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(jobs_module, "run_batch", fail)
        work_off()
    failed = progress(batch)
    assert (failed.course, failed.failure) == (Course.FAILED, "A fault of the program, which is in its log.")
    jobs.look_for_work()
    assert work_off() == 0


@pytest.mark.parametrize("place", ["ordered", "enter"])
def test_an_import_that_finds_the_database_busy_or_away_is_taken_up_again(
    *,
    archive: Archive,
    jobs: Jobs,
    work_off: Callable[[], int],
    maud: Actor,
    progress: Callable[[int], Progress],
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    batch = archive.receive(FILES)
    orders.start(archive.session, batch, by=maud, publish_it=False)

    def refuse(*_: Any, **__: Any) -> None:
        raise OperationalError("", {}, Exception("database is locked"))

    with monkeypatch.context() as patch:
        patch.setattr(orders if place == "ordered" else Entering, place, refuse)
        for tried in range(1, 8):
            jobs.read_in(batch)
            work_off()
            assert jobs.queue.scheduled_count() == tried
    waiting = progress(batch)
    assert (waiting.course, waiting.failure) == (Course.WAITS, None)
    archive.session.rollback()
    jobs.read_in(batch)
    work_off()
    assert progress(batch).course is Course.ENDED


@pytest.mark.parametrize("place", ["ordered", "enter"])
def test_an_import_that_the_database_refuses_for_good_is_told_why(
    *,
    archive: Archive,
    jobs: Jobs,
    work_off: Callable[[], int],
    maud: Actor,
    progress: Callable[[int], Progress],
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    batch = archive.receive(FILES)
    orders.start(archive.session, batch, by=maud, publish_it=False)

    def refuse(*_: Any, **__: Any) -> None:
        raise OperationalError("", {}, Exception("database or disk is full"))

    monkeypatch.setattr(orders if place == "ordered" else Entering, place, refuse)
    jobs.read_in(batch)
    work_off()
    failed = progress(batch)
    assert (failed.course, failed.failure) == (Course.FAILED, "database or disk is full.")
    assert jobs.queue.scheduled_count() == 0


@pytest.mark.database("postgresql")
def test_what_an_import_meets_where_the_server_is_away_or_goes_away_is_known_to_pass(settings: Settings) -> None:
    with opened("postgresql://nobody@127.0.0.1:1/nothing") as away:
        with pytest.raises(OperationalError) as refused, away.connect():
            pass
        assert is_passing(refused.value)
    with opened(settings.database_url) as engine:
        with engine.connect() as victim, engine.connect() as other:
            number = victim.scalar(text("SELECT pg_backend_pid()"))
            other.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number})
            with pytest.raises(OperationalError) as cut:
                victim.execute(text("SELECT 1"))
            victim.invalidate()
        assert is_passing(cut.value)
        with pytest.raises(ProgrammingError) as wrong, engine.connect() as connection:
            connection.execute(text("SELECT nothing"))
        assert not is_passing(wrong.value)


def test_an_import_that_ends_its_workers_at_one_place_is_given_up_and_can_be_ordered_again(
    *,
    archive: Archive,
    jobs: Jobs,
    work_off: Callable[[], int],
    maud: Actor,
    progress: Callable[[int], Progress],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = archive.receive(FILES)
    orders.start(archive.session, batch, by=maud, publish_it=False)

    def end(*_: object) -> None:
        raise WorkerEndsError  # as good as a kill: nothing is written

    with monkeypatch.context() as patch:
        patch.setattr(Jobs, "_end_if_told", end)
        for _ in range(7):
            jobs.read_in(batch)
            work_off()
    failed = progress(batch)
    assert (failed.course, failed.failure) == (
        Course.FAILED,
        "The worker ended 5 times at the same place, perhaps for want of memory.",
    )
    orders.start(archive.session, batch, by=maud, publish_it=False)
    jobs.read_in(batch)
    work_off()
    assert progress(batch).course is Course.ENDED


def test_an_order_stands_even_where_the_queue_cannot_be_written(
    archive: Archive, jobs: Jobs, work_off: Callable[[], int], maud: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pysqlite3.dbapi2

    def locked(*_: object, **__: object) -> None:
        raise pysqlite3.dbapi2.OperationalError("database is locked")

    batch = archive.receive(FILES)
    orders.start(archive.session, batch, by=maud, publish_it=False)
    with monkeypatch.context() as patch:
        patch.setattr(jobs.queue.storage, "enqueue", locked)
        jobs.read_in(batch)
        jobs.look_for_work()
    assert work_off() == 0
    jobs.look_for_work()
    assert work_off() == 1
    assert len(archive.posts()) == POSTS


def test_there_is_one_worker_at_a_time(archive: Archive, jobs: Jobs, settings: Settings) -> None:
    assert not jobs.has_worker()
    other = Jobs(data=settings.data, database_url=settings.database_url, vault=archive.vault, import_folder=None)
    with jobs.alone():
        assert other.has_worker()
        with pytest.raises(HeldError, match="a worker, process"), other.alone():
            pass
    assert not jobs.has_worker()
    other.queue.storage.close()


def test_jobs_are_kept_as_json_and_hold_no_more_than_a_name_and_a_number(jobs: Jobs) -> None:
    jobs.read_in(7)
    (kept,) = jobs.queue.storage.enqueued_items()
    assert bytes(kept).startswith(b"{")
    assert b'"args": [7]' in bytes(kept)


def test_the_queue_goes_through_the_sqlite_of_the_program(jobs: Jobs) -> None:
    import pysqlite3.dbapi2

    assert isinstance(jobs.queue.storage.conn, pysqlite3.dbapi2.Connection)
    (version,) = jobs.queue.storage.sql("SELECT sqlite_version()", results=True)[0]
    assert version == pysqlite3.dbapi2.sqlite_version
