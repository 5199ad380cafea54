"""How a reader likes to read: three choices in a cookie, and what a page makes of them."""

import pytest
from flask.testing import FlaskClient

from archive.web.reading import Measure, Reading, Size, Theme, reading_of
from tests.conftest import csrf_token


@pytest.mark.parametrize(
    ("code", "reading"),
    [
        ("dark.large.wide", Reading(Theme.DARK, Size.LARGE, Measure.WIDE)),
        ("system.usual.usual", Reading()),
        ("dark.large", Reading()),
        ('"><script>', Reading()),
        ("", Reading()),
    ],
)
def test_a_cookie_that_we_did_not_write_counts_as_none(code: str, reading: Reading) -> None:
    assert reading_of(code) == reading


@pytest.mark.database("sqlite")
def test_choices_are_kept_and_every_page_is_made_by_them(client: FlaskClient) -> None:
    assert "data-measure" not in client.get("/codebook").text
    form = {"theme": "light", "size": "large", "measure": "narrow", "next": "/codebook"}
    answer = client.post("/reading", data={**form, "csrf_token": csrf_token(client, "/reading")})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/codebook")
    page = client.get("/codebook").text
    assert '<html lang="en" data-theme="light" data-size="large" data-measure="narrow">' in page
    choices = client.get("/reading").text
    assert 'id="measure-narrow" value="narrow" checked' in choices
    assert choices.count('" checked>') == 3
