"""What archivists see of an import that was stopped before its end."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from archive.services.ingest import chunks, orders, pages
from archive.services.jobs import Jobs
from archive.services.ledger import Actor
from archive.store.batches import Batch
from archive.store.import_runs import ImportRun
from archive.store.users import User
from tests.conftest import csrf_token
from tests.integration.written import BELLS_FILE, DYKES_FILE, SALT_FILE

_FILES = {"bells.txt": BELLS_FILE, "dykes.txt": DYKES_FILE, "salt.txt": SALT_FILE}


def _post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client, "/imports"), **fields})


def _text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def _stopped(
    archivist: FlaskClient, session: Session, work_off: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Batch 1, of three threads, was stopped when two of them were read in."""
    files = [(BytesIO(content.encode()), name) for name, content in _FILES.items()]
    _post(archivist, "/imports", collection="Letters", markup="plain", files=files)
    _post(archivist, "/imports/1/runs", act="publish")
    arno = Actor.of(session.query(User).one())

    def stop(_self: Jobs, _done: int, _whole: int, read: int) -> None:
        if read == 2:  # it is seen after the next chunk
            orders.stop(session, 1, by=arno)

    monkeypatch.setattr(chunks, "CHUNK_POSTS", 1)
    with monkeypatch.context() as patch:
        patch.setattr(Jobs, "_end_if_told", stop)
        work_off()


@pytest.mark.usefixtures("_stopped")
def test_a_stopped_batch_goes_on_from_its_own_page_as_it_was_ordered(
    archivist: FlaskClient, work_off: Callable[[], None]
) -> None:
    page = _text(archivist.get("/imports/1"))
    assert "arno stopped it." in page
    form = page.partition('action="/imports/1/runs"')[2].partition("</form>")[0]
    assert 'name="act" value="publish"' in form
    assert ">Go on</button>" in form
    _post(archivist, "/imports/1/runs", act="publish")
    work_off()
    assert "Published." in _text(archivist.get("/imports/1"))


@pytest.mark.usefixtures("_stopped")
def test_the_page_of_an_import_that_does_not_run_says_so_in_its_title_and_heading(
    archivist: FlaskClient, session: Session
) -> None:
    def said() -> list[str]:
        page = _text(archivist.get("/imports/1/running"))
        return re.findall(r"<(?:title|h1)>(.*?)(?: · .*| — .*)?</", page)

    assert said() == ["Stopped: 3 files", "Stopped: 3 files"]
    run = session.get_one(ImportRun, 1)
    run.stop_at, run.stop_by = None, None
    session.commit()
    assert said() == ["Cut off: 3 files", "Cut off: 3 files"]
    session.get_one(Batch, 1).failure = "The disk is full."
    session.commit()
    assert said() == ["Failed: 3 files", "Failed: 3 files"]
    _post(archivist, "/imports/1/runs", act="draft")
    assert said() == ["68 % of 3 files", "Importing 3 files"]


@pytest.mark.usefixtures("_stopped")
def test_the_threads_of_a_stopped_batch_are_listed_and_not_said_to_be_none(
    archivist: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = _text(archivist.get("/imports/1"))
    assert page.count('<h3><a href="/threads/') == 2
    assert "0 threads" not in page
    assert "2 questions, 3 answers" in page
    assert "Further threads" not in page
    monkeypatch.setattr(pages, "MOST_THREADS", 1)
    first = _text(archivist.get("/imports/1"))
    further = re.search(r'href="(/imports/1\?after=\d+)#threads-h" rel="next">Further threads', first)
    assert further
    rest = _text(archivist.get(further[1]))
    listed = [re.findall(r'<h3><a href="(/threads/\w+)"', part) for part in (first, rest)]
    assert listed == [[thread] for thread in re.findall(r'<h3><a href="(/threads/\w+)"', page)]
    assert 'rel="prev">The first ones' in rest
    assert "Further threads" not in rest
