"""Personal tokens: made, used, revoked. The token itself is told once, and kept nowhere."""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import Sha256, UserId
from archive.domain.permissions import Permission
from archive.domain.tokens import BEGINS, MOST_TOKENS, Scope, TokenError, clean_name, lifetime, offered, permissions_by
from archive.services.browse import NotFoundError
from archive.services.ledger import Actor, record
from archive.services.transaction import writing
from archive.store.engine import is_busy
from archive.store.tokens import ApiToken, count_usable, find_token, note_used, tokens_of
from archive.store.users import User

MAKE, REVOKE = "make token", "revoke token"  # the ledger's words
_BYTES = 32
_MAX_LENGTH = 200  # characters; ours are shorter
_PATIENCE_MS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A new token, and the only time at which it can be read."""

    id: int
    name: str
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLine:
    """A token as its account sees it."""

    id: int
    name: str
    scopes: Sequence[Scope]
    created_at: datetime
    expires_at: datetime
    used_on: datetime | None  # the day
    ended: str  # why it cannot be used any more: "revoked", "expired"; "" where it can


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever a token stands for, and what it allows."""

    user: User
    permissions: frozenset[Permission]


def make_token(session: Session, *, user: User, name: str, scopes: Collection[Scope], days: int) -> Made:
    """Make a token for somebody's programs.

    :raises TokenError: if it cannot have that name, that scope or that lifetime, or there are too many.
    """
    name, lasts, wanted = clean_name(name), lifetime(days), sorted(set(scopes))
    if not set(wanted) <= set(offered(user.permissions)):
        raise TokenError("scope", "This account may not do all of what the token is to be for.")
    token = BEGINS + secrets.token_urlsafe(_BYTES)
    with writing(session):
        moment = now()
        if count_usable(session, user.id, at=moment) >= MOST_TOKENS:
            raise TokenError("name", f"An account has at most {MOST_TOKENS} tokens. Revoke one that is not used.")
        row = ApiToken(
            token_sha256=_hash(token),
            user_id=user.id,
            name=name,
            scopes=[scope.value for scope in wanted],
            created_at=moment,
            expires_at=moment + lasts,
        )
        session.add(row)
        session.flush()
        detail: dict[str, object] = {
            "token": row.id,
            "name": name,
            "scopes": row.scopes,
            "expires": row.expires_at.isoformat(timespec="seconds"),
        }
        record(session, by=Actor.of(user), act=MAKE, subject=f"user {user.name}", detail=detail)
    return Made(id=row.id, name=name, token=token, expires_at=row.expires_at)


def revoke_token(session: Session, *, user: User, token_id: int) -> str:
    """End a token; one that has ended stays so. Its name.

    :raises NotFoundError: if the account has no such token.
    """
    with writing(session):
        row = session.get(ApiToken, token_id, populate_existing=True, with_for_update=True)
        if row is None or row.user_id != user.id:
            raise NotFoundError("token of yours")
        if row.revoked_at is None:
            row.revoked_at = now()
            detail: dict[str, object] = {"token": row.id, "name": row.name}
            record(session, by=Actor.of(user), act=REVOKE, subject=f"user {user.name}", detail=detail)
        return row.name


def list_tokens(session: Session, user_id: UserId) -> Sequence[TokenLine]:
    """An account's tokens, the newest first."""
    moment = now()
    return [
        TokenLine(
            id=row.id,
            name=row.name,
            scopes=[Scope(scope) for scope in row.scopes],
            created_at=row.created_at,
            expires_at=row.expires_at,
            used_on=row.used_on,
            ended="revoked" if row.revoked_at else "expired" if row.expires_at <= moment else "",
        )
        for row in tokens_of(session, user_id)
    ]


def who_holds(session: Session, token: str) -> Holder | None:
    """Whoever a token stands for; None where it is none, has ended, or its account is closed."""
    if len(token) > _MAX_LENGTH or not token.startswith(BEGINS):
        return None
    moment = now()
    row = find_token(session, _hash(token))
    if row is None or row.revoked_at is not None or row.expires_at <= moment:
        return None
    token_id, user_id, scopes = row.id, row.user_id, [Scope(scope) for scope in row.scopes]
    today = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if row.used_on != today:
        _note_used(session, token_id, today)
    user = session.get(User, user_id, populate_existing=True)
    if user is None or not user.active:
        return None
    return Holder(user, permissions_by(scopes, user.permissions))


def _note_used(session: Session, token_id: int, day: datetime) -> None:
    """Once a day, unless others write just now: then the next request does."""
    try:
        with writing(session, patience_ms=_PATIENCE_MS):
            note_used(session, token_id, day)
    except OperationalError as error:
        if not is_busy(error.orig):
            raise


def _hash(token: str) -> Sha256:
    return Sha256(hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest())
