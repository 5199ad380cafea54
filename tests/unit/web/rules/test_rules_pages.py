import re
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from archive.domain.bench_rules import BenchRules
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import publish
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.vault import Vault
from tests.conftest import csrf_token
from tests.fillings import filling_for

RULES = "/collections/water/rules"
TEXT = b"Who paid for the dykes?\n\nby clio_reads7\n\nwriter1x\n\nThe counts did.\n"


BY = Actor.of(None)


def _publish(session: Session, vault: Vault) -> None:
    batch = receive_files(session, vault, [NamedFile("a.txt", partial(BytesIO, TEXT))], collection="Water", by=BY)
    run_batch(session, vault, batch, by=BY)
    publish(session, batch, by=BY)


filling = filling_for(admin=_publish)


@pytest.fixture
def admin(somebody: Callable[[str, str], FlaskClient]) -> FlaskClient:
    """An admin with a browser, in an archive with one collection."""
    return somebody("alkmaar", "admin")


def send(client: FlaskClient, **fields: object) -> tuple[int, str]:
    """Send the form of the page with the usual rules, but for some fields."""
    token = csrf_token(client, RULES)
    form = {**asdict(BenchRules()), "version": 0, "csrf_token": token, **fields}
    answer = client.post(RULES, data=form, follow_redirects=True)
    return answer.history[0].status_code if answer.history else answer.status_code, answer.get_data(as_text=True)


def value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found
    return found[1]


def chosen(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)" required checked', page)
    assert found
    return found[1]


def test_the_usual_rules_stand_in_the_form_with_what_they_mean(admin: FlaskClient) -> None:
    page = admin.get(RULES).get_data(as_text=True)
    assert "Nobody has set any yet: these are the usual ones." in page
    assert (chosen(page, "votes_needed"), chosen(page, "showing"), value(page, "uncertain_percent")) == (
        "1",
        "marks",
        "60",
    )
    assert re.search(r'<th scope="row">Least sure</th><td class="num">12</td>', page)
    assert f'href="{RULES}"' in admin.get("/collections/water").get_data(as_text=True)


def test_rules_are_set_and_said_to_be_in_force(admin: FlaskClient) -> None:
    status, page = send(admin, votes_needed=2, showing="blind", audit_percent=10)
    assert status == 303
    assert "These rules are in force." in page
    assert (chosen(page, "votes_needed"), chosen(page, "showing"), value(page, "audit_percent")) == ("2", "blind", "10")
    assert value(page, "version") == "1"


def test_answers_that_are_decided_by_new_rules_are_counted(
    admin: FlaskClient, maud: FlaskClient, session: Session
) -> None:
    send(admin, votes_needed=2)
    address = "/moderation/bulk?q=counts"
    ticks = re.findall(r'name="answer" value="([^"]+)" checked', maud.get(address).get_data(as_text=True))
    maud.post(address, data={"answer": ticks, "level": "cited", "csrf_token": csrf_token(maud, address)})
    page = admin.get(RULES).get_data(as_text=True)
    assert "those of the 1 answer that waits for another vote that have enough" in page
    _, page = send(admin, votes_needed=1, version=1)
    assert "1 answer has enough votes by them and is decided now." in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"uncertain_percent": 90}, "The four shares of the queue make 120 percent"),
        ({"uncertain_percent": "many"}, "A share is a whole number from 0 to 100"),
        ({"votes_needed": 9}, "An answer needs 1 to 3 votes."),
        ({"showing": "all"}, "The form has “all” for showing"),
    ],
)
def test_rules_that_cannot_be_stay_in_the_form_with_the_reason(
    admin: FlaskClient, fields: dict[str, object], sentence: str
) -> None:
    status, page = send(admin, audit_percent=7, second_percent=13, **fields)
    assert status == 422
    assert sentence.replace("120", "120") in page
    assert (value(page, "audit_percent"), value(page, "second_percent")) == ("7", "13")
    assert value(admin.get(RULES).get_data(as_text=True), "version") == "0"


def test_whoever_comes_second_is_told_and_keeps_what_was_typed(
    admin: FlaskClient, somebody: Callable[[str, str], FlaskClient]
) -> None:
    send(somebody("zwolle", "admin"), votes_needed=2)
    status, page = send(admin, votes_needed=3, random_percent=15)
    assert status == 409
    assert "Somebody set other rules after your page was made." in page
    assert "2 votes an answer" in page
    assert (chosen(page, "votes_needed"), value(page, "random_percent"), value(page, "version")) == ("3", "15", "1")
    assert "by what is typed above" in page


def test_only_admins_are_led_there(admin: FlaskClient, maud: FlaskClient) -> None:
    assert maud.get(RULES).status_code == 403
    assert RULES not in maud.get("/collections/water").get_data(as_text=True)
    assert admin.get("/collections/nowhere/rules").status_code == 404
