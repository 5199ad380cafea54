"""robots.txt and the sitemap: everything public is in it once, nothing else is, and forms are left alone."""

import re
import xml.etree.ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive.domain.permissions import ANYBODY
from archive.services.ingest.publish import roll_back
from archive.store import sitemap
from archive.store.threads import Thread
from archive.web.discovery.robots import LEFT
from archive.web.permissions import declared_permissions
from tests.integration.conftest import BY, Archive
from tests.integration.written import BELLS_FILE, DYKES_FILE, SALT_FILE

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def addresses(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.mimetype == "application/xml"
    found = [element.text or "" for element in ET.fromstring(answer.data).iter(f"{SITEMAP}loc")]
    assert all(address.startswith("http://localhost/") for address in found)
    return [address.removeprefix("http://localhost") for address in found]


def test_the_sitemap_has_every_public_thread_once_in_parts(
    client: FlaskClient, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "NUMBERS_A_PART", 2)
    batch = archive.import_(
        {"dykes.txt": DYKES_FILE, "salt.txt": SALT_FILE, "bells.txt": BELLS_FILE}, public=True
    ).batch
    archive.import_({"draft.txt": DYKES_FILE.replace("dykes", "quokkas")}, collection="secret")
    public = {f"/threads/{id_}" for id_ in archive.session.scalars(select(Thread.public_id).where(Thread.public))}
    first, *parts = addresses(client, "/sitemap.xml")
    assert parts == ["/sitemap/threads-1.xml", "/sitemap/threads-2.xml"]
    listed = [address for part in parts for address in addresses(client, part)]
    assert (len(listed), set(listed)) == (3, public)
    assert all(client.get(address).status_code == 200 for address in [*listed, *addresses(client, first)])
    assert "/collections/history/calendar" in addresses(client, first)
    assert "secret" not in client.get(first).text
    kept = client.get(parts[0]).headers["ETag"]
    assert client.get(parts[0], headers={"If-None-Match": kept}).status_code == 304
    archive.session.rollback()
    roll_back(archive.session, batch, reason="", by=BY)
    assert addresses(client, "/sitemap.xml") == [first]
    assert client.get(parts[0]).status_code == 404


@pytest.mark.database("sqlite")
def test_crawlers_are_asked_to_leave_what_needs_a_login_and_nothing_that_is_to_be_read(
    app: Flask, client: FlaskClient
) -> None:
    text = client.get("/robots.txt").text
    assert text.startswith("User-agent: *\nDisallow: ")
    assert text.endswith("\nSitemap: http://localhost/sitemap.xml\n")
    left = re.compile("|".join(re.escape(path).replace(r"\*", ".*") for path in LEFT))
    declared = declared_permissions(app)
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    guarded = [rule.rule for rule in rules if declared[rule.endpoint] not in ANYBODY]
    assert [path for path in guarded if not left.match(path)] == []
    read = ("collections.front", "collections.show", "threads.show", "threads.permalink", "authors.show", "topics.show")
    read += ("calendar.show", "codebook.show", "sources.show", "log.show", "discovery.index", "feeds.thread")
    assert [rule.rule for rule in rules if rule.endpoint in read and left.match(rule.rule)] == []
    assert set(read) <= {rule.endpoint for rule in rules}
