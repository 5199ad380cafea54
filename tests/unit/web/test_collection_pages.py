"""Collections by whatever name: their pages, what archivists say of them, and the weight of the front page."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from archive.services.ingest.publish import publish
from archive.services.ingest.receive import receive_paths
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.vault import Vault
from archive.web.static_files import files
from tests.conftest import csrf_token

pytestmark = pytest.mark.database("sqlite")

MOST_FRONT_BYTES = 20_000  # the front page with its stylesheet, compressed
ATOM = "{http://www.w3.org/2005/Atom}"
BY = Actor(None, "test")
TEXT = "Why <b>so</b>?\n\nby asker_one\n\nanswerer_two\n\nBecause of this & that.\n"


def bring_in(
    session: Session, vault: Vault, folder: Path, *, collection: str, public: bool = True, text: str = TEXT
) -> None:
    file = folder / "thread.txt"
    file.write_text(text, "utf-8")
    batch = receive_paths(session, vault, [file], collection=collection, by=BY)
    run_batch(session, vault, batch, by=BY)
    if public:
        publish(session, batch, by=BY)
    session.rollback()


@pytest.mark.parametrize("name", ["History", "Käse & 日本史", "Πόλεις — cities", "R2D2"])
def test_a_collection_of_any_name_has_a_page_and_a_feed(
    client: FlaskClient, session: Session, vault: Vault, tmp_path: Path, name: str
) -> None:
    bring_in(session, vault, tmp_path, collection=name)
    slug = client.get("/").text.partition('<a href="/collections/')[2].partition('"')[0]
    assert client.get(f"/collections/{slug}").status_code == 200
    feed = ET.fromstring(client.get(f"/collections/{slug}/feed.atom").data)
    assert feed.findtext(f"{ATOM}title") == name
    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == "Why <b>so</b>?"
    for element in (feed, feed.find(f"{ATOM}entry")):
        assert element is not None
        assert all(element.findtext(f"{ATOM}{part}") for part in ("id", "title", "updated"))


def test_a_day_on_which_nothing_began_leads_to_where_something_did(
    client: FlaskClient, session: Session, vault: Vault, tmp_path: Path
) -> None:
    asked = {"footnote": 1, "thread": "t", "key": "q", "kind": "question", "text": "Why?", "title": "Why?"}
    for name, public in (("History", True), ("Quokka", False)):
        line = json.dumps(asked | {"posted_at": "2014-02-27T10:00:00Z"})
        bring_in(session, vault, tmp_path, collection=name, public=public, text=line)
    calendar = "/collections/history/calendar"
    for empty, ways in (
        ("2014-02-28", {"", "/2014", "/2014-02", "/2014-02-27"}),
        ("2014-07-28", {"", "/2014", "/2014-02-27"}),
        ("2014-07", {"", "/2014", "/2014-02"}),
        ("2016-07-01", {"", "/2014-02-27"}),
        ("2016", {"", "/2014"}),
    ):
        page = client.get(f"{calendar}/{empty}")
        assert page.status_code == 404
        assert "No thread of this collection began " in page.text
        assert set(re.findall(rf'href="{calendar}([^"]*)"', page.text)) == ways, empty
        assert all(client.get(f"{calendar}{way}").status_code == 200 for way in ways)
    for path in ("/collections/quokka/calendar/2014-02-28", f"{calendar}/2014-02-30", f"{calendar}/undated"):
        assert "began" not in client.get(path).text
        assert client.get(path).status_code == 404
    assert client.get("/collections").location == "/"


@pytest.mark.parametrize("query", ["", "because"])
def test_a_search_in_one_collection_says_what_it_is_called(
    client: FlaskClient, session: Session, vault: Vault, tmp_path: Path, query: str
) -> None:
    bring_in(session, vault, tmp_path, collection="Käse & 日本史")
    slug = client.get("/").text.partition('<a href="/collections/')[2].partition('"')[0]
    page = client.get("/search", query_string={"q": query, "collection": slug}).text
    assert "in the collection <bdi>Käse &amp; 日本史</bdi> (" in page


def test_a_search_in_a_collection_of_drafts_says_nothing_of_its_name(
    client: FlaskClient, session: Session, vault: Vault, tmp_path: Path
) -> None:
    bring_in(session, vault, tmp_path, collection="Secret Plans", public=False)
    page = client.get("/search?q=because&collection=secret-plans").text
    assert "in the collection <bdi>secret-plans</bdi> (" in page
    assert "Secret Plans" not in page


def test_a_draft_is_on_no_page_and_in_no_feed(
    client: FlaskClient, session: Session, vault: Vault, tmp_path: Path
) -> None:
    bring_in(session, vault, tmp_path, collection="History", public=False)
    assert "An archive waiting for its first thread" in client.get("/").text
    assert client.get("/collections/history").status_code == 404
    assert client.get("/collections/history/feed.atom").status_code == 404
    assert "Because" not in client.get("/search?q=because").text.partition('<div class="results">')[2]


def test_an_archivist_says_what_a_collection_is_and_readers_are_shown_it_as_text(
    client: FlaskClient, session: Session, vault: Vault, tmp_path: Path, somebody: Callable[[str, str], FlaskClient]
) -> None:
    bring_in(session, vault, tmp_path, collection="History")
    arno, address = somebody("arno", "archivist"), "/collections/history/about"
    assert "Nobody has said under which licence" in client.get("/collections/history").text
    said = {
        "description": "Of <b>old</b> times.\n\nAnd since.",
        "licence": "CC0, https://example.org/cc0",
        "provenance": "",
    }
    form = {**said, "version": "0", "csrf_token": csrf_token(arno, address)}
    assert arno.post(address, data=form).headers["Location"] == f"{address}?stored=1#stored"
    page = client.get("/collections/history").text
    assert "<p>Of &lt;b&gt;old&lt;/b&gt; times.</p><p>And since.</p>" in page
    assert '<a href="https://example.org/cc0"' in page
    assert "Of &lt;b&gt;old&lt;/b&gt; times. And since.</p>" in client.get("/").text
    again = arno.post(address, data={**form, "description": "Another view"})
    assert again.status_code == 409
    assert "Another view" in again.text
    assert "Of &lt;b&gt;old&lt;/b&gt; times." in again.text
    long = arno.post(address, data={**form, "version": "1", "licence": "x" * 501})
    assert long.status_code == 422
    assert "Licence of the texts has at most 500 characters" in long.text
    assert "Say what it is" not in client.get("/collections/history").text


def test_the_page_of_a_collection_tells_its_files_by_hash_and_none_of_a_draft(
    client: FlaskClient, session: Session, vault: Vault, tmp_path: Path
) -> None:
    bring_in(session, vault, tmp_path, collection="History")
    page = client.get("/collections/history/files").text
    assert page.count('<code class="hash">') == 1
    assert ">thread.txt<" in page
    (tmp_path / "more").mkdir()
    file = tmp_path / "more" / "quokka.txt"
    file.write_text("Who saw it?\n\nby asker_one\n\nanswerer_two\n\nNobody.\n", "utf-8")
    batch = receive_paths(session, vault, [file], collection="History", by=BY)
    run_batch(session, vault, batch, by=BY)
    session.rollback()
    assert "quokka" not in client.get("/collections/history/files").text


def test_the_front_page_with_its_stylesheet_weighs_little_and_asks_nobody_else(
    client: FlaskClient, session: Session, vault: Vault, tmp_path: Path
) -> None:
    for name in ("History", "Roads", "Kitchens"):
        bring_in(session, vault, tmp_path, collection=name)
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    weight = len(page.data) + len(files()["footnote.css"].packed)
    print(f"The front page with its stylesheet: {weight:,} bytes.")
    assert page.headers["Content-Encoding"] == "gzip"
    assert weight <= MOST_FRONT_BYTES
    plain = client.get("/").text
    assert plain.count('<link rel="stylesheet"') == 1
    assert not [part for part in plain.split('"') if part.startswith(("http:", "https:", "//"))]
