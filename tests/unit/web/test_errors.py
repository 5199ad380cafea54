"""Errors are pages: the right status, a sentence, one h1, the same headers, nothing inside told."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, abort

from archive.domain.permissions import Permission
from archive.errors import ArchiveError
from archive.services.browse import NotFoundError
from archive.web.errors import HTTP_STATUS, PAGES, http_status
from archive.web.permissions import needs
from archive.web.security import HEADERS
from tests.conftest import csrf_token

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def failing(app: Flask) -> Callable[[Exception | int], FlaskClient]:
    """A client whose /fail fails as it is told to."""
    app.testing = False
    told: list[Exception | int] = []

    @needs(Permission.READ)
    def fail() -> str:
        if isinstance(told[-1], int):
            abort(told[-1])
        raise told[-1]

    app.add_url_rule("/fail", "fail", fail)

    def with_error(error: Exception | int) -> FlaskClient:
        told.append(error)
        return app.test_client()

    return with_error


@pytest.mark.parametrize("status", sorted(PAGES))
def test_each_status_has_a_page(failing: Callable, status: int) -> None:
    answer = failing(status if status != 500 else RuntimeError("secret of the house")).get("/fail")
    assert answer.status_code == status
    assert answer.text.count("<h1") == 1
    assert PAGES[status][0] in answer.text
    assert "secret" not in answer.text
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_an_error_of_ours_says_its_own_sentence(failing: Callable) -> None:
    answer = failing(ArchiveError("The <b>kettle</b> is empty.")).get("/fail")
    assert answer.status_code == 400
    assert "The &lt;b&gt;kettle&lt;/b&gt; is empty." in answer.text


def test_the_most_particular_status_wins() -> None:
    class LostThreadError(NotFoundError):
        pass

    assert http_status(LostThreadError("thread")) == 404
    assert http_status(ArchiveError("x")) == 400
    assert set(HTTP_STATUS.values()) <= set(PAGES)


def test_a_locked_database_asks_to_come_back(failing: Callable) -> None:
    answer = failing(OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))).get("/fail")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_what_was_sent_to_a_locked_database_can_be_sent_again_as_it_was(app: Flask, client: FlaskClient) -> None:
    def fail() -> None:
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    app.add_url_rule("/fail", view_func=fail, methods=["POST"])
    token = csrf_token(client, "/login")
    page = client.post("/fail?at=2", data={"csrf_token": token, "level": "cited", "note": 'He says "so" <b>.'}).text
    assert '<form method="post" action="/fail?at=2">' in page
    assert '<input type="hidden" name="level" value="cited">' in page
    assert 'value="He says &#34;so&#34; &lt;b&gt;."' in page
    assert f'name="csrf_token" value="{token}"' in page
    assert ">Send it again</button>" in page
    assert "wallflower" not in client.post("/fail", data={"csrf_token": token, "password": "wallflower"}).text


@pytest.mark.parametrize("state", ["55P03", "40P01"])
def test_a_lock_that_is_not_given_in_time_asks_to_come_back(failing: Callable, state: str) -> None:
    error = Exception("canceling statement")
    error.sqlstate = state  # type: ignore[attr-defined]
    answer = failing(OperationalError("UPDATE post", {}, error)).get("/fail")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_a_broken_database_tells_nothing_of_itself(failing: Callable) -> None:
    answer = failing(OperationalError("SELECT cellar", {}, Exception("no such table: cellar"))).get("/fail")
    assert answer.status_code == 500
    assert "cellar" not in answer.text


def test_what_cannot_be_done_there_is_405_and_says_what_can(client: FlaskClient) -> None:
    answer = client.put("/codebook")
    assert answer.status_code in (400, 405)
    assert client.options("/codebook").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/threads/%ff%fe",
        "/threads/" + "0" * 5000,
        "/threads/%00",
        "/posts/..%2f..%2fetc%2fpasswd",
        "/collections/%F0%9F%92%A9",
        "/collections/%27%20OR%201=1",
        "/originals/" + "g" * 64,
        "/%2e%2e/%2e%2e/etc/passwd",
        "/threads/0123456789abcd?level=bogus",
        "/threads/0123456789abcd?order=%00",
        "/collections/nowhere?before=99999999999999999999999",
        "/collections/nowhere?before=-1",
        "/collections/nowhere?before=%D9%A3",
        "/search?q=x&page=0",
        "/search?q=x&page=1e9",
        "/search?q=x&level=%ff",
        "/search?q=" + "x" * 5000,
        "/search?q=x&author=" + "y" * 5000,
        "/nothing?" + "a=b&" * 500,
    ],
)
def test_bad_bytes_in_an_address_are_a_mistake_of_whoever_asks(client: FlaskClient, path: str) -> None:
    assert 400 <= client.get(path).status_code < 500


@pytest.mark.parametrize("path", ["/search?q=%00%ff%0a", "/search?q=%22%22%27)(*-NEAR", "/search?q=&level=none"])
def test_odd_questions_are_answered(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_every_page_for_a_status_is_of_a_kind_that_http_knows() -> None:
    for status in PAGES:
        with pytest.raises(HTTPException):
            abort(status)


@pytest.mark.parametrize("path", ["/codebook", "/search?q=a%20b"])
def test_a_slash_too_many_leads_to_the_address_without_it(client: FlaskClient, path: str) -> None:
    address, mark, query = path.partition("?")
    answer = client.get(f"{address}/{mark}{query}")
    assert (answer.status_code, answer.headers["Location"]) == (301, path)
    assert client.post("/login/").status_code == 404


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "/nowhere/", "/codebook//"])
def test_a_slash_too_many_leads_nowhere_else(client: FlaskClient, path: str) -> None:
    assert client.get("/", environ_overrides={"PATH_INFO": path}).status_code == 404
