"""Who is about to read which answer. A claim ends by itself, and keeps nobody out."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import UserId
from archive.store.base import Base, UtcDateTime
from archive.store.bulk import insert_absent


class Claim(Base):
    """An answer was served to a moderator, or soon will be."""

    __tablename__ = "claim"
    __table_args__ = (Index("ix_claim_until", "until"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    moderator_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


def claim(session: Session, moderator: UserId, posts: list[int], *, until: datetime, now: datetime) -> None:
    """Claim answers for a moderator in place of those claimed before, and forget the claims that have ended."""
    session.execute(delete(Claim).where((Claim.until < now) | (Claim.moderator_id == moderator)))
    rows = [{"post_id": post, "moderator_id": moderator, "until": until} for post in posts]
    insert_absent(session, Claim, rows)  # the same moderator may be at it in another window
