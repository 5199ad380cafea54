"""Accounts of tests. Their passwords are hashed at no cost; in earnest it takes a tenth of a second, on purpose."""

from functools import partial

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from archive import clock
from archive.domain.permissions import Role
from archive.services.ledger import Actor, record
from archive.store.users import User, UserRole
from tests.conftest import PASSWORD

quick_hasher = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)


def make_user(session: Session, name: str, *roles: Role | str, practised: bool = True) -> User:
    """Make an account with roles; its password is PASSWORD."""
    moment = clock.now()
    user = User(
        name=name,
        password_hash=quick_hasher().hash(PASSWORD),
        active=True,
        created_at=moment,
        practised_at=moment if practised else None,
    )
    session.add(user)
    session.flush()
    session.add_all(UserRole(user_id=user.id, role=Role(role)) for role in roles)
    detail: dict[str, object] = {"roles": sorted(roles), "practised": practised}
    record(session, by=Actor.of(None), act="add account", subject=f"user {name}", detail=detail)
    session.flush()
    session.refresh(user)
    session.commit()  # last: what is read after it would hold up whoever writes elsewhere
    return user
