"""Nobody waits for ever: a lock that is not given in time is an error that says so, and one import runs at a time."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from archive.services.ingest.receive import receive_paths
from archive.services.ingest.run import run_batch
from archive.store.engine import is_busy
from archive.store.import_lock import ImportRunningError, import_lock
from archive.store.vault import Vault
from tests.integration.conftest import BY, COLLECTION, Archive
from tests.integration.written import DYKES_FILE, SALT_FILE


@pytest.fixture
def engine(archive: Archive) -> Engine:
    archive.import_({"a.txt": DYKES_FILE})
    archive.session.rollback()
    return archive.session.get_bind().engine


@pytest.mark.database("postgresql")
def test_nobody_waits_longer_than_ten_seconds(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == "10s"


@pytest.mark.database("postgresql")
def test_a_lock_that_is_not_given_in_time_is_known_for_what_it_is(engine: Engine) -> None:
    with engine.connect() as first, engine.connect() as second:
        first.execute(text("SELECT id FROM post FOR UPDATE"))
        second.execute(text("SET LOCAL lock_timeout = 100"))
        with pytest.raises(OperationalError) as caught:
            second.execute(text("UPDATE post SET depth = depth"))
    assert is_busy(caught.value.orig)


@pytest.mark.database("postgresql")
def test_two_that_wait_for_each_other_are_known_for_what_they_are(engine: Engine) -> None:
    both, errors = threading.Barrier(2), list[OperationalError]()

    def update(*ids: int) -> None:
        with engine.connect() as connection:
            try:
                for id_ in ids:
                    connection.execute(text("UPDATE post SET depth = depth WHERE id = :id"), {"id": id_})
                    if id_ == ids[0]:
                        both.wait(10)
            except OperationalError as error:
                errors.append(error)

    threads = [threading.Thread(target=update, args=ids) for ids in ((1, 2), (2, 1))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert [is_busy(error.orig) for error in errors] == [True]


@pytest.mark.database("postgresql")
def test_two_data_folders_do_not_import_into_one_database_at_once(
    archive: Archive, engine: Engine, tmp_path: Path
) -> None:
    other = Vault(tmp_path / "other" / "originals")
    paths = archive.write({"b.txt": SALT_FILE})
    with Session(engine, expire_on_commit=False) as session:
        batch = receive_paths(session, other, paths, collection=COLLECTION, by=BY)
        session.rollback()
        with (
            import_lock(archive.session, archive.vault.folder, what="batch 1"),
            pytest.raises(ImportRunningError, match="from another data folder, into the same database"),
        ):
            run_batch(session, other, batch, by=BY)
        assert run_batch(session, other, batch, by=BY).added == 3


def test_the_same_sent_twice_at_once_is_one_batch(archive: Archive, engine: Engine) -> None:
    paths = archive.write({"b.txt": SALT_FILE})
    both, batches = threading.Barrier(2), list[int]()

    def receive() -> None:
        with Session(engine, expire_on_commit=False) as session:
            both.wait(10)
            batches.append(receive_paths(session, archive.vault, paths, collection="new", by=BY))

    threads = [threading.Thread(target=receive) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert len(batches) == 2
    assert len(set(batches)) == 1
