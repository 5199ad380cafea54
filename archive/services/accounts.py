"""Accounts: making them, their roles and passwords, and who is logged in."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import Sha256
from archive.domain.permissions import Role
from archive.errors import ArchiveError
from archive.services.ledger import Actor, record
from archive.services.transaction import writing
from archive.store.engine import is_busy
from archive.store.tokens import revoke_all
from archive.store.users import (
    LoginAttempt,
    LoginSession,
    User,
    UserRole,
    count_attempts,
    end_sessions,
    find_user,
    forget_attempts,
    logged_in,
    note_seen,
)

ADD = "add account"
MOST_ATTEMPTS = 10
ATTEMPTS_COUNT_FOR = timedelta(minutes=5)
IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # so that reading does not write at each page
_SEEN_PATIENCE_MS = 50
MIN_PASSWORD = 10  # characters
MAX_PASSWORD = 1_000  # characters
_TOKEN_BYTES = 16
_NAME = re.compile(r"[^\W_][\w.-]{0,79}")


class AccountNameError(ArchiveError):
    """A name that an account cannot have."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"“{name[:80]}” cannot be the name of an account: "
            "use 1 to 80 letters, digits, dots, hyphens or underscores, and begin with a letter or digit."
        )


class AccountExistsError(ArchiveError):
    """There is an account of that name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"There is an account named {name} already.")


class NoSuchAccountError(ArchiveError):
    """There is no account of that name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"There is no account named {name[:80]}.")


class PasswordError(ArchiveError):
    """A password that cannot be set."""


class LoginRefusedError(ArchiveError):
    """Name and password do not fit. Which of the two is wrong is not said."""

    def __init__(self) -> None:
        super().__init__("No account has this name and this password.")


class TooManyLoginsError(ArchiveError):
    """The account was tried too often from this address."""

    def __init__(self) -> None:
        self.retry_after = int(ATTEMPTS_COUNT_FOR.total_seconds())  # seconds
        super().__init__(
            f"This account was tried {MOST_ATTEMPTS} times within five minutes. Try again five minutes from now."
        )


def add_user(
    session: Session, *, name: str, password: str, roles: frozenset[Role], by: Actor, practised: bool = False
) -> User:
    """Make an account.

    :param practised: whether its votes count without practice.
    :raises AccountNameError: if it cannot have that name.
    :raises AccountExistsError: if another has it.
    :raises PasswordError: if the password is too short or too long.
    """
    if not _NAME.fullmatch(name):
        raise AccountNameError(name)
    password_hash = _hash_password(password)
    with writing(session):
        if find_user(session, name) is not None:
            raise AccountExistsError(name)
        moment = now()
        user = User(
            name=name,
            password_hash=password_hash,
            active=True,
            created_at=moment,
            practised_at=moment if practised else None,
        )
        user.role_rows = [UserRole(role=role) for role in sorted(roles)]
        session.add(user)
        session.flush()
        detail = {"roles": sorted(roles), "practised": practised}
        record(session, by=by, act=ADD, subject=f"user {name}", detail=detail)
    return user


def set_roles(session: Session, *, name: str, roles: frozenset[Role], by: Actor) -> None:
    """Give an account these roles and no others.

    :raises NoSuchAccountError: if there is none of that name.
    """
    with writing(session):
        user = _existing(session, name)
        was = sorted(user.roles)
        session.execute(delete(UserRole).where(UserRole.user_id == user.id))
        session.add_all(UserRole(user_id=user.id, role=role) for role in sorted(roles))
        detail: dict[str, object] = {"roles": sorted(roles), "were": was}
        record(session, by=by, act="set roles", subject=f"user {name}", detail=detail)
    session.expire_all()


def set_active(session: Session, *, name: str, active: bool, by: Actor) -> None:
    """Close an account or open it again. What it decided stays.

    :raises NoSuchAccountError: if there is none of that name.
    """
    with writing(session):
        user = _existing(session, name)
        user.active = active
        if not active:
            end_sessions(session, user.id)
        record(
            session,
            by=by,
            act="open account" if active else "close account",
            subject=f"user {name}",
            detail={},
        )


def set_password(session: Session, *, name: str, password: str, by: Actor) -> None:
    """Set a password from the command line, log the account out everywhere, and end its tokens.

    :raises NoSuchAccountError: if there is none of that name.
    :raises PasswordError: if the password is too short or too long.
    """
    password_hash = _hash_password(password)
    with writing(session):
        _replace_password(session, _existing(session, name), password_hash, by=by)


def change_password(session: Session, *, user: User, old: str, new: str) -> None:
    """Set one's own password, log out everywhere, and end all tokens.

    :raises LoginRefusedError: if the old one is wrong.
    :raises PasswordError: if the new one is too short or too long.
    """
    if not _verify(user.password_hash, old):
        raise LoginRefusedError
    password_hash = _hash_password(new)
    with writing(session):
        _replace_password(session, _existing(session, user.name), password_hash, by=Actor.of(user))


def log_in(session: Session, *, name: str, password: str, address: str) -> str:
    """The token of a new session.

    :raises TooManyLoginsError: if this account was tried too often from this address.
    :raises LoginRefusedError: if name and password do not fit.
    """
    account = name.lower()[:80]
    moment = now()
    with writing(session):
        forget_attempts(session, before=moment - ATTEMPTS_COUNT_FOR)
        tried = count_attempts(session, account=account, address=address, since=moment - ATTEMPTS_COUNT_FOR)
        if tried < MOST_ATTEMPTS:
            session.add(LoginAttempt(account=account, address=address, at=moment))
    if tried >= MOST_ATTEMPTS:
        raise TooManyLoginsError
    user = find_user(session, name)
    # An unknown name costs as much time as a wrong password, so that names cannot be told by it.
    right = _verify(_nobodys_hash() if user is None else user.password_hash, password)
    if user is None or not right or not user.active:
        raise LoginRefusedError
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with writing(session):
        session.add(LoginSession(token_sha256=_token_hash(token), user_id=user.id, created_at=moment, seen_at=moment))
    return token


def log_out(session: Session, token: str) -> None:
    """End a session; one that has ended stays so."""
    with writing(session):
        session.execute(delete(LoginSession).where(LoginSession.token_sha256 == _token_hash(token)))


def who_is(session: Session, token: str) -> User | None:
    """The account that a session's token belongs to, as it is now: what the session does later leaves it so, and asks
    for it no more. None when the login has ended.
    """
    moment, token_sha256 = now(), _token_hash(token)
    found = logged_in(session, token_sha256)
    if found is None or moment - found.seen_at > IDLE or moment - found.created_at > ABSOLUTE:
        return None
    if moment - found.seen_at > SEEN_EVERY:
        if not _is_seen(session, token_sha256, moment):
            return None
        found = logged_in(session, token_sha256)  # to write was to let go of what was read
    if found is None or not found.user.active:
        return None
    session.expunge(found.user)
    return found.user


def _is_seen(session: Session, token_sha256: Sha256, moment: datetime) -> bool:
    """Whether the session still lasts; writes down that it is used, unless others write just now."""
    try:
        with writing(session, patience_ms=_SEEN_PATIENCE_MS):
            return note_seen(session, token_sha256, moment)
    except OperationalError as error:
        if not is_busy(error.orig):
            raise
        return True  # the next page says so; nobody who reads waits for those who write


def _existing(session: Session, name: str) -> User:
    user = find_user(session, name)
    if user is None:
        raise NoSuchAccountError(name)
    return user


def _replace_password(session: Session, user: User, password_hash: str, *, by: Actor) -> None:
    user.password_hash = password_hash
    end_sessions(session, user.id)
    ended = revoke_all(session, user.id, at=now())
    detail: dict[str, object] = {"tokens revoked": ended} if ended else {}
    record(session, by=by, act="set password", subject=f"user {user.name}", detail=detail)


def _hash_password(password: str) -> str:
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise PasswordError(f"A password has {MIN_PASSWORD} to {MAX_PASSWORD:,} characters.")
    return PasswordHasher().hash(password)


def _verify(password_hash: str, password: str) -> bool:
    try:
        return PasswordHasher().verify(password_hash, password[:MAX_PASSWORD])
    except VerificationError:
        return False


@cache
def _nobodys_hash() -> str:
    return PasswordHasher().hash(secrets.token_urlsafe(_TOKEN_BYTES))


def _token_hash(token: str) -> Sha256:
    return Sha256(hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest())
