"""Collections by whatever name, and their feeds."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from archive.services.ingest.publish import publish
from archive.services.ingest.receive import receive_paths
from archive.services.ingest.run import run_batch
from archive.services.ledger import Actor
from archive.store.vault import Vault

pytestmark = pytest.mark.database("sqlite")

ATOM = "{http://www.w3.org/2005/Atom}"
BY = Actor(None, "test")


def bring_in(session: Session, vault: Vault, folder: Path, *, collection: str, public: bool = True) -> None:
    file = folder / "thread.txt"
    file.write_text("Why <b>so</b>?\n\nby asker_one\n\nanswerer_two\n\nBecause of this & that.\n", "utf-8")
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
