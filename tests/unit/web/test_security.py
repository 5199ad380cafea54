"""What every response says to the browser, and what a form must prove."""

import dataclasses
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.app import create_app
from archive.settings import Settings
from archive.store.database import db
from archive.web.security import HEADERS

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def behind_tls(settings: Settings) -> Iterator[FlaskClient]:
    """The application at an address with https."""
    app = create_app(dataclasses.replace(settings, public_url="https://archive.example"))
    yield app.test_client()
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("path", ["/", "/codebook", "/search", "/reading", "/login", "/nothing/here", "/static/x/y"])
def test_every_page_and_error_carries_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert "Server" not in headers


def test_nothing_promised_is_missing_among_the_headers() -> None:
    assert HEADERS["X-Content-Type-Options"] == "nosniff"
    assert HEADERS["X-Frame-Options"] == "DENY"
    assert HEADERS["Referrer-Policy"] == "same-origin"
    assert HEADERS["Cross-Origin-Opener-Policy"] == HEADERS["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in HEADERS["Permissions-Policy"]
    for part in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert part in HEADERS["Content-Security-Policy"]


def test_static_files_carry_them_and_may_be_kept_for_ever(client: FlaskClient) -> None:
    address = re.search(r'href="(/static/[^"]+\.css)"', client.get("/").text)
    assert address
    answer = client.get(address[1])
    assert answer.status_code == 200
    assert answer.mimetype == "text/css"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(re.sub(r"/static/\w+/", "/static/0000000000000000/", address[1])).status_code == 404


def test_without_tls_nothing_claims_it(client: FlaskClient) -> None:
    answer = client.get("/reading")
    assert "Strict-Transport-Security" not in answer.headers
    assert "Secure" not in answer.headers["Set-Cookie"]


def test_behind_tls_cookies_are_bound_to_the_host_and_to_tls(behind_tls: FlaskClient) -> None:
    answer = behind_tls.get("/reading")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-footnote-form=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookie
    assert "Domain" not in cookie


def test_pages_for_strangers_hold_no_token_and_set_no_cookie(client: FlaskClient) -> None:
    for path in ("/", "/codebook", "/search"):
        answer = client.get(path)
        assert "csrf" not in answer.text
        assert "Set-Cookie" not in answer.headers


def test_a_form_without_its_token_is_refused_in_words(client: FlaskClient) -> None:
    answer = client.post("/reading", data={"theme": "dark"})
    assert answer.status_code == 400
    assert "Load the page again" in answer.text
    assert "footnote-reading" not in answer.headers.get("Set-Cookie", "")


def test_the_token_of_one_browser_is_no_good_in_another(app: Flask) -> None:
    one, other = app.test_client(), app.test_client()
    token = _token(one)
    _token(other)
    assert other.post("/reading", data={"theme": "dark", "csrf_token": token}).status_code == 400
    assert one.post("/reading", data={"theme": "dark", "csrf_token": token}).status_code == 303


def test_a_reader_keeps_theme_and_size_and_comes_back(client: FlaskClient) -> None:
    form = {"theme": "dark", "size": "large", "next": "/codebook", "csrf_token": _token(client)}
    answer = client.post("/reading", data=form)
    assert answer.headers["Location"] == "/codebook"
    assert '<html lang="en" data-theme="dark" data-size="large">' in client.get("/codebook").text


def test_a_cookie_that_nobody_of_us_made_changes_nothing(client: FlaskClient) -> None:
    client.set_cookie("footnote-reading", '"><script>.large')
    assert '<html lang="en">' in client.get("/codebook").text


def _token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/reading").text)
    assert found
    return found[1]
