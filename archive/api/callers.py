"""Who calls: whoever the token in the header stands for. Cookies count for nothing here, so none can be misused."""

from flask import request

from archive.domain.ids import UserId
from archive.domain.permissions import NotAllowedError
from archive.domain.tokens import ALLOWS, Scope
from archive.errors import ArchiveError
from archive.services.ledger import Actor
from archive.services.tokens import Holder, who_holds
from archive.store.database import db
from archive.store.users import User

_CALLER = "footnote.caller"  # in the request's own environment: an application context may serve several requests
_SCHEME = "bearer"


class TokenRefusedError(ArchiveError):
    """A token is wanted, or the one that came is good for nothing."""


class ScopeError(NotAllowedError):
    """A token does not allow what is asked for."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(ALLOWS[scope])
        self.args = (f"This takes a token for “{scope}”, of an account that may do it.",)


def find_caller() -> None:
    """Look up whoever calls.

    :raises TokenRefusedError: if a token came that is good for nothing, or something else than a token.
    """
    request.environ[_CALLER] = None
    header = request.headers.get("Authorization")
    if header is None:
        return
    scheme, _, token = header.partition(" ")
    holder = who_holds(db.session(), token.strip()) if scheme.lower() == _SCHEME else None
    if holder is None:
        raise TokenRefusedError("This token is unknown, has expired or was revoked. Make one on your account’s page.")
    request.environ[_CALLER] = holder


def caller() -> Holder | None:
    """Whoever calls with a token; None for anybody else."""
    holder: Holder | None = request.environ.get(_CALLER)
    return holder


def check_allowed(scope: Scope) -> None:
    """Whether the token of whoever calls allows something.

    :raises TokenRefusedError: if there is none.
    :raises ScopeError: if it does not.
    """
    holder = caller()
    if holder is None:
        raise TokenRefusedError("This takes a token, in the header “Authorization: Bearer …”.")
    if ALLOWS[scope] not in holder.permissions:
        raise ScopeError(scope)


def me() -> User:
    """The account behind the token.

    :raises TokenRefusedError: if there is none.
    """
    holder = caller()
    if holder is None:
        raise TokenRefusedError("This takes a token, in the header “Authorization: Bearer …”.")
    return holder.user


def my_id() -> UserId:
    """Its number."""
    return me().id


def by() -> Actor:
    """The account as the ledger names it."""
    return Actor.of(me())
