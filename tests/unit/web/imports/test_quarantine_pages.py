"""The pages of what could not be read: listed with its bytes, repaired, dismissed, taken back."""

import json
import re
from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import publish, roll_back
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.services.quarantine import pages
from archive.store.batches import Batch, Remark
from archive.store.import_lock import import_lock
from archive.store.ledger import read_entries
from archive.store.vault import Vault
from imports import known_formats
from tests.conftest import csrf_token
from tests.fillings import Master, filling_for

pytestmark = pytest.mark.database("sqlite")

BY = Actor.of(None)
SUBMISSION = {"id": "aa1", "author": "clio", "title": "Who paid for the dykes?", "selftext": "", "subreddit": "history"}
WHOLE = json.dumps(
    {"id": "c1", "link_id": "t3_aa1", "parent_id": "t3_aa1", "author": "anna", "body": "The boards did."}
)
BROKEN = WHOLE.replace("The boards", "<b>The\u200b boards")[:-1]
QUARANTINE = "/imports/1/quarantine"


def _read_in(session: Session, vault: Vault) -> int:
    lines = [json.dumps(SUBMISSION).encode(), BROKEN.encode(), b"[1]", b"[2]", bytes(range(32)) * 40]
    content = b"".join(line.replace(b"\n", b"") + b"\n" for line in lines)
    files = [NamedFile("folder/dump.ndjson", lambda: BytesIO(content))]
    number = receive_files(session, vault, files, collection="history", by=BY)
    run_batch(session, vault, number, by=BY)
    assert number == 1
    return number


filling = filling_for(batch=_read_in)


@pytest.fixture
def batch(master: Master) -> int:
    """A draft of one question, with four lines in quarantine: three for one reason, and one that is no text."""
    return master.made


@pytest.fixture
def archivist(client: FlaskClient, make_user: Callable, log_in: Callable) -> FlaskClient:
    """An archivist, logged in."""
    make_user("arno", "archivist")
    log_in(client, "arno")
    return client


def test_of_many_reasons_the_most_frequent_can_be_chosen_and_only_those_shown_are_fetched(
    archivist: FlaskClient, session: Session, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_CAUSES", 2)
    monkeypatch.setattr(pages, "ITEMS_A_PAGE", 2)
    statements: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *given: statements.append(given[2]))
    page = archivist.get(QUARANTINE).get_data(as_text=True)
    reasons = [statement for statement in statements if "remark.text" in statement]
    assert reasons
    assert all(" LIMIT " in statement or "remark.number IN" in statement for statement in reasons)
    assert re.findall(r"\((\d)\)</option>", page) == ["2", "1"]
    assert "The 2 most frequent can be chosen." in page
    assert "1 to 2 of 4" in page
    last = session.scalars(select(Remark.cause).where(Remark.batch_id == batch).order_by(Remark.number.desc())).first()
    page = archivist.get(f"{QUARANTINE}?cause={last}").get_data(as_text=True)
    assert f'<option value="{last}" selected>' in page
    assert re.findall(r"\((\d)\)</option>", page) == ["1", "2", "1"]
    assert page.count('<h2 class="item-place"') == 1


def test_a_quarantine_whose_bytes_are_damaged_is_listed_without_them(
    archivist: FlaskClient, vault: Vault, batch: int
) -> None:
    (path,) = vault.folder.glob("??/*")
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 0xFF  # within the one block
    path.chmod(0o600)
    path.write_bytes(bytes(raw))
    page = _page(archivist)
    assert page.count("dump.ndjson") >= 4
    assert "The\u200b boards" not in page
    assert archivist.get(f"{QUARANTINE}/0").status_code == 200


def _post(client: FlaskClient, path: str, **fields: object) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf_token(client, "/imports"), **fields})


def _text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def _page(client: FlaskClient, path: str = QUARANTINE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status
    return _text(answer)


def _counts(session: Session, batch: int) -> tuple[int, int, int]:
    session.rollback()
    sheet = session.get_one(Batch, batch).sheet
    assert sheet.adds_up
    return sheet.added, sheet.quarantined, sheet.dismissed


def test_each_stretch_has_its_place_reason_and_bytes(archivist: FlaskClient, batch: int) -> None:
    page = _page(archivist)
    assert "In quarantine (4)" in page
    start = len(json.dumps(SUBMISSION)) + 1
    assert f"bytes {start} to {start + len(BROKEN.encode()) + 1}" in page
    assert "Line 2 is not JSON" in page
    assert "&lt;b&gt;The" in page
    assert '<span class="unseen">[U+200B]</span>' in page
    assert "00 01 02 03" in page
    assert page.count("Repair or dismiss") == 4


def test_the_form_that_repairs_a_line_says_what_its_format_is_called(archivist: FlaskClient, batch: int) -> None:
    titles = {known.name: known.title for known in known_formats()}
    assert f"and read as {titles['reddit']}." in _page(archivist, f"{QUARANTINE}/0")
    assert batch == 1


def test_a_reason_narrows_the_list(archivist: FlaskClient, batch: int) -> None:
    page = _page(archivist)
    key = re.search(r'<option value="(\w+)">Line … is not a JSON object. \(2\)', page)
    assert key
    narrowed = _page(archivist, f"{QUARANTINE}?show=open&cause={key[1]}")
    assert narrowed.count("Repair or dismiss") == 2
    assert "Dismiss all 2 of this reason" in narrowed


def test_long_lists_come_in_pages(archivist: FlaskClient, session: Session, vault: Vault) -> None:
    content = json.dumps(SUBMISSION) + "\n" + "[1]\n" * 60
    files = [NamedFile("dump.ndjson", lambda: BytesIO(content.encode()))]
    run_batch(session, vault, receive_files(session, vault, files, collection="history", by=BY), by=BY)
    assert "1 to 25 of 60" in _page(archivist)
    last = _page(archivist, f"{QUARANTINE}?show=open&from=50")
    assert "51 to 60 of 60" in last
    assert 'rel="next"' not in last


def test_an_empty_quarantine_leads_back(archivist: FlaskClient, session: Session, vault: Vault) -> None:
    files = [NamedFile("dump.ndjson", lambda: BytesIO(json.dumps(SUBMISSION).encode()))]
    run_batch(session, vault, receive_files(session, vault, files, collection="history", by=BY), by=BY)
    page = _page(archivist)
    assert "Nothing of this batch is in quarantine: every byte could be read" in page
    assert 'href="/imports/1"' in page
    assert "Nothing of this batch was dismissed" in _page(archivist, f"{QUARANTINE}?show=dismissed")


def _form_text(page: str) -> str:
    found = re.search(r'<textarea id="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found
    return unescape(found[1])


def test_a_stretch_is_mended_in_its_form_and_read_into_its_batch(
    archivist: FlaskClient, session: Session, batch: int
) -> None:
    assert _form_text(_page(archivist, f"{QUARANTINE}/0")) == BROKEN
    answer = _post(archivist, f"{QUARANTINE}/0/repairs", text=WHOLE + "\r\n")
    assert (answer.status_code, answer.headers["Location"]) == (303, QUARANTINE)
    page = _page(archivist)
    assert "The stretch was repaired and read: 1 added. Readers will see it when the batch is published." in page
    assert f'action="{QUARANTINE}/0/undos"' in page
    assert "was repaired and read" not in _page(archivist)
    assert "Repaired (1)" in page
    assert "by <bdi>arno</bdi>" in _page(archivist, f"{QUARANTINE}?show=repaired")
    assert _counts(session, batch) == (2, 3, 0)
    assert _post(archivist, f"{QUARANTINE}/0/undos").status_code == 303
    assert _counts(session, batch) == (1, 4, 0)


def test_what_still_cannot_be_read_says_why_beside_what_was_typed(
    archivist: FlaskClient, session: Session, batch: int
) -> None:
    before = len([*read_entries(session)])
    for text in (BROKEN + "  typed", "x" * 300_000):
        answer = _post(archivist, f"{QUARANTINE}/0/repairs", text=text)
        page = _text(answer)
        assert answer.status_code == 400
        assert 'id="text-error"' in page
        assert re.search(r'id="text"[^>]*aria-invalid="true" aria-describedby="text-error', page)
        if len(text) < 1000:
            assert _form_text(page) == text
            assert "It still cannot be read. Line 1 is not JSON" in page
    assert _counts(session, batch) == (1, 4, 0)
    assert len([*read_entries(session)]) == before


def test_a_published_batch_says_that_readers_see_a_repair(
    archivist: FlaskClient, client: FlaskClient, session: Session, batch: int
) -> None:
    publish(session, batch, by=BY)
    assert "shown to readers at once" in _page(archivist, f"{QUARANTINE}/0")
    _post(archivist, f"{QUARANTINE}/0/repairs", text=WHOLE)
    assert "Readers see it: the batch is published." in _page(archivist)


def test_what_was_typed_is_shown_again_where_somebody_was_faster(
    archivist: FlaskClient, session: Session, batch: int, vault: Vault
) -> None:
    with import_lock(session, vault.folder, what="another"):
        answer = _post(archivist, f"{QUARANTINE}/0/repairs", text=WHOLE)
    assert answer.status_code == 409
    assert _form_text(_text(answer)) == WHOLE
    _post(archivist, f"{QUARANTINE}/0/dismissals", reason="damaged")
    answer = _post(archivist, f"{QUARANTINE}/0/repairs", text=WHOLE)
    assert answer.status_code == 409
    assert "The boards did." in _text(answer)


def test_a_stretch_is_dismissed_for_a_reason_and_taken_back(
    archivist: FlaskClient, session: Session, batch: int
) -> None:
    answer = _post(archivist, f"{QUARANTINE}/0/dismissals", reason="other", words="")
    assert answer.status_code == 400
    assert "Say in words what the other reason is." in _text(answer)
    assert _post(archivist, f"{QUARANTINE}/0/dismissals", reason="other", words="<i>Torn").status_code == 303
    assert "The stretch was dismissed." in _page(archivist)
    page = _page(archivist, f"{QUARANTINE}?show=dismissed")
    assert "Dismissed: Another reason, in words, “<bdi>&lt;i&gt;Torn</bdi>”" in page
    assert _counts(session, batch) == (1, 3, 1)
    sheet = _page(archivist, "/imports/1")
    assert "Dismissed</th>" in sheet
    assert "1 stretch that could not be read was repaired or dismissed" in sheet
    assert "Line 2 is not JSON" not in sheet
    _post(archivist, f"{QUARANTINE}/0/undos")
    assert _counts(session, batch) == (1, 4, 0)


@pytest.mark.parametrize("path", [f"{QUARANTINE}/1", QUARANTINE])
def test_a_dismissal_has_the_reason_that_was_chosen_or_none(
    archivist: FlaskClient, session: Session, batch: int, path: str
) -> None:
    form = path if path != QUARANTINE else f"{QUARANTINE}/dismissals"
    assert " selected" not in _page(archivist, form)
    rest = {"count": 4, "cause": ""}
    unsaid = _post(archivist, f"{path}/dismissals", reason="", words="of no use", **rest)
    assert unsaid.status_code == 400
    assert '<span class="field-error" id="reason-error">Choose a reason.' in _text(unsaid)
    assert 'value="of no use"' in _text(unsaid)
    wordless = _post(archivist, f"{path}/dismissals", reason="other", words="", **rest)
    assert wordless.status_code == 400
    assert re.findall(r'<option value="(\w+)" selected>', _text(wordless)) == ["other"]
    assert _counts(session, batch) == (1, 4, 0)


def test_all_of_one_reason_are_dismissed_after_a_look_and_taken_back_at_once(
    archivist: FlaskClient, session: Session, batch: int
) -> None:
    key = re.search(r'<option value="(\w+)">Line … is not a JSON object. \(2\)', _page(archivist))
    assert key
    look = _page(archivist, f"{QUARANTINE}/dismissals?cause={key[1]}")
    assert "Dismiss 2 stretches" in look
    assert "[1]" in look
    stale = _post(archivist, f"{QUARANTINE}/dismissals", cause=key[1], count=3, reason="no_post")
    assert stale.status_code == 409
    assert _counts(session, batch) == (1, 4, 0)
    assert _post(archivist, f"{QUARANTINE}/dismissals", cause=key[1], count=2, reason="no_post").status_code == 303
    assert _counts(session, batch) == (1, 2, 2)
    page = _page(archivist)
    assert "2 stretches were dismissed." in page
    undo = re.search(r'action="(/imports/1/quarantine/acts/[0-9]+/undos)"', page)
    assert undo
    assert undo[1] not in _page(archivist)
    later = _page(archivist, f"{QUARANTINE}?show=dismissed")
    assert re.search(rf'action="{undo[1]}".*Take all 2 back', later)
    assert _post(archivist, undo[1]).status_code == 303
    assert _counts(session, batch) == (1, 4, 0)
    assert _post(archivist, undo[1]).status_code == 409
    assert "Dismissed together" not in _page(archivist, f"{QUARANTINE}?show=dismissed")


def test_what_cannot_be_mended_says_what_to_do(archivist: FlaskClient, batch: int) -> None:
    page = _page(archivist, f"{QUARANTINE}/3")
    assert "Its bytes are no text. Mend the file and import it anew." in page
    assert 'id="text"' not in page


def test_a_rolled_back_batch_offers_no_form(archivist: FlaskClient, session: Session, batch: int) -> None:
    roll_back(session, batch, reason="", by=BY)
    page = _page(archivist)
    assert "was rolled back" in page
    assert '<form method="post"' not in page.partition("<main")[2]
    assert 'id="text"' not in _page(archivist, f"{QUARANTINE}/0")
    assert _post(archivist, f"{QUARANTINE}/0/repairs", text=WHOLE).status_code == 409


def test_what_is_not_there_is_not_found(archivist: FlaskClient, batch: int) -> None:
    assert archivist.get("/imports/9/quarantine").status_code == 404
    assert archivist.get(f"{QUARANTINE}/77").status_code == 404
    assert _post(archivist, f"{QUARANTINE}/77/undos").status_code == 409
    assert archivist.get(f"{QUARANTINE}?show=nothing").status_code == 400


@pytest.mark.parametrize("role", ["reader", "moderator", None])
@pytest.mark.usefixtures("batch")
def test_nobody_else_sees_or_changes_it(
    client: FlaskClient, make_user: Callable, log_in: Callable, session: Session, role: str | None
) -> None:
    if role:
        make_user("maud", role)
        log_in(client, "maud")
    for path in (QUARANTINE, f"{QUARANTINE}/0", f"{QUARANTINE}/dismissals"):
        answer = client.get(path)
        assert answer.status_code in (302, 303, 403)
        assert "The boards" not in _text(answer)
    token = csrf_token(client, "/codebook" if role else "/login")
    for path in (f"{QUARANTINE}/0/repairs", f"{QUARANTINE}/0/dismissals", f"{QUARANTINE}/dismissals"):
        answer = client.post(path, data={"csrf_token": token, "text": WHOLE, "reason": "damaged", "count": 4})
        assert answer.status_code in (302, 303, 401, 403)
    assert _counts(session, 1) == (1, 4, 0)


def test_nothing_is_done_without_the_token_of_the_form(archivist: FlaskClient, session: Session, batch: int) -> None:
    for path in ("0/repairs", "0/dismissals", "dismissals", "0/undos", "acts/1/undos"):
        assert archivist.post(f"{QUARANTINE}/{path}", data={"text": WHOLE, "reason": "damaged"}).status_code == 400
    assert _counts(session, batch) == (1, 4, 0)


def test_an_act_of_a_number_that_no_database_holds_is_not_found(archivist: FlaskClient) -> None:
    token = csrf_token(archivist, "/imports")
    answer = archivist.post(f"/imports/1/quarantine/acts/{2**63}/undos", data={"csrf_token": token})
    assert answer.status_code == 404
