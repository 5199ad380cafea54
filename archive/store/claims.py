"""Who is about to read which answer. A claim ends by itself, and keeps nobody out."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import UserId
from archive.store.base import Base, UtcDateTime
from archive.store.bulk import insert_absent, table_of


class Claim(Base):
    """An answer was served to a moderator, or soon will be."""

    __tablename__ = "claim"
    __table_args__ = (Index("ix_claim_moderator_id", "moderator_id"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    moderator_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


def claim(session: Session, moderator: UserId, posts: Sequence[int], *, until: datetime) -> None:
    """Claim answers for a moderator in place of those claimed before, ended or not."""
    session.execute(_GIVE_UP, {"mine": moderator})
    rows = [{"post_id": post, "moderator_id": moderator, "until": until} for post in posts]
    insert_absent(session, Claim, rows)  # the same moderator may be at it in another window


def unclaimed(session: Session, moderator: UserId, posts: Sequence[int], *, now: datetime) -> list[int]:
    """Those of some answers that nobody else is about to read, in their order."""
    taken = set(session.scalars(_TAKEN, {"posts": posts, "mine": moderator, "now": now}))
    return [post for post in posts if post not in taken]


_GIVE_UP = delete(table_of(Claim)).where(table_of(Claim).c.moderator_id == bindparam("mine"))
_TAKEN = select(Claim.post_id).where(
    Claim.post_id.in_(bindparam("posts", expanding=True)),
    Claim.moderator_id != bindparam("mine"),
    Claim.until > bindparam("now", type_=UtcDateTime),
)
