"""Pages for readers without a login are made once, until anything is committed; on both databases."""

import gzip
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient

from archive.domain.source_quality import Level
from archive.web.page_cache import packed_page
from archive.web.reading import COOKIE
from archive.web.warming import warm
from tests.integration.conftest import Archive
from tests.integration.written import ANNALIST, DYKES_FILE

_PACKED = {"Accept-Encoding": "br, gzip"}


@pytest.fixture
def made(app: Flask) -> list[str]:
    """The templates that are rendered, one after the other."""
    names: list[str] = []

    def note(_app: Flask, template: object, **_: object) -> None:
        names.append(str(getattr(template, "name", "")))

    template_rendered.connect(note, app)
    app.extensions["test.kept"] = note  # signals hold their receivers weakly
    return names


@pytest.fixture
def dykes(archive: Archive) -> Archive:
    archive.import_({"dykes.txt": DYKES_FILE}, public=True)
    return archive


def test_a_page_is_made_once_and_sent_packed_plain_or_not_at_all(
    dykes: Archive, client: FlaskClient, made: list[str]
) -> None:
    packed = client.get("/", headers=_PACKED)
    assert (packed.status_code, packed.headers["Content-Encoding"]) == (200, "gzip")
    plain = client.get("/")
    assert gzip.decompress(packed.data) == plain.data
    assert "Content-Encoding" not in client.get("/", headers={"Accept-Encoding": "gzip;q=0, br"}).headers
    unchanged = client.get("/", headers={"If-None-Match": packed.headers["ETag"]})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    head = client.head("/")
    assert (head.data, head.headers["Content-Length"]) == (b"", plain.headers["Content-Length"])
    assert made == ["collections/front.html"]
    for answer in (packed, plain, unchanged, head):
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert {"Cookie", "Accept-Encoding"} <= set(answer.headers.getlist("Vary"))
        assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.usefixtures("dykes")
def test_a_process_that_is_warm_has_made_a_page_of_each_sort(app: Flask, made: list[str]) -> None:
    warm(app)
    assert made == ["collections/front.html", "threads/thread.html"]


def test_a_commit_of_anybody_else_is_seen_at_once(dykes: Archive, client: FlaskClient, made: list[str]) -> None:
    thread = "/threads/" + client.get("/").text.partition('href="/threads/')[2].partition('"')[0]
    before = client.get(thread)
    assert client.get(thread).headers["ETag"] == before.headers["ETag"]
    dykes.judge(ANNALIST, Level.CONJECTURE, dykes.add_moderator("maud"), evidence=[(0, 4)])
    after = client.get(thread, headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, "Reasoned guess" in after.text.partition("<main")[2]) == (200, True)
    dykes.add_moderator("teasel")  # which no thread shows
    assert client.get(thread).headers["ETag"] == after.headers["ETag"]
    assert made.count("threads/thread.html") == 2


@pytest.mark.usefixtures("dykes")
def test_choices_hosts_and_questions_are_kept_apart(app: Flask, client: FlaskClient, made: list[str]) -> None:
    client.set_cookie(COOKIE, "dark.usual.usual")
    assert 'data-theme="dark"' in client.get("/").text
    client.set_cookie(COOKIE, "nobody.knows")
    assert "data-theme" not in client.get("/").text
    client.set_cookie("another", "cookie")
    client.get("/")
    broken = {"Cookie": f'prefs={{"a":1}}; {COOKIE}=dark.large.wide'}
    assert 'data-size="large"' in app.test_client(use_cookies=False).get("/", headers=broken).text
    assert "data-size" not in app.test_client(use_cookies=False).get("/", headers={"Cookie": "x=1"}).text
    client.get("/?x=1")
    client.get("/", headers={"Host": "archive.example"})
    assert len(made) == 5


@pytest.mark.usefixtures("dykes")
def test_a_thread_names_no_host_that_another_reader_asked(client: FlaskClient) -> None:
    thread = "/threads/" + client.get("/").text.partition('href="/threads/')[2].partition('"')[0]
    assert f"http://elsewhere.example{thread}" in client.get(thread, headers={"Host": "elsewhere.example"}).text
    assert "elsewhere.example" not in client.get(thread).text


@pytest.mark.usefixtures("dykes")
def test_who_is_logged_in_gets_a_page_of_their_own(
    client: FlaskClient, app: Flask, make_user: Callable, log_in: Callable
) -> None:
    make_user("arno", "archivist")
    client.get("/")
    log_in(client, "arno")
    own = client.get("/", headers=_PACKED)
    assert "arno" in own.text
    assert own.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in own.headers
    stranger = app.test_client().get("/")
    assert "arno" not in stranger.text
    assert "arno" in client.get("/").text
    spent = app.test_client(use_cookies=False).get("/", headers={"Cookie": "footnote=of-nobody"})
    assert spent.text == stranger.text


@pytest.mark.database("sqlite")
def test_of_many_who_ask_at_once_one_makes_the_page(app: Flask) -> None:
    made, all_there = [], Barrier(4)

    def make() -> bytes:
        made.append(1)
        sleep(0.2)  # seconds, in which the others come
        return b"<p>page</p>"

    def ask(_: int) -> bytes:
        with app.test_request_context():
            all_there.wait()
            return gzip.decompress(packed_page("key", make).data)

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(4))) == {b"<p>page</p>"}
    assert len(made) == 1


def test_an_error_is_never_kept(archive: Archive, client: FlaskClient) -> None:
    assert client.get("/collections/history").status_code == 404
    archive.import_({"dykes.txt": DYKES_FILE}, public=True)
    assert client.get("/collections/history").status_code == 200
