"""Uploads in pieces, until they are received."""

import os
import resource
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import ClientDisconnected

from archive import clock
from archive.domain.records import Markup
from archive.services.ingest import arrivals, uploads
from archive.services.ingest.arrivals import Order
from archive.services.ingest.uploads import PieceOutOfPlaceError, UploadError
from archive.services.jobs import Jobs
from archive.services.ledger import Actor
from archive.settings import Settings
from archive.store.arrivals import Upload
from archive.store.users import User
from tests.databases import opened
from tests.integration.arrivals.conftest import MOST, begin
from tests.integration.conftest import COLLECTION, Archive


def test_an_upload_goes_on_where_it_was_lost(archive: Archive, jobs: Jobs, maud: Actor) -> None:
    token = begin(archive, jobs, "bells.txt", 300, maud).token
    add = uploads.add_piece
    assert add(archive.session, jobs.places, token, BytesIO(b"x" * 200), offset=0, by=maud) == 200
    assert begin(archive, jobs, "bells.txt", 300, maud) == uploads.Begun(token, 200)
    assert begin(archive, jobs, "bells.txt", 300, maud, modified=2).have == 0  # another file of that name
    for wrong in (0, 100, 300):
        with pytest.raises(PieceOutOfPlaceError) as caught:
            add(archive.session, jobs.places, token, BytesIO(b"y"), offset=wrong, by=maud)
        assert caught.value.have == 200
    assert add(archive.session, jobs.places, token, BytesIO(b"z" * 999), offset=200, by=maud) == 300
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
        with opened(settings.database_url) as engine, Session(engine) as session, pytest.raises(ClientDisconnected):
            uploads.add_piece(session, jobs.places, token, lost, offset=0, by=maud)

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(send_and_lose)
        assert lost.waits.wait(20)
        at_last = threading.Timer(5, lost.noticed.set)
        at_last.start()
        add = partial(uploads.add_piece, archive.session, jobs.places, token, offset=0, by=maud)
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
        return uploads.add_piece(archive.session, jobs.places, token, BytesIO(piece), offset=offset, by=maud)

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
    wanted = Order(collection=COLLECTION, format_name="auto", markup=Markup.PLAIN, tokens=[token])
    others: list[Future[int]] = []

    def order(session: Session) -> int:
        return arrivals.order_receipt(session, jobs.places, wanted, by=maud)

    def order_elsewhere() -> int:
        with Session(engine) as session:
            return order(session)

    with opened(settings.database_url) as engine, ThreadPoolExecutor(1) as threads:
        find = uploads._mine

        def find_while_another_asks(*given: Any, **named: Any) -> Upload:
            found = find(*given, **named)
            if named and not others:  # that is to be changed
                others.append(threads.submit(order_elsewhere))
                wait(others, 1)
            return found

        monkeypatch.setattr(uploads, "_mine", find_while_another_asks)
        mine = order(archive.session)
        with pytest.raises(UploadError, match="is being received already"):
            others[0].result()
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
            uploads.add_piece(archive.session, jobs.places, strange, BytesIO(b"x"), offset=0, by=arno)


def test_uploads_of_one_person_are_bounded_in_number_and_bytes(
    archive: Archive, jobs: Jobs, maud: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(archive, jobs, "a", MOST - 10, maud)
    with pytest.raises(UploadError, match="65,536 bytes together"):
        begin(archive, jobs, "b", 11, maud)
    monkeypatch.setattr(uploads, "MOST_UPLOADS", 2)
    begin(archive, jobs, "c", 10, maud)
    with pytest.raises(UploadError, match=r"may have 2 files here that are not received yet, .* there were 3"):
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
    uploads.sweep(archive.session, jobs.places)
    kept = {path.name for path in jobs.places.uploads.iterdir()}
    assert kept == {tokens["waiting"], tokens["new"], "fresh"}
    assert {upload.name for upload in archive.session.scalars(select(Upload))} == {"waiting", "new"}
