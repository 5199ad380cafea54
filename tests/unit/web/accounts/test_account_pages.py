from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.conftest import PASSWORD, csrf_token

pytestmark = pytest.mark.database("sqlite")
_NEW = "another horse, another battery"


def _try(client: FlaskClient, name: str, password: str = PASSWORD, **fields: str):
    form = {"name": name, "password": password, "csrf_token": csrf_token(client), **fields}
    return client.post("/login", data=form)


def test_a_wrong_password_is_refused_in_one_sentence_and_the_name_stays(
    client: FlaskClient, make_user: Callable
) -> None:
    make_user("maud", "moderator")
    answer = _try(client, "maud", "wrong")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert page.count("No account has this name and this password.") == 1
    assert 'value="maud"' in page


def test_an_unknown_name_is_refused_in_the_same_words(client: FlaskClient, make_user: Callable) -> None:
    make_user("maud", "moderator")
    unknown, wrong = _try(client, "nobody", "wrong"), _try(client, "maud", "wrong")
    assert unknown.status_code == wrong.status_code == 401
    assert "No account has this name and this password." in unknown.get_data(as_text=True)


def test_the_eleventh_try_has_to_wait(client: FlaskClient, make_user: Callable) -> None:
    make_user("maud", "moderator")
    answers = [_try(client, "maud", "wrong") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [401] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize("name", ["", "\0", "x" * 500, "<script>", "ma\nud"])
def test_a_name_that_nobody_has_is_no_error_of_ours(client: FlaskClient, name: str) -> None:
    assert _try(client, name).status_code == 401


@pytest.mark.parametrize(
    ("role", "place"),
    [("moderator", "/moderation"), ("archivist", "/imports"), ("admin", "/moderation"), ("reader", "/")],
)
def test_somebody_who_logs_in_is_brought_to_where_the_work_is(
    client: FlaskClient, make_user: Callable, role: str, place: str
) -> None:
    make_user("somebody", role)
    answer = _try(client, "somebody")
    assert (answer.status_code, answer.headers["Location"]) == (303, place)


@pytest.mark.parametrize(
    ("wanted", "place"),
    [
        ("/imports/7", "/imports/7"),
        ("//evil.example/", "/moderation"),
        ("https://evil.example/", "/moderation"),
        ("/\\evil.example", "/moderation"),
        ("javascript:alert(1)", "/moderation"),
    ],
)
def test_the_way_back_never_leads_out_of_the_archive(
    client: FlaskClient, make_user: Callable, wanted: str, place: str
) -> None:
    make_user("maud", "moderator")
    assert _try(client, "maud", next=wanted).headers["Location"] == place


def test_each_login_has_a_token_of_its_own_and_ends_the_one_before(
    client: FlaskClient, make_user: Callable, log_in: Callable
) -> None:
    make_user("maud", "moderator")
    log_in(client, "maud")
    first = client.get_cookie("footnote").value
    log_in(client, "maud")
    assert client.get_cookie("footnote").value != first
    client.set_cookie("footnote", first)
    assert client.get("/account").headers["Location"].startswith("/login?")


def test_logging_out_ends_the_session_and_not_only_the_cookie(
    client: FlaskClient, make_user: Callable, log_in: Callable
) -> None:
    make_user("maud", "moderator")
    log_in(client, "maud")
    token = client.get_cookie("footnote").value
    assert client.post("/logout", data={"csrf_token": csrf_token(client, "/account")}).status_code == 303
    assert client.get_cookie("footnote") is None
    client.set_cookie("footnote", token)
    assert client.get("/account").status_code == 302


def test_the_account_page_says_name_and_roles(client: FlaskClient, make_user: Callable, log_in: Callable) -> None:
    make_user("maud", "moderator", "archivist")
    log_in(client, "maud")
    page = client.get("/account").get_data(as_text=True)
    assert "maud" in page
    assert "archivist, moderator" in page


def test_a_new_password_ends_every_session_and_opens_the_next(
    app, client: FlaskClient, make_user: Callable, log_in: Callable
) -> None:
    make_user("maud", "moderator")
    other = app.test_client()
    log_in(other, "maud")
    log_in(client, "maud")
    form = {"old": PASSWORD, "new": _NEW, "again": _NEW, "csrf_token": csrf_token(client, "/account")}
    assert client.post("/account/password", data=form).status_code == 303
    assert other.get("/account").status_code == client.get("/account").status_code == 302
    log_in(client, "maud", _NEW)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"old": "wrong", "new": _NEW, "again": _NEW}, "old"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "new"),
        ({"old": PASSWORD, "new": _NEW, "again": _NEW + "x"}, "again"),
    ],
)
def test_a_password_that_cannot_be_set_says_which_field_is_wrong(
    client: FlaskClient, make_user: Callable, log_in: Callable, fields: dict[str, str], field: str
) -> None:
    make_user("maud", "moderator")
    log_in(client, "maud")
    answer = client.post("/account/password", data={**fields, "csrf_token": csrf_token(client, "/account")})
    assert answer.status_code == 400
    assert f'aria-describedby="{field}-error"' in answer.get_data(as_text=True)


def test_nothing_typed_into_a_password_field_comes_back(client: FlaskClient, make_user: Callable) -> None:
    make_user("maud", "moderator")
    assert "hunter2hunter2" not in _try(client, "maud", "hunter2hunter2").get_data(as_text=True)
