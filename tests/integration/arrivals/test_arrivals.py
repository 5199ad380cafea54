"""What is received in the background: files of the import folder, and nothing else of the disk."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from archive.domain.records import Markup
from archive.services import jobs as jobs_module
from archive.services.ingest import arrivals, import_folder, uploads
from archive.services.ingest.arrivals import Order
from archive.services.ingest.import_folder import NotInFolderError, list_folder, open_watched
from archive.services.ingest.publish import find_batch
from archive.services.ingest.receive import NothingReceivedError
from archive.services.jobs import Jobs, WorkerEndsError
from archive.services.ledger import Actor
from archive.settings import Settings
from archive.store.arrivals import Arrival, Upload
from archive.store.batches import BatchInput
from archive.store.ledger import LedgerEntry
from tests.databases import opened
from tests.integration.conftest import COLLECTION, Archive
from tests.integration.written import BELLS_FILE, DYKES_FILE, SALT_FILE, with_large_window


def test_the_folder_lists_files_and_folders_and_no_link_or_hidden_file(folder: Path) -> None:
    entries = [(entry.name, entry.is_folder, entry.files, entry.size) for entry in list_folder(folder).entries]
    assert entries == [
        ("dykes.txt", False, 1, len(DYKES_FILE.encode())),
        ("letters", True, 1, len(SALT_FILE.encode())),
    ]


def test_files_and_folders_are_received_by_a_worker_under_their_own_names(
    archive: Archive, order: Callable[..., int], received: Callable[[int], list[BatchInput]]
) -> None:
    inputs = received(order("letters", "dykes.txt"))
    assert [input_.name for input_ in inputs] == ["letters/salt.txt", "dykes.txt"]
    imported = archive.read_in(inputs[0].batch_id)
    assert (imported.balance.added, imported.balance.skipped) == (6, 1)  # the link in the folder is left out
    query = select(LedgerEntry.actor, LedgerEntry.act).order_by(LedgerEntry.number)
    assert [tuple(row) for row in archive.session.execute(query)][-3:-1] == [
        ("maud", "order receipt"),
        ("maud", "receive"),
    ]


@pytest.mark.parametrize("room", [False, True])
def test_a_worker_unpacks_a_large_window_where_the_server_has_room(
    archive: Archive, settings: Settings, folder: Path, maud: Actor, room: bool
) -> None:
    (folder / "dump.zst").write_bytes(with_large_window(DYKES_FILE.encode()))
    jobs = Jobs(
        data=settings.data,
        database_url=settings.database_url,
        vault=archive.vault,
        import_folder=folder,
        large_window=room,
    )
    wanted = Order(collection=COLLECTION, format_name="auto", markup=Markup.PLAIN, folder_names=("dump.zst",))
    arrival = arrivals.order_receipt(archive.session, jobs.places, wanted, by=maud)
    jobs.receiving.call_local(arrival)
    jobs.queue.storage.close()
    archive.session.rollback()
    batch = arrivals.find_arrival(archive.session, arrival).batch_id
    assert batch is not None
    assert archive.read_in(batch).balance.added == (3 if room else 0)


@pytest.mark.parametrize(
    "name",
    ["../secret.txt", "out.txt", "outside", "outside/secret.txt", "letters/salt.txt", ".hidden", "..", ".", "", "/etc"],
)
def test_no_link_and_no_dots_lead_out_of_the_folder(order: Callable[..., int], name: str) -> None:
    with pytest.raises(NotInFolderError, match="does not lie in the import folder"):
        order(name)


def test_a_file_that_becomes_a_link_before_it_is_received_is_not_followed(
    archive: Archive, jobs: Jobs, folder: Path, tmp_path: Path, order: Callable[..., int]
) -> None:
    arrival = order("dykes.txt")
    (folder / "dykes.txt").unlink()
    (folder / "dykes.txt").symlink_to(tmp_path / "secret.txt")
    jobs.receiving.call_local(arrival)
    archive.session.rollback()
    found = arrivals.find_arrival(archive.session, arrival)
    assert found.batch_id is None
    assert "does not lie in the import folder" in (found.failure or "")


def test_a_link_is_not_opened_even_if_it_takes_the_place_of_a_file_at_the_last_moment(folder: Path) -> None:
    with open_watched(folder / "dykes.txt", lambda _: None) as file:
        assert file.read() == DYKES_FILE.encode()
    with pytest.raises(OSError, match="symbolic link"):
        open_watched(folder / "out.txt", lambda _: None)


def test_what_could_not_be_received_is_received_when_somebody_tries_again(
    archive: Archive, jobs: Jobs, folder: Path, order: Callable[..., int], maud: Actor
) -> None:
    arrival = order("dykes.txt")
    (folder / "dykes.txt").rename(folder / "elsewhere.txt")
    jobs.receiving.call_local(arrival)
    (folder / "elsewhere.txt").rename(folder / "dykes.txt")
    jobs.receiving.call_local(arrival)
    archive.session.rollback()
    assert arrivals.find_arrival(archive.session, arrival).batch_id is None
    arrivals.try_again(archive.session, arrival, by=maud)
    jobs.receiving.call_local(arrival)
    archive.session.rollback()
    assert arrivals.find_arrival(archive.session, arrival).batch_id is not None


def test_what_is_picked_twice_is_received_once(
    order: Callable[..., int], received: Callable[[int], list[BatchInput]]
) -> None:
    assert [input_.name for input_ in received(order("dykes.txt", "dykes.txt"))] == ["dykes.txt"]


def test_what_is_taken_out_of_the_folder_while_it_is_listed_is_no_fault(
    folder: Path, order: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    find = import_folder._named

    def find_and_take_away(folder_: Path | None) -> Iterator[tuple[str, Path]]:
        found = [*find(folder_)]
        (folder / "dykes.txt").unlink(missing_ok=True)
        yield from {**dict(found), "dykes.txt": folder / "dykes.txt"}.items()

    monkeypatch.setattr(import_folder, "_named", find_and_take_away)
    assert [entry.name for entry in list_folder(folder).entries] == ["letters"]
    with pytest.raises(NotInFolderError):
        order("dykes.txt")


def test_without_an_import_folder_nothing_can_be_picked(archive: Archive, jobs: Jobs, maud: Actor) -> None:
    jobs.places = replace(jobs.places, import_folder=None)
    assert list_folder(None).entries == []
    nothing = Order(collection=COLLECTION, format_name="auto", markup=Markup.PLAIN)
    with pytest.raises(NotInFolderError):
        arrivals.order_receipt(archive.session, jobs.places, replace(nothing, folder_names=["dykes.txt"]), by=maud)
    with pytest.raises(NothingReceivedError):
        arrivals.order_receipt(archive.session, jobs.places, nothing, by=maud)


def test_a_worker_that_ends_while_it_receives_leaves_it_to_the_next_one(
    archive: Archive,
    jobs: Jobs,
    order: Callable[..., int],
    received: Callable[[int], list[BatchInput]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arrival = order("dykes.txt")

    def end(*_: object) -> None:
        raise WorkerEndsError

    with monkeypatch.context() as patch:
        patch.setattr(Jobs, "_end_if_told", end)
        jobs.receiving.call_local(arrival)
    assert not list(archive.vault.hashes())
    archive.session.rollback()
    assert arrivals.list_waiting(archive.session, jobs.places) == [arrival]
    archive.session.rollback()
    jobs.look_for_work()
    assert jobs.queue.pending_count() == 1
    assert len(received(arrival)) == 1


def test_what_was_received_by_a_worker_that_was_killed_before_it_said_so_is_one_batch(
    archive: Archive,
    jobs: Jobs,
    order: Callable[..., int],
    received: Callable[[int], list[BatchInput]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arrival = order("dykes.txt")

    def die(*_: object) -> list[str]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(uploads, "forget", die)
        patch.setattr(jobs_module.arrivals, "note_failure", lambda *_: None)
        with pytest.raises(KeyboardInterrupt):
            jobs.receiving.call_local(arrival)
    (input_,) = received(arrival)
    assert input_.batch_id == 1


def test_an_upload_in_pieces_is_received_like_any_other(
    archive: Archive,
    jobs: Jobs,
    order: Callable[..., int],
    received: Callable[[int], list[BatchInput]],
    send: Callable[[str, bytes], str],
) -> None:
    tokens = (send("bells.txt", BELLS_FILE.encode()), send("salt.txt", SALT_FILE.encode()))
    inputs = received(order("dykes.txt", tokens=tokens))
    assert [input_.name for input_ in inputs] == ["dykes.txt", "bells.txt", "salt.txt"]
    assert [input_.size for input_ in inputs[1:]] == [len(BELLS_FILE.encode()), len(SALT_FILE.encode())]
    assert list(jobs.places.uploads.iterdir()) == []
    assert archive.session.scalars(select(Upload)).all() == []
    assert find_batch(archive.session, inputs[0].batch_id).sheet.bytes_received == sum(i.size for i in inputs)


def test_an_upload_whose_bytes_cannot_be_read_is_not_left_out_and_forgotten(
    archive: Archive,
    jobs: Jobs,
    *,
    order: Callable[..., int],
    received: Callable[[int], list[BatchInput]],
    send: Callable[[str, bytes], str],
    maud: Actor,
) -> None:
    tokens = (send("bells.txt", BELLS_FILE.encode()), send("salt.txt", SALT_FILE.encode()))
    arrival = order(tokens=tokens)
    kept = jobs.places.uploads / tokens[1]
    kept.rename(kept.with_name("away"))
    jobs.receiving.call_local(arrival)
    archive.session.rollback()
    found = arrivals.find_arrival(archive.session, arrival)
    assert found.batch_id is None
    assert found.failure == "“salt.txt”, as it was sent, cannot be read: No such file or directory."
    kept.with_name("away").rename(kept)
    arrivals.try_again(archive.session, arrival, by=maud)
    archive.session.rollback()
    assert [input_.name for input_ in received(arrival)] == ["bells.txt", "salt.txt"]


def _die(*_: object, **__: object) -> None:
    """End as a worker that is killed: nothing is written any more."""
    raise SystemExit


def test_what_kills_three_workers_has_failed_and_is_received_when_somebody_tries_again(
    *,
    archive: Archive,
    jobs: Jobs,
    order: Callable[..., int],
    received: Callable[[int], list[BatchInput]],
    maud: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arrival = order("dykes.txt")
    with monkeypatch.context() as patch:
        patch.setattr(arrivals, "receive_files", _die)
        patch.setattr(arrivals, "note_failure", lambda *_: None)
        for _ in range(3):
            with pytest.raises(SystemExit):
                jobs.receiving.call_local(arrival)
    jobs.receiving.call_local(arrival)
    archive.session.rollback()
    failure = arrivals.find_arrival(archive.session, arrival).failure or ""
    assert failure.startswith("The worker ended 3 times while it received this, perhaps for want of memory")
    assert arrivals.list_waiting(archive.session, jobs.places) == []
    arrivals.try_again(archive.session, arrival, by=maud)
    assert len(received(arrival)) == 1


@pytest.mark.parametrize("error", [WorkerEndsError(), OperationalError("", {}, Exception("database is locked"))])
def test_what_a_worker_leaves_to_the_next_one_in_order_is_no_try(
    archive: Archive, jobs: Jobs, order: Callable[..., int], error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrival = order("dykes.txt")

    def end(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(arrivals, "receive_files", end)
    for _ in range(5):
        jobs.receiving.call_local(arrival)
    archive.session.rollback()
    found = arrivals.find_arrival(archive.session, arrival)
    assert (found.failure, found.tries, found.began_at) == (None, 0, None)


def test_what_the_database_refuses_for_good_is_told_and_not_tried_for_ever(
    archive: Archive, jobs: Jobs, order: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    arrival = order("dykes.txt")

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("", {}, Exception("database or disk is full"))

    monkeypatch.setattr(arrivals, "receive_files", refuse)
    jobs.receiving.call_local(arrival)
    archive.session.rollback()
    assert arrivals.find_arrival(archive.session, arrival).failure == "database or disk is full."
    assert jobs.queue.scheduled_count() == 0


def test_two_who_try_again_at_once_have_it_tried_once(
    *,
    archive: Archive,
    jobs: Jobs,
    settings: Settings,
    order: Callable[..., int],
    maud: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    arrival = order("dykes.txt")
    arrivals.note_failure(archive.session, arrival, "The disk is full.")
    others: list[Future[None]] = []

    def try_again_elsewhere() -> None:
        with Session(engine) as session:
            arrivals.try_again(session, arrival, by=maud)

    with opened(settings.database_url) as engine, ThreadPoolExecutor(1) as threads:
        find = arrivals.find_arrival

        def find_while_another_asks(*given: Any, **named: Any) -> Arrival:
            found = find(*given, **named)
            if not others:
                others.append(threads.submit(try_again_elsewhere))
                wait(others, 1)
            return found

        monkeypatch.setattr(arrivals, "find_arrival", find_while_another_asks)
        arrivals.try_again(archive.session, arrival, by=maud)
        others[0].result()
    archive.session.rollback()
    again = select(func.count()).where(LedgerEntry.detail == '{"again":true}')
    assert archive.session.scalar(again) == 1
