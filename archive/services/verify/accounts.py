"""Accounts: their roles, whether they are open, and their tokens, against the ledger; and who is said to have acted."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from archive.services.accounts import ADD
from archive.services.tokens import MAKE, REVOKE
from archive.services.verify.ledger import parsed
from archive.store.ledger import LedgerEntry, read_entries
from archive.store.tokens import ApiToken
from archive.store.users import User

_ROLES = (ADD, "set roles")
_OPEN = {ADD: True, "open account": True, "close account": False}


@dataclass(slots=True)
class _Told:
    """An account, as the ledger tells it."""

    roles: object = None
    active: bool | None = None


def account_faults(session: Session) -> Iterator[str]:
    """Yield where accounts, and the actors of entries, are not what the ledger says."""
    for user in session.scalars(select(User).order_by(User.id).execution_options(yield_per=500)):
        for fault in _faults(user, _told(session, user.name)):
            yield f"Account {user.name}: {fault}"
    known = select(literal("user ") + User.name)
    lost = select(LedgerEntry.subject).where(LedgerEntry.act == ADD, LedgerEntry.subject.not_in(known))
    for subject in session.scalars(lost.order_by(LedgerEntry.number)):
        yield f"Account {subject.removeprefix('user ')}: the ledger holds it, and the table of accounts does not."
    yield from _tokens(session)
    yield from _actors(session)


def _told(session: Session, name: str) -> _Told:
    told = _Told()
    for entry in read_entries(session, subject=f"user {name}"):
        if entry.act in _ROLES:
            told.roles = parsed(entry.detail).get("roles")
        told.active = _OPEN.get(entry.act, told.active)
    return told


def _faults(user: User, told: _Told) -> Iterator[str]:
    if told.active is None:
        yield "the ledger does not know of it."
        return
    if sorted(user.roles) != told.roles:
        yield f"its roles are {sorted(role.value for role in user.roles)}, and the ledger says {told.roles}."
    if user.active != told.active:
        yield f"it is {_open(user.active)}, and the ledger says {_open(told.active)}."


def _tokens(session: Session) -> Iterator[str]:
    """A token that nobody made opens the archive to whoever put it there."""
    query = select(ApiToken, User.name).join(User, User.id == ApiToken.user_id).order_by(ApiToken.id)
    for token, name in session.execute(query.execution_options(yield_per=500)):
        entries = read_entries(session, subject=f"user {name}")
        told = [entry for entry in entries if parsed(entry.detail).get("token") == token.id]
        made = [parsed(entry.detail) for entry in told if entry.act == MAKE]
        if [one.get("scopes") for one in made] != [token.scopes]:
            yield f"Token {token.id} of account {name}: the ledger does not know of it as it is."
        elif token.revoked_at is None and any(entry.act == REVOKE for entry in told):
            yield f"Token {token.id} of account {name}: the ledger says that it was revoked."


def _actors(session: Session) -> Iterator[str]:
    """An actor's number is not hashed, his name is. A name with a blank is no account's: “command line”."""
    query = (
        select(LedgerEntry.number, LedgerEntry.actor, User.name)
        .outerjoin(User, User.id == LedgerEntry.actor_id)
        .order_by(LedgerEntry.number)
    )
    for number, actor, name in session.execute(query.execution_options(yield_per=1000)):
        if name != (None if " " in actor else actor):
            yield f"Ledger entry {number}: its actor is {actor}, and the account that it names is {name or 'none'}."


def _open(active: bool) -> str:
    return "open" if active else "closed"
