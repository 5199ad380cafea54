"""“Log in” and “Reading” lead back to the page as it was asked for."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.store.threads import Thread
from tests.integration.conftest import Archive
from tests.integration.written import DYKES_FILE

pytestmark = pytest.mark.database("sqlite")


def back(client: FlaskClient, path: str) -> set[str]:
    """Where the links of the page that lead away for a moment lead back to."""
    page = client.get(path).get_data(as_text=True)
    links = [unescape(link) for link in re.findall(r'href="(/(?:login|reading)\?[^"]*)"', page)]
    assert len(links) == 3
    return {parse_qs(urlsplit(link).query)["next"][0] for link in links}


def test_a_search_is_not_lost(client: FlaskClient) -> None:
    assert back(client, "/search?q=salt+tax&sort=newest") == {"/search?q=salt+tax&sort=newest"}


def test_the_page_of_choices_leads_back_to_the_page_before(client: FlaskClient) -> None:
    assert back(client, "/reading?next=/search?q=salt") == {"/search?q=salt"}
    assert back(client, "/login?next=//elsewhere.example") == {"/login?next=//elsewhere.example"}


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("", ""),
        ("?utm=somebody", ""),
        ("?order=posted&after={question}", "?order=posted&after={question}"),
        ("?order=posted&level=cited&level=none", "?level=none&level=cited&order=posted"),
    ],
)
def test_a_thread_keeps_its_order_and_nothing_that_others_put_into_the_address(
    app: Flask, archive: Archive, asked: str, kept: str
) -> None:
    archive.import_({"a.txt": DYKES_FILE}, public=True)
    thread = archive.session.scalars(select(Thread.public_id)).one()
    place, question = f"/threads/{thread}", archive.posts(drafts=False)[0].public_id
    address, wanted = (place + arguments.format(question=question) for arguments in (asked, kept))
    assert back(app.test_client(), address) == {wanted}
