"""Tokens on the page of one's account."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.services.tokens import who_holds
from archive.store.ledger import read_entries
from archive.store.tokens import ApiToken
from tests.conftest import csrf_token

pytestmark = pytest.mark.database("sqlite")


@pytest.fixture
def maud(client: FlaskClient, make_user: Callable, log_in: Callable) -> FlaskClient:
    make_user("maud", "moderator")
    log_in(client, "maud")
    return client


def send(client: FlaskClient, path: str = "/account/tokens", **fields: object):
    return client.post(path, data={"csrf_token": csrf_token(client, "/account"), **fields})


def test_a_token_is_shown_once_kept_as_a_hash_and_written_into_the_ledger(maud: FlaskClient, session: Session) -> None:
    answer = send(maud, name=" nightly\tvotes ", scope="moderate", days="30")
    token = re.search(r'value="(footnote_[\w-]{43})"', answer.get_data(as_text=True))
    assert token
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert token[1] not in maud.get("/account").get_data(as_text=True)
    row = session.scalars(select(ApiToken)).one()
    assert (row.name, row.scopes, row.used_on) == ("nightly votes", ["moderate"], None)
    entry = list(read_entries(session, subject="user maud"))[-1]
    assert entry.act == "make token"
    assert token[1] not in entry.detail
    assert token[1] not in repr([getattr(row, column.name) for column in ApiToken.__table__.columns])
    holder = who_holds(session, token[1])
    assert holder
    assert holder.user.name == "maud"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "", "days": "30"}, "what the token is for"),
        ({"name": "x" * 81, "days": "30"}, "what the token is for"),
        ({"name": "x", "days": "31"}, "how long it lasts"),
        ({"name": "x", "days": "soon"}, "how long it lasts"),
        ({"name": "x", "days": "30", "scope": "import"}, "may not do all"),
        ({"name": "x", "days": "30", "scope": "everything"}, "what the token is to be for"),
    ],
)
def test_a_token_that_cannot_be_is_refused_in_a_sentence(
    maud: FlaskClient, session: Session, fields: dict[str, str], sentence: str
) -> None:
    answer = send(maud, **fields)
    assert answer.status_code == 400
    assert sentence in answer.get_data(as_text=True)
    assert session.scalar(select(ApiToken.id)) is None


def test_a_token_is_revoked_by_its_own_account_alone(
    maud: FlaskClient, session: Session, make_user: Callable, log_in: Callable
) -> None:
    send(maud, name="mine", days="30")
    path = "/account/tokens/1/revocations"
    make_user("otto", "moderator")
    log_in(maud, "otto")
    assert send(maud, path).status_code == 404
    log_in(maud, "maud")
    assert send(maud, path).headers["Location"] == "/account#tokens-h"
    send(maud, path)  # once more changes nothing
    assert "revoked" in maud.get("/account").get_data(as_text=True)
    acts = [entry.act for entry in read_entries(session, subject="user maud")]
    assert acts == ["add account", "make token", "revoke token"]
