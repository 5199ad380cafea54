"""What becomes of files when what was asked for them is refused."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from archive.services.ingest import uploads
from archive.services.ingest.uploads import UploadError
from archive.settings import Settings
from archive.store.arrivals import Upload
from archive.store.ledger import LedgerEntry
from archive.web.imports import forms
from tests.conftest import csrf_token
from tests.integration.written import BELLS_FILE, SALT_FILE

BELLS = BELLS_FILE.encode()


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with an import folder."""
    folder = tmp_path / "import"
    folder.mkdir()
    (folder / "salt.txt").write_text(SALT_FILE)
    return replace(settings, import_folder=folder)


@pytest.fixture
def token(archivist: FlaskClient) -> str:
    """A file that was sent in pieces, as a browser does it before it sends the form."""
    return _send(archivist, "bells.txt", BELLS)


def _post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client, "/imports"), **fields})


def _order(client: FlaskClient, **fields: object) -> TestResponse:
    return _post(client, "/imports", **{"collection": "Letters", "markup": "plain", **fields})


def _send(client: FlaskClient, name: str, content: bytes, *, only: int | None = None) -> str:
    about = {"name": name, "size": str(len(content)), "modified": "5"}
    token: str = _post(client, "/imports/uploads", **about).get_json()["token"]
    headers = {"X-CSRFToken": csrf_token(client, "/imports")}
    client.post(f"/imports/uploads/{token}/pieces/0", data=content[:only], headers=headers)
    return token


def _text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_the_form_says_how_many_files_may_be_sent_and_more_are_refused_before_one_is_kept(
    archivist: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    page = _text(archivist.get("/imports/new"))
    assert "Up to 1,000 files" in page
    assert 'data-room-files="999"' in page
    monkeypatch.setattr(forms, "_AT_ONCE", 100)
    monkeypatch.setattr(uploads, "MOST_UPLOADS", 3)
    answer = _order(archivist, files=[(BytesIO(BELLS), f"{number}.txt") for number in range(3)])
    assert answer.status_code == 400
    assert "3 files here that are not received yet, and with these there were 4." in _text(answer)
    assert session.scalars(select(Upload.token)).all() == [token]


@pytest.mark.parametrize("fields", [{"collection": "…"}, {"collection": ""}, {"format": "wav"}, {"folder": "gone.txt"}])
def test_of_a_refused_order_that_came_in_one_request_no_file_is_kept(
    archivist: FlaskClient, session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch, fields: dict
) -> None:
    monkeypatch.setattr(forms, "_AT_ONCE", 100)
    answer = _order(archivist, files=[(BytesIO(BELLS), "bells.txt")], **fields)
    assert answer.status_code == 400
    assert session.scalars(select(Upload)).all() == []
    assert not (settings.data / "uploads").exists()


def test_where_the_second_file_has_no_room_the_first_is_not_kept_either(
    archivist: FlaskClient, session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "_AT_ONCE", 100)
    keep = uploads.begin

    def keep_the_first(session: Session, folder: Path, **how: Any) -> uploads.Begun:
        if how["name"] == "again.txt":
            raise UploadError("There is not enough room for this file on the server's disk.")
        return keep(session, folder, **how)

    monkeypatch.setattr(uploads, "begin", keep_the_first)
    answer = _order(archivist, files=[(BytesIO(BELLS), "bells.txt"), (BytesIO(BELLS), "again.txt")])
    assert answer.status_code == 400
    assert "not enough room" in _text(answer)
    assert session.scalars(select(Upload)).all() == []
    assert list((settings.data / "uploads").iterdir()) == []


def test_what_was_sent_in_pieces_is_still_chosen_when_the_order_is_refused_and_need_not_be_sent_again(
    archivist: FlaskClient, work_off: Callable[[], None], token: str
) -> None:
    page = _text(_order(archivist, collection="…", upload=token, folder="salt.txt"))
    assert f'name="upload" value="{token}" checked' in page
    assert 'name="folder" value="salt.txt" checked' in page
    assert "it need not be sent again" in page
    assert f'name="upload" value="{token}"> ' in _text(archivist.get("/imports/new"))  # later too, but not chosen
    place = _order(archivist, upload=[token, token]).headers["Location"]  # the form's, and that of the same file again
    assert f'value="{token}"' not in _text(archivist.get("/imports/new"))
    work_off()
    assert archivist.get(place).headers["Location"] == "/imports/1/preview"


def test_what_has_not_come_whole_is_listed_and_cannot_be_chosen(archivist: FlaskClient) -> None:
    token = _send(archivist, "bells.txt", BELLS, only=50)
    page = _text(archivist.get("/imports/new"))
    assert f"50 bytes of {len(BELLS)} bytes" in page
    assert f'type="checkbox" name="upload" value="{token}"' not in page


def test_what_was_sent_can_be_removed_by_whoever_sent_it_until_it_is_ordered(
    *,
    app: Flask,
    archivist: FlaskClient,
    session: Session,
    settings: Settings,
    make_user: Callable,
    log_in: Callable,
    token: str,
) -> None:
    make_user("maud", "archivist")
    other = app.test_client()
    log_in(other, "maud")
    assert "Sent already" not in _text(other.get("/imports/new"))
    assert _post(other, "/imports/uploads/withdrawals", upload=token).status_code == 400
    ordered = _send(archivist, "salt.txt", SALT_FILE.encode())
    _order(archivist, upload=ordered)
    assert _post(archivist, "/imports/uploads/withdrawals", upload=ordered).status_code == 400
    assert _post(archivist, "/imports/uploads/withdrawals", upload=token).status_code == 303
    assert [path.name for path in (settings.data / "uploads").iterdir()] == [ordered]
    assert session.scalars(select(Upload.token)).all() == [ordered]
    acts = session.scalars(select(LedgerEntry.act).where(LedgerEntry.subject == f"upload {token}"))
    assert acts.all() == ["begin upload", "withdraw upload"]
