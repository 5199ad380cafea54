"""What is received in the background: files of the import folder, and nothing else of the disk; uploads in pieces."""

import os
import resource
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import ClientDisconnected

from archive import clock
from archive.domain.records import Markup
from archive.services import jobs as jobs_module
from archive.services.ingest import arrivals, import_folder, uploads
from archive.services.ingest.import_folder import NotInFolderError, list_folder, open_watched
from archive.services.ingest.publish import find_batch
from archive.services.ingest.receive import NothingReceivedError
from archive.services.ingest.uploads import PieceOutOfPlaceError, UploadError
from archive.services.jobs import Jobs, WorkerEndsError
from archive.services.ledger import Actor
from archive.settings import Settings
from archive.store.arrivals import Upload
from archive.store.batches import BatchInput, list_inputs
from archive.store.ledger import LedgerEntry
from archive.store.opening import open_engine
from archive.store.users import User
from tests.integration.conftest import COLLECTION, Archive
from tests.integration.written import BELLS_FILE, DYKES_FILE, SALT_FILE

MOST = 64 * 1024


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An import folder, with something beside it that is nobody's business."""
    (tmp_path / "secret.txt").write_text("Who may read this?\n\nby a\nb\n\nNobody.\n")
    folder = tmp_path / "import"
    (folder / "letters").mkdir(parents=True)
    (folder / "letters" / "salt.txt").write_text(SALT_FILE)
    (folder / "letters" / "out").symlink_to(tmp_path / "secret.txt")
    (folder / "dykes.txt").write_text(DYKES_FILE)
    (folder / "out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "outside").symlink_to(tmp_path)
    (folder / ".hidden").write_text("hidden")
    return folder


@pytest.fixture
def jobs(archive: Archive, settings: Settings, folder: Path) -> Iterator[Jobs]:
    jobs = Jobs(data=settings.data, database_url=settings.database_url, vault=archive.vault, import_folder=folder)
    yield jobs
    jobs.queue.storage.close()


@pytest.fixture
def maud(make_user: Callable[..., User]) -> Actor:
    return Actor.of(make_user("maud", "archivist"))


@pytest.fixture
def order(archive: Archive, jobs: Jobs, maud: Actor) -> Callable[..., int]:
    """Have something received: the number of the arrival."""

    def order(*names: str, tokens: tuple[str, ...] = ()) -> int:
        arrival = arrivals.order_receipt(
            archive.session,
            jobs.places,
            folder_names=names,
            tokens=tokens,
            collection=COLLECTION,
            format_name="auto",
            markup=Markup.PLAIN,
            by=maud,
        )
        archive.session.rollback()
        return arrival

    return order


@pytest.fixture
def received(archive: Archive, jobs: Jobs) -> Callable[[int], list[BatchInput]]:
    """What the batch has that a worker makes of an arrival."""

    def received(arrival: int) -> list[BatchInput]:
        jobs.receiving.call_local(arrival)
        archive.session.rollback()
        found = arrivals.find_arrival(archive.session, arrival)
        assert found.failure is None
        assert found.batch_id is not None
        assert found.done_bytes <= found.size
        return list(list_inputs(archive.session, found.batch_id))

    return received


@pytest.fixture
def send(archive: Archive, jobs: Jobs, maud: Actor) -> Callable[[str, bytes], str]:
    """Send a file in pieces: its token."""

    def send(name: str, content: bytes) -> str:
        begun = begin(archive, jobs, name, len(content), maud)
        have = begun.have
        while have < len(content):
            piece = BytesIO(content[have : have + 100])
            have = uploads.add_piece(archive.session, jobs.places.uploads, begun.token, piece, offset=have, by=maud)
        return begun.token

    return send


def begin(archive: Archive, jobs: Jobs, name: str, size: int, by: Actor, *, modified: int = 1) -> uploads.Begun:
    return uploads.begin(
        archive.session, jobs.places.uploads, name=name, size=size, modified=modified, most_bytes=MOST, by=by
    )


def test_the_folder_lists_files_and_folders_and_no_link_or_hidden_file(folder: Path) -> None:
    entries = [(entry.name, entry.is_folder, entry.files, entry.size) for entry in list_folder(folder)]
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
    find = import_folder._paths

    def find_and_take_away(folder_: Path | None) -> dict[str, Path]:
        found = find(folder_)
        (folder / "dykes.txt").unlink(missing_ok=True)
        return {**found, "dykes.txt": folder / "dykes.txt"}

    monkeypatch.setattr(import_folder, "_paths", find_and_take_away)
    assert [entry.name for entry in list_folder(folder)] == ["letters"]
    with pytest.raises(NotInFolderError):
        order("dykes.txt")


def test_without_an_import_folder_nothing_can_be_picked(archive: Archive, jobs: Jobs, maud: Actor) -> None:
    jobs.places = replace(jobs.places, import_folder=None)
    assert list_folder(None) == []
    how = {"collection": COLLECTION, "format_name": "auto", "markup": Markup.PLAIN, "by": maud}
    with pytest.raises(NotInFolderError):
        arrivals.order_receipt(archive.session, jobs.places, folder_names=["dykes.txt"], tokens=[], **how)
    with pytest.raises(NothingReceivedError):
        arrivals.order_receipt(archive.session, jobs.places, folder_names=[], tokens=[], **how)


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
    assert arrivals.list_waiting(archive.session) == [arrival]
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


def test_an_upload_goes_on_where_it_was_lost(archive: Archive, jobs: Jobs, maud: Actor) -> None:
    token = begin(archive, jobs, "bells.txt", 300, maud).token
    add = uploads.add_piece
    assert add(archive.session, jobs.places.uploads, token, BytesIO(b"x" * 200), offset=0, by=maud) == 200
    assert begin(archive, jobs, "bells.txt", 300, maud) == uploads.Begun(token, 200)
    assert begin(archive, jobs, "bells.txt", 300, maud, modified=2).have == 0  # another file of that name
    for wrong in (0, 100, 300):
        with pytest.raises(PieceOutOfPlaceError) as caught:
            add(archive.session, jobs.places.uploads, token, BytesIO(b"y"), offset=wrong, by=maud)
        assert caught.value.have == 200
    assert add(archive.session, jobs.places.uploads, token, BytesIO(b"z" * 999), offset=200, by=maud) == 300
    assert (jobs.places.uploads / token).read_bytes() == b"x" * 200 + b"z" * 100


class _LostConnection(BytesIO):
    """A piece of which nothing more comes, until somebody notices."""

    def __init__(self, begins: bytes) -> None:
        super().__init__(begins)
        self.waits, self.noticed = threading.Event(), threading.Event()

    def read(self, size: int | None = -1, /) -> bytes:
        if piece := super().read(size):
            return piece
        self.waits.set()
        assert self.noticed.wait(20)
        raise ClientDisconnected


def test_a_piece_of_a_connection_that_was_lost_unnoticed_is_sent_again_meanwhile(
    archive: Archive, jobs: Jobs, settings: Settings, maud: Actor
) -> None:
    token = begin(archive, jobs, "bells.txt", 300, maud).token
    lost = _LostConnection(b"x" * 50)

    def send_and_lose() -> None:
        engine = open_engine(settings.database_url)
        with Session(engine) as session, pytest.raises(ClientDisconnected):
            uploads.add_piece(session, jobs.places.uploads, token, lost, offset=0, by=maud)
        engine.dispose()

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(send_and_lose)
        assert lost.waits.wait(20)
        at_last = threading.Timer(5, lost.noticed.set)
        at_last.start()
        add = partial(uploads.add_piece, archive.session, jobs.places.uploads, token, offset=0, by=maud)
        assert add(BytesIO(b"y" * 100)) == 100
        had_to_wait = lost.noticed.is_set()
        at_last.cancel()
        lost.noticed.set()
        first.result()
    assert not had_to_wait
    assert (jobs.places.uploads / token).read_bytes() == b"y" * 100


def test_of_a_piece_for_which_the_disk_has_no_room_nothing_stays(archive: Archive, jobs: Jobs, maud: Actor) -> None:
    token = begin(archive, jobs, "bells.txt", 300, maud).token

    def add(piece: bytes, offset: int) -> int:
        return uploads.add_piece(archive.session, jobs.places.uploads, token, BytesIO(piece), offset=offset, by=maud)

    add(b"x" * 50, 0)
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, usual[1]))
    try:
        with pytest.raises(UploadError, match="The piece could not be kept: File too large"):
            add(b"y" * 250, 50)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert (jobs.places.uploads / token).read_bytes() == b"x" * 50
    assert add(b"y" * 250, 50) == 300


def test_an_upload_that_is_not_complete_is_not_received(
    archive: Archive, jobs: Jobs, maud: Actor, order: Callable[..., int]
) -> None:
    token = begin(archive, jobs, "bells.txt", 300, maud).token
    with pytest.raises(UploadError, match="is not complete"):
        order(tokens=(token,))
    assert archive.session.get_one(Upload, token).arrival_id is None


def test_of_two_who_have_one_upload_received_at_once_one_is_told(
    archive: Archive, jobs: Jobs, settings: Settings, maud: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = begin(archive, jobs, "bells.txt", 0, maud).token
    how = {"collection": COLLECTION, "format_name": "auto", "markup": Markup.PLAIN, "by": maud}
    engine = open_engine(settings.database_url)
    others: list[Future[int]] = []

    def order(session: Session) -> int:
        return arrivals.order_receipt(session, jobs.places, folder_names=[], tokens=[token], **how)

    def order_elsewhere() -> int:
        with Session(engine) as session:
            return order(session)

    with ThreadPoolExecutor(1) as threads:
        find = uploads._mine

        def find_while_another_asks(*given: Any, **named: Any) -> Upload:
            found = find(*given, **named)
            if not others:
                others.append(threads.submit(order_elsewhere))
                wait(others, 1)
            return found

        monkeypatch.setattr(uploads, "_mine", find_while_another_asks)
        mine = order(archive.session)
        with pytest.raises(UploadError, match="is being received already"):
            others[0].result()
    engine.dispose()
    archive.session.rollback()
    assert archive.session.get_one(Upload, token).arrival_id == mine


def test_nobody_sends_or_takes_what_is_another_persons(
    archive: Archive, jobs: Jobs, make_user: Callable[..., User], order: Callable[..., int]
) -> None:
    arno = Actor.of(make_user("arno", "archivist"))
    token = begin(archive, jobs, "bells.txt", 0, arno).token
    with pytest.raises(UploadError, match="no such upload"):
        order(tokens=(token,))
    for strange in ("nothing", "../secret_key", "0" * 32):
        with pytest.raises(UploadError, match="no such upload"):
            uploads.add_piece(archive.session, jobs.places.uploads, strange, BytesIO(b"x"), offset=0, by=arno)


def test_uploads_of_one_person_are_bounded_in_number_and_bytes(
    archive: Archive, jobs: Jobs, maud: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(archive, jobs, "a", MOST - 10, maud)
    with pytest.raises(UploadError, match="65,536 bytes together"):
        begin(archive, jobs, "b", 11, maud)
    monkeypatch.setattr(uploads, "MOST_UPLOADS", 2)
    begin(archive, jobs, "c", 10, maud)
    with pytest.raises(UploadError, match="2 uploads that are not received"):
        begin(archive, jobs, "d", 0, maud)


def test_uploads_that_were_left_are_swept_after_a_day_and_no_others(
    archive: Archive, jobs: Jobs, maud: Actor, order: Callable[..., int]
) -> None:
    tokens = {name: begin(archive, jobs, name, 0, maud).token for name in ("left", "waiting", "new")}
    order(tokens=(tokens["waiting"],))
    long_ago = clock.now() - timedelta(days=2)
    named = Upload.name.in_(("left", "waiting"))
    archive.session.execute(update(Upload).where(named).values(begun_at=long_ago))
    archive.session.commit()
    strays = {name: jobs.places.uploads / name for name in ("stray", "fresh")}
    for path in strays.values():
        path.touch()
    for path in (strays["stray"], *(jobs.places.uploads / tokens[name] for name in ("left", "waiting"))):
        os.utime(path, (0, 0))
    uploads.sweep(archive.session, jobs.places.uploads)
    kept = {path.name for path in jobs.places.uploads.iterdir()}
    assert kept == {tokens["waiting"], tokens["new"], "fresh"}
    assert {upload.name for upload in archive.session.scalars(select(Upload))} == {"waiting", "new"}
