"""What archivists see while a worker publishes a large batch, or rolls it back."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from archive.services.ingest import batch_orders
from archive.services.jobs import Jobs
from tests.conftest import csrf_token
from tests.integration.written import BELLS_FILE


@pytest.fixture(autouse=True)
def _draft(archivist: FlaskClient, work_off: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Batch 1 is a draft that is large here, and there is a worker."""
    files = [(BytesIO(BELLS_FILE.encode()), "bells.txt")]
    _post(archivist, "/imports", collection="Letters", markup="plain", files=files)
    _post(archivist, "/imports/1/runs", act="import")
    work_off()
    monkeypatch.setattr(batch_orders, "AT_ONCE", 1)
    monkeypatch.setattr(Jobs, "has_worker", lambda _: True)


def _post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client, "/imports"), **fields})


def _text(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


@pytest.mark.parametrize(
    ("what", "may", "done"),
    [("publications", "publishing", "Published."), ("rollbacks", "rolling back", "Rolled back.")],
)
def test_it_is_done_by_the_worker_and_the_page_says_so_until_it_is(
    archivist: FlaskClient, work_off: Callable[[], None], what: str, may: str, done: str
) -> None:
    if what == "rollbacks":
        _post(archivist, "/imports/1/publications")
        work_off()
    answer = _post(archivist, f"/imports/1/{what}", reason="")
    assert answer.location == "/imports/1/running"
    page = _text(archivist, "/imports/1/running")
    assert f"<h1>{may.capitalize()} " in page
    assert '<progress id="bar">' in page
    assert "arno has it" in page
    assert archivist.get("/imports/1/progress").get_json()["may"] == may
    batch = _text(archivist, "/imports/1")
    assert "arno has it" in batch
    assert "/imports/1/publications" not in batch
    assert "/imports/1/rollbacks" not in batch
    work_off()
    assert archivist.get("/imports/1/progress").get_json()["may"] == "ended"
    assert f"<b>{done}</b>" in _text(archivist, "/imports/1")


def test_it_is_not_rolled_back_while_it_is_to_be_published(archivist: FlaskClient) -> None:
    _post(archivist, "/imports/1/publications")
    refused = _post(archivist, "/imports/1/rollbacks", reason="")
    assert refused.status_code == 409
    assert "is being published. Wait until that has ended." in refused.get_data(as_text=True)


def test_what_was_not_done_is_told_and_can_be_ordered_again(
    archivist: FlaskClient, work_off: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    _post(archivist, "/imports/1/publications")
    with monkeypatch.context() as patch:
        patch.setattr(batch_orders, "MOST_TRIES", 0)
        work_off()
    page = _text(archivist, "/imports/1")
    assert "What was asked for last was not done: The worker ended" in page
    _post(archivist, "/imports/1/publications")
    work_off()
    assert "<b>Published.</b>" in _text(archivist, "/imports/1")


def test_without_a_worker_the_browser_waits(archivist: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Jobs, "has_worker", lambda _: False)
    assert _post(archivist, "/imports/1/publications").location == "/imports/1"
    assert "<b>Published.</b>" in _text(archivist, "/imports/1")
