"""The public log: narrowed, page by page, each line by its address, and as a feed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.signing import Signature
from archive.services.ingest.publish import roll_back
from archive.services.ledger import Actor
from archive.settings import Settings
from archive.store.public_log import LogEntry
from tests.conftest import csrf_token
from tests.fillings import Master, filling_for
from tests.integration.citing import FORGETFUL
from tests.unit.web.citing import league_by_ida
from tests.unit.web.objections.test_objection_pages import html, question, reply

_ATOM = {"atom": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def signature() -> Signature:
    return Signature.NAME


@pytest.fixture
def settings(settings: Settings, signature: Signature) -> Settings:
    return replace(settings, moderator_names=signature)


filling = filling_for(answers=league_by_ida)


@pytest.fixture
def answers(master: Master) -> Mapping[str, str]:
    """Four answers, all tagged by ida."""
    return master.made


@pytest.fixture
def maud(client: FlaskClient, answers: Mapping[str, str], somebody: Callable[[str, str], FlaskClient]) -> FlaskClient:
    """A moderator with a browser, who gave another level on an objection and took that back."""
    maud = somebody("maud", "moderator")
    question(client, answers[FORGETFUL])
    reply(maud, "reversals", level="pinpoint")
    maud.post("/moderation/undo", data={"csrf_token": csrf_token(maud, "/moderation")})
    return maud


def entries(client: FlaskClient, address: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="entry-(\d+)"', html(client, address))]


def test_an_archive_in_which_nothing_was_decided_says_so(client: FlaskClient) -> None:
    assert "Nobody has decided on anything yet" in html(client, "/log")
    assert 'href="/log"' in html(client, "/")


def test_a_line_says_what_was_decided_by_whom_and_leads_to_where_it_is_told(
    client: FlaskClient, maud: FlaskClient, answers: Mapping[str, str]
) -> None:
    page = html(client, "/log")
    assert entries(client, "/log") == [7, 6, 5, 4, 3, 2, 1]
    assert "Objection answered" in page
    assert "Taken back" in page
    assert "by <bdi>ida</bdi>" in page
    for number, place in [(7, "decision-6"), (6, "/objections/1"), (5, "decision-5")]:
        answer = client.get(f"/log/{number}")
        assert answer.status_code == 302
        assert place in answer.headers["Location"]
        told = html(client, answer.headers["Location"])
        assert "decision" not in place or f'id="{place}"' in told
    assert client.get("/log/99").status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("act=answer", [6]),
        ("act=undo", [7]),
        ("level=pinpoint", [6, 5]),
        ("who=ida", [4, 3, 2, 1]),
        ("collection=league", [7, 6, 5, 4, 3, 2, 1]),
        ("collection=nowhere", []),
        ("who=maud&act=tag", [5]),
        ("before=3", [2, 1]),
        ("before=5&act=tag", [4, 3, 2, 1]),
        ("to=1999-12-31", []),
    ],
)
def test_the_log_is_narrowed_by_its_address(
    client: FlaskClient, maud: FlaskClient, asked: str, found: list[int]
) -> None:
    assert entries(client, f"/log?{asked}") == found


def test_days_are_whole_and_of_utc(client: FlaskClient, maud: FlaskClient) -> None:
    today, tomorrow = now().date(), now().date() + timedelta(days=1)
    assert len(entries(client, f"/log?from={today}&to={today}")) == 7
    assert entries(client, f"/log?from={tomorrow}") == []
    assert "Show all of them" in html(client, f"/log?from={tomorrow}")


@pytest.mark.parametrize("asked", ["from=yesterday", "level=best", "act=steal", "before=x", "before=999999999999"])
def test_an_address_that_asks_for_what_there_cannot_be_is_refused(client: FlaskClient, asked: str) -> None:
    assert client.get(f"/log?{asked}").status_code == 400


def test_a_long_log_is_read_page_by_page(
    client: FlaskClient, maud: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where many decisions are of one moment, as those of a whole batch are."""
    monkeypatch.setattr("archive.services.public_log.A_PAGE", 3)
    session.execute(update(LogEntry).values(at=now()))
    session.commit()
    seen, address = [], "/log?collection=league"
    while address:
        seen += entries(client, address)
        found = re.search(r'href="(/log\?[^"]*before=\d+)" rel="next"', html(client, address))
        address = found[1].replace("&amp;", "&") if found else ""
    assert seen == [7, 6, 5, 4, 3, 2, 1]


def test_the_feed_has_the_same_lines_with_their_addresses(client: FlaskClient, maud: FlaskClient) -> None:
    answer = client.get("/log/feed.atom?who=maud&act=tag")
    assert answer.mimetype == "application/atom+xml"
    feed = ET.fromstring(answer.get_data())
    ids = [entry.findtext("atom:id", namespaces=_ATOM) for entry in feed.findall("atom:entry", _ATOM)]
    assert ids == ["http://localhost/log/5"]
    title = feed.findtext("atom:entry/atom:title", namespaces=_ATOM)
    assert title == "Tagged: Cited, with page, the answer by forgetful_fox7"
    assert "/log/feed.atom" in html(client, "/log")


@pytest.mark.parametrize("signature", [Signature.ROLE])
def test_where_roles_are_shown_the_log_neither_tells_names_nor_is_narrowed_by_them(
    client: FlaskClient, maud: FlaskClient
) -> None:
    for address in ("/log", "/log/feed.atom", "/log?who=ida", "/objections/1"):
        page = html(client, address)
        assert not re.search(r"\b(ida|maud)\b", page.replace("who=ida", "").replace("who%3Dida", ""))
        assert "a moderator" in page
    assert entries(client, "/log?who=ida") == entries(client, "/log")
    assert entries(maud, "/log?who=ida") == [4, 3, 2, 1]


def test_what_is_withdrawn_is_in_the_log_no_longer(client: FlaskClient, maud: FlaskClient, session: Session) -> None:
    roll_back(session, 1, reason="", by=Actor.of(None))
    session.rollback()
    assert entries(client, "/log") == []
    assert client.get("/log/1").status_code == 404
    assert "League" not in html(client, "/log")
    assert b"<entry>" not in client.get("/log/feed.atom").get_data()
