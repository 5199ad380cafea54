"""Every view says who may call it, and nobody else is let in."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.domain.permissions import Permission, Role
from archive.web.permissions import UndeclaredRouteError, declared_permissions, needs

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def guarded(app: Flask) -> FlaskClient:
    """The application with a view for archivists."""
    app.config["WTF_CSRF_ENABLED"] = False

    @needs(Permission.IMPORT)
    def view() -> str:
        return "let in"

    app.add_url_rule("/guarded", "guarded", view, methods=["GET", "POST"])
    return app.test_client()


def test_a_view_that_says_nothing_stops_the_application(app: Flask) -> None:
    app.add_url_rule("/open", "open", lambda: "nobody asked who you are")
    with pytest.raises(UndeclaredRouteError, match="open"):
        declared_permissions(app)


def test_a_view_says_what_it_needs(app: Flask) -> None:
    assert declared_permissions(app)["originals.download"] is Permission.SEE_ORIGINALS
    assert declared_permissions(app)["threads.show"] is Permission.READ


def test_a_stranger_is_sent_to_the_login_page_and_back(guarded: FlaskClient) -> None:
    answer = guarded.get("/guarded?a=b")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login?next=%2Fguarded%3Fa%3Db"


def test_what_a_stranger_sends_is_refused_and_not_sent_on(guarded: FlaskClient) -> None:
    answer = guarded.post("/guarded")
    assert answer.status_code == 401
    assert "Log in first" in answer.text


def test_an_account_without_the_permission_is_told_which_role_it_takes(
    guarded: FlaskClient, make_user: Callable, log_in: Callable
) -> None:
    make_user("teasel", Role.MODERATOR)
    log_in(guarded, "teasel")
    answer = guarded.get("/guarded")
    assert answer.status_code == 403
    assert "Only an account with the role archivist or admin can do this." in answer.text


def test_an_account_with_the_permission_is_let_in(guarded: FlaskClient, make_user: Callable, log_in: Callable) -> None:
    make_user("ansel", Role.ARCHIVIST)
    log_in(guarded, "ansel")
    assert guarded.get("/guarded").text == "let in"


def test_a_made_up_token_is_a_stranger(guarded: FlaskClient) -> None:
    for token in ("x", "x" * 3000, "\x00", "'; DROP TABLE"):
        guarded.set_cookie("footnote", token)
        assert guarded.get("/guarded").status_code == 302
