"""Tokens: how long they last, what ends them, and what they allow."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from archive.domain.permissions import Permission, Role
from archive.domain.tokens import MOST_TOKENS, Scope, TokenError
from archive.services.accounts import add_user, set_active, set_password, set_roles
from archive.services.tokens import make_token, revoke_token, who_holds
from archive.services.verify.accounts import account_faults
from archive.store.ledger import read_entries
from archive.store.tokens import ApiToken
from tests.conftest import PASSWORD
from tests.integration.conftest import BY, Archive


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("archive.services.tokens.now", clock)
    monkeypatch.setattr("archive.services.accounts.now", clock)
    return clock


def token_of(archive: Archive, *scopes: Scope, name: str = "maud") -> str:
    return make_token(archive.session, user=archive.person(name), name="a program", scopes=scopes, days=30).token


def end_by_time(_archive: Archive, clock: Clock) -> None:
    clock.at += timedelta(days=30)


def end_by_revoking(archive: Archive, _clock: Clock) -> None:
    revoke_token(archive.session, user=archive.person("maud"), token_id=1)


def end_by_closing(archive: Archive, _clock: Clock) -> None:
    set_active(archive.session, name="maud", active=False, by=BY)


def end_by_password(archive: Archive, _clock: Clock) -> None:
    set_password(archive.session, name="maud", password=PASSWORD + "!", by=BY)
    assert "tokens revoked" in list(read_entries(archive.session, subject="user maud"))[-1].detail


ENDS: list[Callable[[Archive, Clock], None]] = [end_by_time, end_by_revoking, end_by_closing, end_by_password]


@pytest.mark.usefixtures("quick_passwords")
@pytest.mark.parametrize("end", ENDS)
def test_a_token_lasts_until_something_ends_it(archive: Archive, clock: Clock, end: Callable) -> None:
    archive.add_moderator("maud")
    token = token_of(archive, Scope.MODERATE)
    assert who_holds(archive.session, token) is not None
    end(archive, clock)
    assert who_holds(archive.session, token) is None


@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("quick_passwords")
def test_a_token_allows_what_both_it_and_its_account_may_do(archive: Archive, clock: Clock) -> None:
    both = frozenset({Role.MODERATOR, Role.ARCHIVIST})
    add_user(archive.session, name="maud", password=PASSWORD, roles=both, by=BY)
    reading, moderating, all_of_it = (
        token_of(archive),
        token_of(archive, Scope.MODERATE),
        token_of(archive, Scope.MODERATE, Scope.IMPORT),
    )

    def allowed() -> list[frozenset[Permission]]:
        holders = [who_holds(archive.session, token) for token in (reading, moderating, all_of_it)]
        return [holder.permissions for holder in holders if holder]

    moderate, import_ = Permission.MODERATE, Permission.IMPORT
    assert allowed() == [frozenset(), {moderate}, {moderate, import_}]
    set_roles(archive.session, name="maud", roles=frozenset({Role.ARCHIVIST}), by=BY)
    assert allowed() == [frozenset(), frozenset(), {import_}]
    assert who_holds(archive.session, moderating[:-1]) is None
    assert who_holds(archive.session, "footnote_\ud800" + "x" * 9999) is None
    used = archive.session.scalars(select(ApiToken.used_on)).all()
    assert set(used) == {clock.at.replace(hour=0)}  # the day, and no more


@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("quick_passwords")
def test_an_account_has_so_many_tokens_and_no_more(archive: Archive, clock: Clock) -> None:
    archive.add_moderator("maud")
    for _ in range(MOST_TOKENS):
        token_of(archive)
    with pytest.raises(TokenError, match="at most 20"):
        token_of(archive)
    clock.at += timedelta(days=31)
    assert token_of(archive)


@pytest.mark.database("sqlite")
@pytest.mark.usefixtures("quick_passwords", "clock")
def test_a_token_that_nobody_made_is_found(archive: Archive) -> None:
    archive.add_moderator("maud")
    token_of(archive, Scope.MODERATE)
    end = make_token(archive.session, user=archive.person("maud"), name="old", scopes=[], days=7)
    revoke_token(archive.session, user=archive.person("maud"), token_id=end.id)
    assert list(account_faults(archive.session)) == []
    row = archive.session.get_one(ApiToken, 1)
    copied = {column.name: getattr(row, column.name) for column in ApiToken.__table__.columns}
    archive.session.add(ApiToken(**(copied | {"id": 3, "token_sha256": "0" * 64})))
    archive.session.get_one(ApiToken, 2).revoked_at = None
    row.scopes = ["import", "moderate"]
    archive.session.flush()
    assert [fault.partition(" of ")[0] for fault in account_faults(archive.session)] == [
        "Token 1",
        "Token 2",
        "Token 3",
    ]
