"""Accounts, their roles, who is logged in, and how often somebody tried."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Boolean, ForeignKey, Index, String, bindparam, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from archive.domain.ids import Sha256, UserId
from archive.domain.permissions import Permission, Role, permissions_of
from archive.store.base import Base, UtcDateTime, Word, one_of


class User(Base):
    """An account. Never deleted: what it decided outlives it."""

    __tablename__ = "user_account"  # "user" is a reserved word in PostgreSQL

    id: Mapped[UserId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    practised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # from then on the account's votes count
    role_rows: Mapped[list["UserRole"]] = relationship(
        lazy="selectin", order_by="UserRole.role", cascade="save-update, merge, expunge"
    )

    @property
    def roles(self) -> frozenset[Role]:
        """The parts that the account plays."""
        return frozenset(row.role for row in self.role_rows)

    @property
    def permissions(self) -> frozenset[Permission]:
        """All that the account may do."""
        return permissions_of(self.roles)

    @property
    def may_moderate(self) -> bool:
        """Whether it may judge answers."""
        return Permission.MODERATE in self.permissions

    @property
    def votes_count(self) -> bool:
        """Whether what it votes counts: after practice, and always for those who administer."""
        return self.practised_at is not None or Permission.ADMINISTER in self.permissions


class UserRole(Base):
    """One role of one account."""

    __tablename__ = "user_role"
    __table_args__ = (one_of("role", Role),)

    user_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(Word(Role), primary_key=True)


class LoginSession(Base):
    """Somebody logged in. The cookie's token is kept only as its hash."""

    __tablename__ = "login_session"

    token_sha256: Mapped[Sha256] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LoginAttempt(Base):
    """One try to log in, kept as long as it counts against further ones."""

    __tablename__ = "login_attempt"
    __table_args__ = (Index("ix_login_attempt_account_address_at", "account", "address", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def find_user(session: Session, name: str) -> User | None:
    """The account of that name."""
    return session.scalar(select(User).where(User.name == name))


def list_users(session: Session, *, limit: int = 1000) -> Sequence[User]:
    """Accounts by name."""
    return session.scalars(select(User).order_by(User.name, User.id).limit(limit)).all()


def names_of(session: Session, users: Collection[UserId]) -> dict[UserId, str]:
    """The names of accounts."""
    query = select(User.id, User.name).where(User.id.in_(users)).order_by(User.id)
    return dict(session.execute(query).all())


def count_with(session: Session, permission: Permission, *, but: UserId) -> int:
    """How many other accounts that may log in have a permission."""
    roles = [role for role in Role if permission in permissions_of(frozenset({role}))]
    query = select(func.count(User.id.distinct())).join(UserRole, UserRole.user_id == User.id)
    return session.scalar(query.where(UserRole.role.in_(roles), User.active, User.id != but)) or 0


def moderators(session: Session, *, limit: int = 1000) -> Sequence[tuple[UserId, str]]:
    """Open accounts that may judge answers: their numbers and names, by name."""
    return [(number, name) for number, name in session.execute(_MODERATORS, {"limit": limit})]


_JUDGES = [role for role in Role if Permission.MODERATE in permissions_of(frozenset({role}))]
_MODERATORS = (
    select(User.id, User.name)
    .join(UserRole, UserRole.user_id == User.id)
    .where(User.active, UserRole.role.in_(_JUDGES))
    .distinct()
    .order_by(User.name, User.id)
    .limit(bindparam("limit"))
)


def count_attempts(session: Session, *, account: str, address: str, since: datetime) -> int:
    """How often that account was tried from that address."""
    query = select(func.count()).where(
        LoginAttempt.account == account, LoginAttempt.address == address, LoginAttempt.at >= since
    )
    return session.scalar(query) or 0


def forget_attempts(session: Session, *, before: datetime) -> None:
    """Drop the tries that no longer count."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.at < before))


class LoggedIn(NamedTuple):
    """A login that was not ended, and whose it is."""

    user: User
    created_at: datetime
    seen_at: datetime


def logged_in(session: Session, token_sha256: Sha256) -> LoggedIn | None:
    """The login of that token, as it is stored now; None if it has ended."""
    row = session.execute(_LOGGED_IN, {"token": token_sha256}).unique().one_or_none()
    return None if row is None else LoggedIn._make(row)


_LOGGED_IN = (  # asked for every page of everybody who is logged in
    select(User, LoginSession.created_at, LoginSession.seen_at)
    .join(LoginSession, LoginSession.user_id == User.id)
    .where(LoginSession.token_sha256 == bindparam("token"))
    .options(joinedload(User.role_rows))
    .execution_options(populate_existing=True)
)


def note_seen(session: Session, token_sha256: Sha256, at: datetime) -> bool:
    """Write down that a session is used; False if it has ended."""
    query = update(LoginSession).where(LoginSession.token_sha256 == token_sha256).values(seen_at=at)
    return session.scalar(query.returning(LoginSession.user_id)) is not None


def end_sessions(session: Session, user_id: UserId) -> None:
    """Log an account out everywhere."""
    session.execute(delete(LoginSession).where(LoginSession.user_id == user_id))
