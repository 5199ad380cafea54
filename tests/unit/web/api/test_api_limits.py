"""How often a program may ask: what is counted, what is told, and what too many get."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from archive.api.operations import OPERATIONS
from archive.app import create_app
from archive.settings import Settings
from tests.unit.web.api.conftest import Program

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, api_per_minute=6)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, 12, 0, 20, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("archive.api.rates.now", clock)
    return clock


def test_whoever_asks_too_often_waits_and_is_told_how_long(program: Program, clock: Clock) -> None:
    answers = [program.get("/archive") for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429]
    assert answers[0].headers["RateLimit-Policy"] == '"anybody";q=6;w=60'
    assert [answer.headers["RateLimit"] for answer in answers] == [
        f'"anybody";r={left};t=40' for left in (5, 4, 3, 2, 1, 0, 0)
    ]
    late = answers[-1]
    assert (late.headers["Retry-After"], late.mimetype) == ("40", "application/problem+json")
    assert program.client.get("/").status_code == 200  # pages are not counted
    clock.at += timedelta(seconds=39)
    assert program.get("/archive").status_code == 429
    clock.at += timedelta(seconds=1)
    assert program.get("/archive").status_code == 200


@pytest.mark.usefixtures("clock")
def test_what_costs_more_counts_for_more_and_so_do_errors(program: Program) -> None:
    assert program.get("/search?q=a").headers["RateLimit"] == '"anybody";r=1;t=40'
    assert program.get("/nowhere").headers["RateLimit"] == '"anybody";r=0;t=40'
    refused = program.get("/archive", Authorization="Bearer footnote_guessed")
    assert refused.status_code == 429  # or whoever guesses tokens could do so without end
    told = program.get("/search?q=a").json["detail"]
    assert told == "More than 6 requests were counted in 60 seconds; this one counts for 5. Go on in 40 seconds."


COSTS = {
    20: {"all_posts", "takedown", "propose_takedown"},
    10: {
        *{"send_file", "preview_import"},
        *{"foresee_search", "foresee_marked", "tag_at_once", "undo_bulk", "undo_last", "redo_last"},
    },
    5: {"search"},
}


def test_what_an_operation_counts_for_is_what_it_takes() -> None:
    for told in OPERATIONS.values():
        expected = next((cost for cost, names in COSTS.items() if told.name in names), 1)
        assert told.cost == expected, told.name


@pytest.mark.usefixtures("clock")
def test_an_account_is_counted_by_itself_wherever_it_asks_from(
    settings: Settings, program: Program, program_of: Callable[..., Program]
) -> None:
    maud, otto = program_of("maud", "moderator"), program_of("otto", "moderator")
    other: Flask = create_app(settings)  # another process, over the same data folder
    elsewhere = Program(other.test_client(), maud.token)
    assert maud.get("/archive").headers["RateLimit-Policy"] == '"token";q=60;w=60'
    assert elsewhere.get("/archive").headers["RateLimit"] == '"token";r=58;t=40'
    assert otto.get("/archive").headers["RateLimit"] == '"token";r=59;t=40'
    assert program.get("/archive").headers["RateLimit"] == '"anybody";r=5;t=40'


@pytest.mark.usefixtures("clock")
def test_an_archive_may_set_no_limit(settings: Settings) -> None:
    client = create_app(replace(settings, api_per_minute=0)).test_client()
    answers = [client.get("/api/v1/archive") for _ in range(9)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[-1].headers
