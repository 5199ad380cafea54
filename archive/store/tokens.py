"""Personal tokens, each kept as its hash alone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import Sha256, UserId
from archive.store.base import Base, UtcDateTime


class ApiToken(Base):
    """A token that somebody's programs use. Never deleted: what was done by it outlives it."""

    __tablename__ = "api_token"
    __table_args__ = (Index("ix_api_token_user_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[Sha256] = mapped_column(String(64), unique=True)
    user_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_on: Mapped[datetime | None] = mapped_column(UtcDateTime)  # midnight before its last use; no more is kept
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def find_token(session: Session, token_sha256: Sha256) -> ApiToken | None:
    """The token with that hash."""
    query = select(ApiToken).where(ApiToken.token_sha256 == token_sha256)
    return session.scalar(query.execution_options(populate_existing=True))


def tokens_of(session: Session, user_id: UserId, *, limit: int = 200) -> Sequence[ApiToken]:
    """An account's tokens, the newest first."""
    query = select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.id.desc()).limit(limit)
    return session.scalars(query).all()


def count_usable(session: Session, user_id: UserId, *, at: datetime) -> int:
    """How many tokens of an account can be used then."""
    usable = ApiToken.revoked_at.is_(None), ApiToken.expires_at > at
    return session.scalar(select(func.count()).where(ApiToken.user_id == user_id, *usable)) or 0


def note_used(session: Session, token_id: int, day: datetime) -> None:
    """Write down that a token is used on a day."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(used_on=day))


def revoke_all(session: Session, user_id: UserId, *, at: datetime) -> int:
    """End all tokens of an account; how many could still be used."""
    query = update(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > at)
    return len(session.scalars(query.values(revoked_at=at).returning(ApiToken.id)).all())
