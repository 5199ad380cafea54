"""What archivists see of files that are received in the background, and of imports that wait, run or were left."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from archive import clock
from archive.services.ingest import import_folder, preview
from archive.services.ingest.uploads import sweep
from archive.settings import Settings
from archive.store.arrivals import Arrival, Upload
from archive.store.import_lock import import_lock
from archive.store.ledger import LedgerEntry
from archive.store.vault import Vault
from archive.web.imports import forms
from tests.conftest import csrf_token
from tests.integration.written import BELLS_FILE, SALT_FILE


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """Settings with an import folder."""
    folder = tmp_path / "import"
    (folder / "letters").mkdir(parents=True)
    (folder / "letters" / "salt.txt").write_text(SALT_FILE)
    (folder / "<b>bells.txt").write_text(BELLS_FILE)
    return replace(settings, import_folder=folder)


def _post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client, "/imports"), **fields})


def _order(client: FlaskClient, **fields: object) -> TestResponse:
    return _post(client, "/imports", **{"collection": "Letters", "markup": "plain", **fields})


def _piece(client: FlaskClient, address: str, body: bytes) -> TestResponse:
    return client.post(address, data=body, headers={"X-CSRFToken": csrf_token(client, "/imports")})


def _text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_the_form_lists_the_import_folder_with_sizes_and_dates(archivist: FlaskClient) -> None:
    page = _text(archivist.get("/imports/new"))
    assert "&lt;b&gt;bells.txt" in page
    assert "<b>bells" not in page
    assert f"1 file, {len(SALT_FILE.encode())} bytes, <time datetime=" in page


def test_the_form_says_where_the_import_folder_holds_more_than_it_lists(
    archivist: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "More lies there" not in _text(archivist.get("/imports/new"))
    monkeypatch.setattr(import_folder, "MOST_ENTRIES", 1)
    assert "More lies there than can be listed." in _text(archivist.get("/imports/new"))


def test_what_is_picked_is_received_by_a_worker_and_then_shown_in_a_dry_run(
    archivist: FlaskClient, work_off: Callable[[], None]
) -> None:
    answer = _order(archivist, folder=["letters", "<b>bells.txt"])
    place = answer.headers["Location"]
    assert answer.status_code == 303
    page = _text(archivist.get(place))
    assert "0 % received" in page
    assert "It waits for a worker, and there is none" in page
    assert archivist.get(f"{place}/progress").get_json()["may"] == "stop"
    assert f'href="{place}"' in _text(archivist.get("/imports"))
    work_off()
    assert archivist.get(f"{place}/progress").get_json()["then"] == "/imports/1/preview"
    answer = archivist.get(place)
    assert answer.headers["Location"] == "/imports/1/preview"
    assert "Dry run of 2 files" in _text(archivist.get("/imports/1/preview"))
    assert f'href="{place}"' not in _text(archivist.get("/imports"))


def test_what_does_not_lie_in_the_folder_is_said_at_its_field(archivist: FlaskClient) -> None:
    answer = _order(archivist, folder="../data/secret_key")
    assert answer.status_code == 400
    assert 'id="folder-error"' in _text(answer)


def test_what_could_not_be_received_says_why_and_can_be_tried_again(
    archivist: FlaskClient, settings: Settings, work_off: Callable[[], None]
) -> None:
    place = _order(archivist, folder="letters").headers["Location"]
    folder = settings.import_folder or Path()
    (folder / "letters").rename(folder / "lost")
    work_off()
    page = _text(archivist.get(place))
    assert "does not lie in the import folder" in page
    (folder / "lost").rename(folder / "letters")
    assert _post(archivist, f"{place}/tries").status_code == 303
    work_off()
    assert archivist.get(place).headers["Location"] == "/imports/1/preview"


def test_what_could_not_be_received_is_discarded_and_what_was_sent_can_be_ordered_once_more(
    app: Flask, archivist: FlaskClient, settings: Settings, session: Session, work_off: Callable[[], None]
) -> None:
    token = _post(archivist, "/imports/uploads", name="empty", size="0", modified="5").get_json()["token"]
    place = _order(archivist, folder="letters", upload=token).headers["Location"]
    folder = settings.import_folder or Path()
    (folder / "letters").rename(folder / "lost")
    assert _post(archivist, f"{place}/discards").status_code == 409
    work_off()
    page = _text(archivist.get(place))
    assert f'action="{place}/discards"' in page
    assert "Discarding removes no byte now" in page
    os.utime(settings.data / "uploads" / token, (0, 0))
    assert _post(archivist, f"{place}/discards").status_code == 303
    page = _text(archivist.get(place))
    assert "Discarded" in page
    assert "What was sent stays for a day" in page
    assert f'href="{place}"' not in _text(archivist.get("/imports"))
    (folder / "lost").rename(folder / "letters")
    assert _post(archivist, f"{place}/tries").status_code == 409
    session.rollback()
    session.execute(update(Upload).values(begun_at=clock.now() - timedelta(days=3)))
    session.commit()
    sweep(session, app.extensions["jobs"].places)
    assert _order(archivist, folder="letters", upload=token).status_code == 303
    work_off()
    assert "Dry run of 2 files" in _text(archivist.get("/imports/1/preview"))
    session.rollback()
    acts = session.scalars(select(LedgerEntry.act).where(LedgerEntry.subject == "arrival 1"))
    assert acts.all() == ["order receipt", "discard"]


def test_a_large_upload_in_one_request_is_left_to_a_worker_with_all_that_came_with_it(
    archivist: FlaskClient, work_off: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "_AT_ONCE", 100)
    same = [(BytesIO(BELLS_FILE.encode()), "bells.txt"), (BytesIO(BELLS_FILE.encode()), "bells.txt")]
    place = _order(archivist, files=same, text=SALT_FILE).headers["Location"]
    assert place.startswith("/imports/arrivals/")
    work_off()
    assert archivist.get(place).headers["Location"] == "/imports/1/preview"
    assert "Dry run of 3 files" in _text(archivist.get("/imports/1/preview"))


def test_a_file_is_sent_in_pieces_and_goes_on_where_it_was(
    archivist: FlaskClient, work_off: Callable[[], None]
) -> None:
    content = BELLS_FILE.encode()
    about = {"name": "bells.txt", "size": str(len(content)), "modified": "5"}
    token = _post(archivist, "/imports/uploads", **about).get_json()["token"]
    address = f"/imports/uploads/{token}/pieces"
    assert _piece(archivist, f"{address}/0", content[:50]).get_json() == {"have": 50}
    lost = _piece(archivist, f"{address}/0", content[:50])
    assert (lost.status_code, lost.get_json()["have"]) == (409, 50)
    assert _post(archivist, "/imports/uploads", **about).get_json() == {"token": token, "have": 50}
    assert _order(archivist, upload=token).status_code == 400
    assert _piece(archivist, f"{address}/50", content[50:]).get_json() == {"have": len(content)}
    place = _order(archivist, upload=token).headers["Location"]
    work_off()
    assert "Dry run of <bdi>bells.txt</bdi>" in _text(archivist.get(archivist.get(place).headers["Location"]))


def test_a_piece_without_the_token_of_a_form_is_refused(archivist: FlaskClient) -> None:
    about = {"name": "bells.txt", "size": "9", "modified": "5"}
    token = _post(archivist, "/imports/uploads", **about).get_json()["token"]
    assert archivist.post(f"/imports/uploads/{token}/pieces/0", data=b"x").status_code == 400
    assert _post(archivist, "/imports/uploads", **about).get_json()["have"] == 0


def test_what_another_archivist_sends_cannot_be_added_to(
    app: Flask, archivist: FlaskClient, make_user: Callable, log_in: Callable
) -> None:
    about = {"name": "bells.txt", "size": "9", "modified": "5"}
    token = _post(archivist, "/imports/uploads", **about).get_json()["token"]
    make_user("maud", "archivist")
    other = app.test_client()
    log_in(other, "maud")
    answer = _piece(other, f"/imports/uploads/{token}/pieces/0", b"x")
    assert answer.status_code == 400
    assert "no such upload" in answer.get_json()["error"]


@pytest.mark.parametrize("about", [{}, {"size": "-1", "modified": "0"}, {"size": "1e3", "modified": "0"}])
def test_an_upload_that_says_nothing_of_itself_is_refused(archivist: FlaskClient, about: dict[str, str]) -> None:
    assert _post(archivist, "/imports/uploads", name="x", **about).status_code == 400


def test_more_than_one_person_may_send_is_refused_in_words(archivist: FlaskClient, settings: Settings) -> None:
    size = str(settings.max_uploads_bytes + 1)
    answer = _post(archivist, "/imports/uploads", name="x", size=size, modified="0")
    assert answer.status_code == 400
    assert "bytes together" in answer.get_json()["error"]


def test_nothing_is_said_to_be_kept_where_the_worker_that_did_it_is_gone(
    app: Flask, archivist: FlaskClient, session: Session
) -> None:
    place = _order(archivist, folder="letters").headers["Location"]
    session.execute(update(Arrival).values(began_at=clock.now(), done_bytes=100, tries=1))
    session.commit()
    with app.extensions["jobs"].alone():
        page = _text(archivist.get(place))
        assert "The bytes are being kept as they are." in page
        assert "53 % received" in page
        assert "being received" in _text(archivist.get("/imports"))
    page = _text(archivist.get(place))
    assert "The worker ended before all of it was received." in page
    assert "0 % received" in page
    assert "being kept" not in page
    assert "waiting" in _text(archivist.get("/imports"))
    assert archivist.get(f"{place}/progress").get_json()["done_bytes"] == 0


def test_of_what_another_server_receives_it_is_said_that_it_has_the_bytes(
    app: Flask, archivist: FlaskClient, session: Session
) -> None:
    place = _order(archivist, folder="letters").headers["Location"]
    session.execute(update(Arrival).values(instance="another", failure="The disk is full."))
    session.commit()
    answer = _post(archivist, f"{place}/discards")
    assert answer.status_code == 409
    assert "with another server of this archive" in _text(answer)
    assert _post(archivist, f"{place}/tries").status_code == 303
    with app.extensions["jobs"].alone():
        assert "Another server of this archive has the bytes, and receives them." in _text(archivist.get(place))


def test_a_running_page_says_only_what_is_so_at_the_moment(
    app: Flask, archivist: FlaskClient, session: Session, vault: Vault
) -> None:
    _order(archivist, text=SALT_FILE)
    _post(archivist, "/imports/1/runs", act="draft")
    page = _text(archivist.get("/imports/1/running"))
    assert "it begins by itself when there is a worker." in page
    assert "after the chunk under way" not in page
    with app.extensions["jobs"].alone(), import_lock(session, vault.folder, what="batch 1"):
        assert "If you stop it, it ends after the chunk under way" in _text(archivist.get("/imports/1/running"))
        _post(archivist, "/imports/1/stops")
        page = _text(archivist.get("/imports/1/running"))
        assert "If you stop it" not in page
        assert "When it has ended, it can go on from there, or be rolled back." in page


def test_a_batch_too_large_for_a_dry_run_says_so_and_can_be_imported(
    archivist: FlaskClient, work_off: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = _order(archivist, text=SALT_FILE).headers["Location"]
    monkeypatch.setattr(preview, "MOST_BYTES", 10)
    page = _text(archivist.get(place))
    assert "there is no dry run" in page
    assert _post(archivist, "/imports/1/runs", act="draft").status_code == 303
    work_off()
    assert "A draft." in _text(archivist.get("/imports/1"))


def test_an_import_is_stopped_and_goes_on_or_is_rolled_back(
    archivist: FlaskClient, session: Session, vault: Vault, work_off: Callable[[], None]
) -> None:
    _order(archivist, text=SALT_FILE)
    _post(archivist, "/imports/1/runs", act="publish")
    page = _text(archivist.get("/imports/1/running"))
    assert 'action="/imports/1/stops"' in page
    assert '<meta http-equiv="refresh" content="5">' in page
    with import_lock(session, vault.folder, what="batch 1"):
        assert "The first posts are being read." in _text(archivist.get("/imports/1/running"))
        assert _post(archivist, "/imports/1/stops").status_code == 303
        page = _text(archivist.get("/imports/1/running"))
        assert "arno stopped it. It ends after the chunk under way." in page
    work_off()
    page = _text(archivist.get("/imports/1/running"))
    assert "arno stopped it." in page
    assert "http-equiv" not in page
    assert 'action="/imports/1/rollbacks"' in page
    assert 'name="act" value="publish"' in page
    assert "arno stopped it." in _text(archivist.get("/imports/1"))
    session.rollback()
    acts = session.scalars(select(LedgerEntry.act).where(LedgerEntry.subject == "batch 1"))
    assert acts.all() == ["receive", "start import", "stop"]
    _post(archivist, "/imports/1/runs", act="publish")
    work_off()
    assert "Published." in _text(archivist.get("/imports/1"))
    assert _post(archivist, "/imports/1/stops").status_code == 409
