"""A number larger than any row has is nobody's, and no fault of the program, on either database."""

import pytest
from flask.testing import FlaskClient

from tests.conftest import csrf_token

LARGE = 3_000_000_000


@pytest.mark.parametrize(
    "address",
    [
        f"/trace?before={LARGE}",
        f"/moderation/traces?after={LARGE}",
        f"/moderation/traces?accepted={LARGE}",
        f"/sources/doubtful?after={LARGE}",
    ],
)
def test_it_is_said_to_be_none(maud: FlaskClient, address: str) -> None:
    assert maud.get(address).status_code in (400, 404)


@pytest.mark.parametrize(
    "address",
    [
        f"/moderation/traces/{LARGE}/acceptances",
        f"/moderation/traces/{LARGE}/withdrawals",
        f"/sources/doubtful/{LARGE}/dismissals",
    ],
)
def test_nothing_can_be_sent_to_it(maud: FlaskClient, address: str) -> None:
    assert maud.post(address, data={"csrf_token": csrf_token(maud)}).status_code == 404
