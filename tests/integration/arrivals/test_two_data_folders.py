"""Two data folders that share a database: each receives what it has the bytes of."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select, update

from archive import clock
from archive.services.ingest import arrivals, orders, uploads
from archive.services.ingest.uploads import UploadError
from archive.services.jobs import Jobs
from archive.services.ledger import Actor
from archive.settings import Settings
from archive.store.arrivals import Upload
from archive.store.batches import BatchInput
from archive.store.vault import Vault
from tests.integration.arrivals.conftest import MOST, begin
from tests.integration.conftest import Archive
from tests.integration.written import BELLS_FILE


@pytest.fixture
def other(settings: Settings, tmp_path: Path) -> Iterator[Jobs]:
    """The jobs of the second data folder, with another file of the same name in its import folder."""
    data, folder = tmp_path / "other data", tmp_path / "other import"
    folder.mkdir()
    (folder / "dykes.txt").write_text(BELLS_FILE)
    vault = Vault(data / "originals")
    jobs = Jobs(data=data, database_url=settings.database_url, vault=vault, import_folder=folder)
    yield jobs
    jobs.queue.storage.close()


def work_off(archive: Archive, jobs: Jobs) -> int:
    """Look for work, and do it; how many jobs that were."""
    archive.session.rollback()
    jobs.look_for_work()
    done = 0
    while (job := jobs.queue.dequeue()) is not None:
        jobs.queue.execute(job)
        done += 1
    archive.session.rollback()
    return done


def test_a_data_folder_keeps_its_name_and_shares_it_with_no_other(jobs: Jobs, other: Jobs, settings: Settings) -> None:
    again = Jobs(data=settings.data, database_url=settings.database_url, vault=Vault(settings.data), import_folder=None)
    again.queue.storage.close()
    assert again.places.instance == jobs.places.instance != other.places.instance


def test_an_arrival_is_received_by_the_worker_of_the_data_folder_that_has_its_bytes(
    archive: Archive, jobs: Jobs, other: Jobs, order: Callable[..., int], received: Callable[[int], list[BatchInput]]
) -> None:
    arrival = order("dykes.txt")
    assert work_off(archive, other) == 0
    other.receive(arrival)  # by whatever mistake
    assert work_off(archive, other) == 1
    found = arrivals.find_arrival(archive.session, arrival)
    assert (found.batch_id, found.failure, found.tries) == (None, None, 0)
    archive.session.rollback()
    assert [input_.name for input_ in received(arrival)] == ["dykes.txt"]
    assert not list(Vault(other.places.uploads.parent / "originals").hashes())


def test_uploads_are_added_to_ordered_listed_and_swept_where_they_are(
    archive: Archive, jobs: Jobs, other: Jobs, maud: Actor, order: Callable[..., int]
) -> None:
    token = begin(archive, jobs, "bells.txt", 3, maud).token
    assert uploads.list_sent(archive.session, other.places, by=maud) == []
    assert uploads.room(archive.session, other.places, by=maud, most_bytes=MOST) == (uploads.MOST_UPLOADS, MOST)
    assert begin(archive, other, "bells.txt", 3, maud).token != token
    with pytest.raises(UploadError, match="no such upload"):
        uploads.add_piece(archive.session, other.places, token, BytesIO(b"abc"), offset=0, by=maud)
    uploads.add_piece(archive.session, jobs.places, token, BytesIO(b"abc"), offset=0, by=maud)
    archive.session.execute(update(Upload).values(begun_at=clock.now() - timedelta(days=2)))
    archive.session.commit()
    for path in other.places.uploads.iterdir():
        os.utime(path, (0, 0))
    uploads.sweep(archive.session, other.places)
    assert archive.session.scalars(select(Upload.token)).all() == [token]
    assert order(tokens=(token,))


def test_an_import_that_was_ordered_at_one_data_folder_is_not_taken_by_the_worker_of_another(
    archive: Archive, jobs: Jobs, other: Jobs, maud: Actor
) -> None:
    batch = archive.receive({"bells.txt": BELLS_FILE})
    orders.start(archive.session, batch, by=maud, publish_it=False, instance=jobs.places.instance)
    assert work_off(archive, other) == 0
    other.read_in(batch)
    assert work_off(archive, other) == 1
    assert archive.posts() == []
    assert work_off(archive, jobs) == 1
    assert len(archive.posts()) == 2
