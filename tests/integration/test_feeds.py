"""Atom feeds: of a collection, a thread, an author and the log; for any reader of feeds, and with nothing hidden."""

import xml.etree.ElementTree as ET

import feedparser
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.domain.source_quality import Level
from archive.store.threads import Author, Thread
from archive.web.search import views
from tests.integration.conftest import Archive
from tests.integration.taking_down import Two
from tests.integration.test_numbered_threads import asked, comment, dump
from tests.integration.written import thread

pytestmark = pytest.mark.database("sqlite")

ATOM = "{http://www.w3.org/2005/Atom}"
ANN, BOB = "ann_asker4", "bob_1204"
REQUIRED = ("id", "title", "updated")
HOSTILE = 'Why <b>so</b> & ]]> "now"\x01?'
SECRET = ("quokka", "numbat")


@pytest.fixture
def feeds(archive: Archive, quick_passwords: object) -> dict[str, str]:
    """The address of a feed of each kind. An answer is tagged, one is taken down, and one is a draft."""
    said = thread(HOSTILE, [(ANN, "Because ]]> of <this>."), (BOB, "The quokka.")])
    archive.import_({"a.txt": said}, public=True)
    archive.import_({"b.txt": thread("A numbat?", [(BOB, "The numbat did.")])})
    archive.judge(ANN, Level.CITED, archive.add_moderator("maud"))
    archive.add_moderator("ida")
    Two(archive, ("maud", "ida")).take_down(archive.answer(BOB).public_id)
    public = archive.session.scalars(select(Thread.public_id).where(Thread.public)).one()
    ann = archive.session.scalars(select(Author.public_id).where(Author.name == ANN)).one()
    return {
        "collection": "/collections/history/feed.atom",
        "thread": f"/threads/{public}/feed.atom",
        "author": f"/authors/{ann}/feed.atom",
        "log": "/log/feed.atom",
        "search": "/search.atom?q=because",
    }


def test_every_feed_is_read_by_others_and_holds_what_atom_asks_for(client: FlaskClient, feeds: dict[str, str]) -> None:
    for kind, address in feeds.items():
        answer = client.get(address)
        assert answer.mimetype == "application/atom+xml"
        parsed = feedparser.parse(answer.data)
        assert not parsed.bozo, kind
        assert len(parsed.entries) == 1, kind
        root = ET.fromstring(answer.data)
        entries = root.findall(f"{ATOM}entry")
        for element in (root, *entries):
            assert all(element.findtext(ATOM + part) for part in REQUIRED), kind
        assert all(entry.findtext(f"{ATOM}author/{ATOM}name") for entry in entries), kind
        links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
        assert links["self"] == f"http://localhost{address}"
        page = client.get(links["alternate"] or "")
        assert page.status_code == 200
        assert 'type="application/atom+xml"' in page.text, kind
        assert f'href="{address}"' in page.text, kind


def test_an_entry_says_in_words_how_an_answer_knows(client: FlaskClient, feeds: dict[str, str]) -> None:
    same = []
    for kind in ("thread", "author", "search"):
        (entry,) = feedparser.parse(client.get(feeds[kind]).data).entries
        same.append((entry.id, entry.title, entry.updated, entry.author, entry.summary))
        assert entry.title.startswith(f'Answer by {ANN}: Why <b>so</b> & ]]> "now"')
        assert entry.summary == "Cited; not checked. Because ]]> of <this>."
    assert len(set(same)) == 1
    (entry,) = feedparser.parse(client.get(feeds["collection"]).data).entries
    assert entry.summary == "1 answer: 1 Cited; not checked"


def test_the_feed_of_a_search_has_what_came_last_however_old_it_is(
    client: FlaskClient, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_ENTRIES", 2)
    archive.import_({"a.ndjson": dump(asked(), comment(1), comment(2))}, public=True)
    archive.import_({"b.ndjson": dump(comment(3, at=1), comment(4, at=0))}, public=True)
    entries = feedparser.parse(client.get("/search.atom?q=words").data).entries
    assert [entry.summary[-2:] for entry in entries] == ["4.", "3."]


def test_what_is_taken_down_or_a_draft_is_in_no_feed(client: FlaskClient, feeds: dict[str, str]) -> None:
    for kind, address in feeds.items():
        text = client.get(address).text.lower()
        assert not [word for word in SECRET if word in text], kind


def test_whoever_has_a_feed_is_sent_it_again_only_when_something_has_changed(
    client: FlaskClient, archive: Archive, feeds: dict[str, str]
) -> None:
    address = feeds["thread"]
    first = client.get(address)
    kept = {"If-None-Match": first.headers["ETag"]}
    assert client.get(address, headers=kept).status_code == 304
    archive.judge(ANN, Level.PINPOINT, archive.person("maud"))
    again = client.get(address, headers=kept)
    assert again.status_code == 200
    assert "Cited, with page" in again.text


def test_no_feed_nor_sitemap_is_known_by_its_date_for_what_goes_leaves_the_newest_date_as_it_was(
    client: FlaskClient, feeds: dict[str, str]
) -> None:
    for address in (*feeds.values(), "/sitemap.xml", "/sitemap/threads-1.xml"):
        answer = client.get(address, headers={"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"})
        assert answer.status_code == 200, address
        assert answer.headers["ETag"], address
        assert "Last-Modified" not in answer.headers, address
