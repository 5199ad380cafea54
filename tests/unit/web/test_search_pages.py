"""What was found, on a page, in a feed and as a table; and what is said of a search that cannot be read."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from archive.domain.signing import Signature
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.publish import publish
from archive.services.ingest.receive import receive_files
from archive.services.ingest.run import run_batch
from archive.settings import Settings
from archive.store.vault import Vault
from tests.fillings import filling_for
from tests.unit.web.test_collection_pages import ATOM, BY

pytestmark = pytest.mark.database("sqlite")

THREAD = "=cmd|' /C calc'!A0 dykes?\n\nby asker_one\n\nmender_two2\n\nDykes were <b>mended</b> & mended.\n"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, moderator_names=Signature.ROLE)


def _publish(session: Session, vault: Vault) -> None:
    files = [NamedFile("thread.txt", lambda: BytesIO(THREAD.encode()))]
    batch = receive_files(session, vault, files, collection="History", by=BY)
    run_batch(session, vault, batch, by=BY)
    publish(session, batch, by=BY)


filling = filling_for(dykes=_publish)


@pytest.fixture
def dykes(client: FlaskClient) -> FlaskClient:
    """A browser, and an archive with one thread."""
    return client


def test_words_that_were_searched_are_marked_and_everything_is_escaped_before(dykes: FlaskClient) -> None:
    page = dykes.get("/search?q=mending").text
    assert 'were &lt;b&gt;<mark class="hit">mended</mark>&lt;/b&gt; &amp; <mark class="hit">mended</mark>' in page
    page = dykes.get("/search", query_string={"q": 'b"><script>alert(1)</script> dykes colour:<b>x'}).text
    assert "<script>alert" not in page
    assert "colour:&lt;b&gt;x" in page


def test_the_page_says_how_it_was_read_and_what_was_left_out(dykes: FlaskClient) -> None:
    page = dykes.get("/search?q=mended -salt colour:water quality:splendid").text
    assert "posts with “mended”, without “salt”; words also in their other endings" in page
    assert "There is no operator “colour”." in page
    assert 'href="/search?q=mended+-salt+water+quality%3Asplendid"' in page
    assert "A level is one of" in page
    assert "drafts, and what was taken down or withdrawn" in page
    page = dykes.get("/search?q=mendde").text
    assert re.search(r'Did you mean <a href="/search\?q=mended"><bdi>mended</bdi></a>\? That finds 1 post\.', page)


def test_hits_are_narrowed_by_what_they_have_in_common_unless_that_is_not_wanted(dykes: FlaskClient) -> None:
    page = dykes.get("/search?q=dykes&order=oldest").text
    assert 'href="/search?q=in%3Aanswer+dykes&amp;order=oldest"' in page
    assert 'href="/search?q=dykes&amp;level=none&amp;order=oldest"' in page
    assert '<option value="oldest" selected>' in page
    page = dykes.get("/search", query_string={"q": 'dykes OR "never there'}).text
    assert 'href="/search?q=in%3Aanswer+%28dykes+OR+%22never+there%22%29"' in page
    page = dykes.get("/search?q=dykes NOT").text
    assert 'href="/search?q=in%3Aanswer+dykes+NOT"' in page
    assert "Narrow this search" not in dykes.get("/search?q=dykes&facets=no").text
    assert dykes.get("/search?q=dykes&order=loudest").status_code == 400


def test_a_search_has_a_feed_a_table_and_data(dykes: FlaskClient) -> None:
    page = dykes.get("/search?q=dykes").text
    for place in ("/search.atom", "/search.csv", "/api/v1/search"):
        assert f'href="{place}?q=dykes"' in page
    feed = ET.fromstring(dykes.get("/search.atom?q=dykes").data)
    assert feed.findtext(f"{ATOM}title") == "Search: dykes"
    assert len(feed.findall(f"{ATOM}entry")) == 2
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        assert all(element.findtext(f"{ATOM}{part}") for part in ("id", "title", "updated"))
    assert not ET.fromstring(dykes.get("/search.atom?q=-dykes").data).findall(f"{ATOM}entry")
    answer = dykes.get("/search.csv?q=mended")
    assert answer.mimetype == "text/csv"
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert row["title"].startswith("'=cmd")
    assert (row["kind"], row["author"], row["level"]) == ("answer", "mender_two2", "none")
    assert row["words"] == "Dykes were <b>mended</b> & mended."


def test_who_decided_is_searched_by_moderators_where_readers_see_no_names(
    dykes: FlaskClient, somebody: Callable[[str, str], FlaskClient]
) -> None:
    assert "for moderators" in dykes.get("/search?q=by:maud dykes").text
    assert "by:maud" not in dykes.get("/search").text
    maud = somebody("maud", "moderator")
    assert "tagged by the moderator “maud”" in maud.get("/search?q=by:maud dykes").text
    page = maud.get("/search?q=mended in:answer").text
    assert 'href="/moderation/queue?q=mended+in%3Aanswer"' in page


def test_nothing_asked_shows_what_can_be_typed(client: FlaskClient) -> None:
    page = client.get("/search").text
    for example in ("quality:recollected..cited", "date:2012..2014-06", "score:&gt;10", "=purges"):
        assert f"<code>{example}</code>" in page
