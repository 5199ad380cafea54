"""Accounts: who may log in, how often they may try, and when they are logged out."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import delete, event, func, select, update
from sqlalchemy.orm import Session

from archive.domain.permissions import GRANTS, Permission, Role
from archive.services.accounts import (
    AccountExistsError,
    AccountNameError,
    LoginRefusedError,
    NoSuchAccountError,
    PasswordError,
    TooManyLoginsError,
    add_user,
    change_password,
    log_in,
    log_out,
    set_active,
    set_password,
    set_roles,
    who_is,
)
from archive.services.transaction import writing
from archive.store.engine import BUSY_TIMEOUT_MS
from archive.store.ledger import read_entries
from archive.store.users import LoginAttempt, LoginSession, User
from tests.conftest import PASSWORD
from tests.integration.conftest import BY, Archive

HERE = "192.0.2.1"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def wait(self, **time: float) -> None:
        self.at += timedelta(**time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("archive.services.accounts.now", clock)
    return clock


def enter(archive: Archive, name: str = "maud", password: str = PASSWORD, address: str = HERE) -> str:
    return log_in(archive.session, name=name, password=password, address=address)


def test_a_password_is_kept_as_an_argon2id_hash_of_full_cost(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.services.accounts.PasswordHasher", PasswordHasher)
    user = add_user(archive.session, name="maud", password="ten letters", roles=frozenset({Role.READER}), by=BY)
    assert user.password_hash.startswith("$argon2id$v=19$")
    assert not PasswordHasher().check_needs_rehash(user.password_hash)
    assert "ten letters" not in user.password_hash
    assert who_is(archive.session, enter(archive, password="ten letters")) is user


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("name", ["", ".hidden", "-x", "_x", "two words", "a\nb", "a/b", "a" * 81, "a\0b", "a\u202eb"])
def test_a_name_that_could_mislead_is_refused(archive: Archive, name: str) -> None:
    with pytest.raises(AccountNameError):
        add_user(archive.session, name=name, password=PASSWORD, roles=frozenset(), by=BY)


def test_a_name_is_given_once(archive: Archive, make_user: Callable[..., User]) -> None:
    make_user("maud", "reader")
    with pytest.raises(AccountExistsError):
        add_user(archive.session, name="maud", password=PASSWORD, roles=frozenset(), by=BY)


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("password", ["", "too short", "x" * 1001])
def test_a_password_of_the_wrong_length_is_refused(archive: Archive, password: str) -> None:
    with pytest.raises(PasswordError):
        add_user(archive.session, name="maud", password=password, roles=frozenset(), by=BY)


def test_a_wrong_password_an_unknown_name_and_a_closed_account_are_refused_alike(
    archive: Archive, make_user: Callable[..., User]
) -> None:
    make_user("maud", "reader")
    make_user("gone", "reader")
    set_active(archive.session, name="gone", active=False, by=BY)
    said = set()
    for name, password in (
        ("maud", "wrong"),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("İ" * 80, ""),
        ("x" * 999, ""),
    ):
        with pytest.raises(LoginRefusedError) as refused:
            enter(archive, name, password)
        said.add(str(refused.value))
    assert len(said) == 1
    set_active(archive.session, name="gone", active=True, by=BY)
    assert who_is(archive.session, enter(archive, "gone"))


def test_ten_tries_in_five_minutes_are_allowed_and_no_more(
    archive: Archive, make_user: Callable[..., User], clock: Clock
) -> None:
    make_user("maud", "reader")
    for _ in range(9):
        with pytest.raises(LoginRefusedError):
            enter(archive, password="wrong")
        clock.wait(seconds=10)
    assert enter(archive)
    with pytest.raises(TooManyLoginsError) as refused:
        enter(archive)
    assert refused.value.retry_after == 300
    with pytest.raises(TooManyLoginsError):
        enter(archive, "MAUD", "wrong")
    assert enter(archive, address="192.0.2.2")
    clock.wait(minutes=3, seconds=31)
    assert enter(archive)
    clock.wait(minutes=6)
    assert enter(archive)
    assert archive.session.scalar(select(func.count(LoginAttempt.id))) == 1


def test_a_session_ends_after_two_idle_hours(archive: Archive, make_user: Callable[..., User], clock: Clock) -> None:
    make_user("maud", "reader")
    token = enter(archive)
    for _ in range(5):
        clock.wait(minutes=119)
        assert who_is(archive.session, token)
    clock.wait(hours=2, seconds=1)
    assert who_is(archive.session, token) is None


def test_a_session_ends_after_twelve_hours_however_busy(
    archive: Archive, make_user: Callable[..., User], clock: Clock
) -> None:
    make_user("maud", "reader")
    token = enter(archive)
    for _ in range(12):
        assert who_is(archive.session, token)
        clock.wait(hours=1)
    assert who_is(archive.session, token)
    clock.wait(seconds=1)
    assert who_is(archive.session, token) is None


def test_looking_around_writes_at_most_once_a_minute(
    archive: Archive, make_user: Callable[..., User], clock: Clock
) -> None:
    make_user("maud", "reader")
    token = enter(archive)
    started = clock.at
    clock.wait(seconds=59)
    who_is(archive.session, token)
    assert archive.session.scalar(select(LoginSession.seen_at)) == started
    clock.wait(seconds=2)
    who_is(archive.session, token)
    assert archive.session.scalar(select(LoginSession.seen_at)) == clock.at


@contextmanager
def patience(session: Session) -> Iterator[list[int]]:
    """How long the database is allowed to wait for a lock, each time that it is said, in milliseconds."""
    allowed: list[int] = []

    def listen(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
        allowed.extend(int(found) for found in re.findall(r"(?:busy|lock)_timeout ?= ?(\d+)", statement))

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield allowed
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def test_who_reads_waits_for_nobody_that_writes(archive: Archive, make_user: Callable[..., User], clock: Clock) -> None:
    make_user("maud", "reader")
    token = enter(archive)
    started = clock.at
    clock.wait(minutes=5)
    with Session(archive.session.get_bind().engine) as other, writing(other):
        other.execute(update(LoginSession).values(created_at=LoginSession.created_at))
        with patience(archive.session) as allowed:
            assert who_is(archive.session, token)
    assert min(allowed, default=BUSY_TIMEOUT_MS) < 200
    archive.session.rollback()
    assert archive.session.scalar(select(LoginSession.seen_at)) == started
    assert who_is(archive.session, token)
    assert archive.session.scalar(select(LoginSession.seen_at)) == clock.at


def test_a_logout_while_a_page_is_asked_for_ends_the_session(
    archive: Archive, make_user: Callable[..., User], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user("maud", "reader")
    token = enter(archive)
    clock.wait(minutes=5)

    def log_out_first(session: Session, **how: int) -> AbstractContextManager[None]:
        archive.session.rollback()
        with Session(archive.session.get_bind().engine) as other, writing(other):
            other.execute(delete(LoginSession))
        return writing(session, **how)

    monkeypatch.setattr("archive.services.accounts.writing", log_out_first)
    assert who_is(archive.session, token) is None


def test_a_session_is_dead_after_logout_and_its_token_is_nowhere(
    archive: Archive, make_user: Callable[..., User]
) -> None:
    make_user("maud", "reader")
    token = enter(archive)
    (stored,) = archive.session.scalars(select(LoginSession.token_sha256))
    assert token not in stored
    assert len(token) >= 22
    log_out(archive.session, token)
    assert who_is(archive.session, token) is None
    log_out(archive.session, token)
    assert who_is(archive.session, "") is None


@pytest.mark.parametrize("way", ["changed by its owner", "set by somebody else", "account closed"])
def test_all_sessions_are_dead_when_the_password_or_the_account_is(
    archive: Archive, make_user: Callable[..., User], way: str
) -> None:
    user = make_user("maud", "reader")
    tokens = [enter(archive), enter(archive, address="192.0.2.2")]
    if way == "changed by its owner":
        with pytest.raises(LoginRefusedError):
            change_password(archive.session, user=user, old="wrong", new="another password")
        assert who_is(archive.session, tokens[0])
        change_password(archive.session, user=user, old=PASSWORD, new="another password")
    elif way == "set by somebody else":
        set_password(archive.session, name="maud", password="another password", by=BY)
    else:
        set_active(archive.session, name="maud", active=False, by=BY)
    assert [who_is(archive.session, token) for token in tokens] == [None, None]
    if way != "account closed":
        assert enter(archive, password="another password")
        with pytest.raises(LoginRefusedError):
            enter(archive)


def test_roles_are_replaced_as_a_whole_and_hold_at_once(archive: Archive, make_user: Callable[..., User]) -> None:
    make_user("maud", "moderator", "archivist")
    token = enter(archive)
    user = who_is(archive.session, token)
    assert user is not None
    assert user.permissions == GRANTS[Role.MODERATOR] | GRANTS[Role.ARCHIVIST]
    set_roles(archive.session, name="maud", roles=frozenset({Role.READER}), by=BY)
    user = who_is(archive.session, token)
    assert user is not None
    assert user.permissions == {Permission.READ, Permission.ACCOUNT}
    with pytest.raises(NoSuchAccountError):
        set_roles(archive.session, name="nobody", roles=frozenset(), by=BY)


def test_the_ledger_tells_of_every_change_and_of_no_password(archive: Archive) -> None:
    session = archive.session
    add_user(session, name="maud", password="secret words", roles=frozenset({Role.READER}), by=BY)
    set_roles(session, name="maud", roles=frozenset({Role.ADMIN}), by=BY)
    set_password(session, name="maud", password="more secret words", by=BY)
    set_active(session, name="maud", active=False, by=BY)
    set_active(session, name="maud", active=True, by=BY)
    entries = list(read_entries(session, subject="user maud"))
    acts = ["add account", "set roles", "set password", "close account", "open account"]
    assert [entry.act for entry in entries] == acts
    assert entries[1].detail == '{"roles":["admin"],"were":["reader"]}'
    assert not any("secret" in entry.detail or "argon2" in entry.detail for entry in entries)
