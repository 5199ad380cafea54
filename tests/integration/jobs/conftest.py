"""A queue of jobs, somebody who works it off, and an archivist who orders."""

from collections.abc import Callable, Iterator

import pytest

from archive.services.ingest.watching import Progress, watch
from archive.services.jobs import Jobs
from archive.services.ledger import Actor
from archive.settings import Settings
from archive.store.users import User
from tests.integration.conftest import Archive


@pytest.fixture
def jobs(archive: Archive, settings: Settings) -> Iterator[Jobs]:
    """The queue, and nobody who works it off."""
    jobs = Jobs(data=settings.data, database_url=settings.database_url, vault=archive.vault, import_folder=None)
    yield jobs
    jobs.queue.storage.close()


@pytest.fixture
def work_off(archive: Archive, jobs: Jobs) -> Callable[[], int]:
    """Do what is queued; how many jobs that were."""

    def work_off() -> int:
        done = 0
        archive.session.rollback()
        while (job := jobs.queue.dequeue()) is not None:
            jobs.queue.execute(job)
            done += 1
        archive.session.rollback()
        return done

    return work_off


@pytest.fixture
def maud(make_user: Callable[..., User]) -> Actor:
    return Actor.of(make_user("maud", "archivist"))


@pytest.fixture
def progress(archive: Archive, jobs: Jobs) -> Callable[[int], Progress]:
    return lambda batch: watch(archive.session, archive.vault, jobs, batch)
