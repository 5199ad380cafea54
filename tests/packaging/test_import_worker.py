"""The worker beneath `footnote serve`, and beside it: one process, which ends with its parent and loses nothing."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.batch import BatchState
from archive.services.ingest import orders
from archive.services.ingest.publish import find_batch
from archive.services.ingest.receive import receive_paths
from archive.services.jobs import Jobs
from archive.services.ledger import Actor
from archive.services.verify import find_faults
from archive.store.threads import Post
from archive.store.vault import Vault
from tests.bench.plain_corpus import write_plain
from tests.databases import opened
from tests.packaging.processes import PATIENCE, Server, serving

FOOTNOTE = Path(sys.executable).with_name("footnote")
SERVE = (FOOTNOTE, "serve")
POSTS = 15_000  # five chunks
BY = Actor.of(None)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Threads that take some seconds to read in."""
    (path,) = write_plain(tmp_path_factory.mktemp("corpus"), POSTS)
    return path


@contextmanager
def archive(folder: Path) -> Iterator[Session]:
    with opened(f"sqlite:///{folder / 'data' / 'footnote.sqlite'}") as engine, Session(engine) as session:
        yield session


def order(folder: Path, path: Path) -> int:
    """Receive a file and have it read in, as the web does."""
    data = folder / "data"
    vault = Vault(data / "originals")
    with archive(folder) as session:
        batch = receive_paths(session, vault, [path], collection="history", by=BY)
        orders.start(session, batch, by=BY, publish_it=False)
        url = f"sqlite:///{data / 'footnote.sqlite'}"
        Jobs(data=data, database_url=url, vault=vault, import_folder=None).read_in(batch)
    return batch


def state(folder: Path, batch: int) -> tuple[BatchState, int]:
    """Where the batch stands, and how many posts are read."""
    with archive(folder) as session:
        found = find_batch(session, batch)
        return found.state, found.sheet.read


def is_under_way(folder: Path, batch: int) -> bool:
    where, read = state(folder, batch)
    assert where is not BatchState.DRAFT, "The import was too fast to be caught."
    return where is BatchState.IMPORTING and read > 0


def wait_for_draft(server: Server, folder: Path, batch: int) -> None:
    server.wait_for(lambda: state(folder, batch)[0] is BatchState.DRAFT)
    with archive(folder) as session:
        keys = session.scalars(select(Post.source_key)).all()
        assert not list(find_faults(session, Vault(folder / "data" / "originals"), say=lambda _: None))
    assert len(keys) == POSTS


def test_there_is_one_however_many_answer_requests(tmp_path: Path) -> None:
    with serving(SERVE, tmp_path, FOOTNOTE_WORKERS="2") as server:
        server.wait_for(lambda: len(server.workers()) == 2)
        assert len(server.import_workers()) == 1


def test_there_is_none_where_it_is_turned_off(tmp_path: Path) -> None:
    with serving(SERVE, tmp_path, FOOTNOTE_IMPORT_WORKER="off") as server:
        assert server.get("/")[0] == 200
        assert server.import_workers() == []


def test_it_reads_in_what_is_ordered_while_it_runs(tmp_path: Path, corpus: Path) -> None:
    with serving(SERVE, tmp_path) as server:
        wait_for_draft(server, tmp_path, order(tmp_path, corpus))


def test_one_that_is_killed_is_replaced_and_the_import_goes_on(tmp_path: Path, corpus: Path) -> None:
    with serving(SERVE, tmp_path) as server:
        batch = order(tmp_path, corpus)
        server.wait_for(lambda: is_under_way(tmp_path, batch))
        os.kill(server.import_workers()[0], signal.SIGKILL)
        wait_for_draft(server, tmp_path, batch)


def test_it_does_not_outlive_a_killed_server_and_the_next_one_goes_on(tmp_path: Path, corpus: Path) -> None:
    with serving(SERVE, tmp_path) as server:
        batch = order(tmp_path, corpus)
        server.wait_for(lambda: is_under_way(tmp_path, batch))
        server.stop(signal.SIGKILL)
        assert server.has_ended(within=15)
    _, kept = state(tmp_path, batch)
    assert 0 < kept < POSTS
    with serving(SERVE, tmp_path) as server:
        wait_for_draft(server, tmp_path, batch)


def test_a_server_that_is_stopped_cuts_the_import_after_its_chunk(tmp_path: Path, corpus: Path) -> None:
    with serving(SERVE, tmp_path) as server:
        batch = order(tmp_path, corpus)
        server.wait_for(lambda: is_under_way(tmp_path, batch))
        assert server.stop(signal.SIGTERM) == 0
        assert server.has_ended(within=1)
    where, kept = state(tmp_path, batch)
    assert (where, 0 < kept < POSTS) == (BatchState.IMPORTING, True)
    with serving(SERVE, tmp_path) as server:
        wait_for_draft(server, tmp_path, batch)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_one_beside_the_server_does_the_same_and_ends_when_told(tmp_path: Path, corpus: Path, sign: int) -> None:
    with serving(SERVE, tmp_path, FOOTNOTE_IMPORT_WORKER="off") as server:
        batch = order(tmp_path, corpus)
        environment = {**os.environ, "FOOTNOTE_DATA": str(tmp_path / "data")}
        command = [FOOTNOTE, "worker"]
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as worker:
            server.wait_for(lambda: is_under_way(tmp_path, batch))
            worker.send_signal(sign)
            assert worker.wait(PATIENCE) == 0
            assert worker.stderr is not None
            assert worker.stderr.read() == "Waiting for imports.\n"
        assert state(tmp_path, batch)[0] is BatchState.IMPORTING
        with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as worker:
            wait_for_draft(server, tmp_path, batch)
            worker.terminate()
