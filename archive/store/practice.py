"""The levels that moderators gave to practice answers: the first of each round, never changed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import UserId
from archive.domain.source_quality import Level
from archive.store.base import Base, UtcDateTime, Word, one_of

MAX_KEY = 40  # characters


class PracticeLevel(Base):
    """The level that somebody gave to a practice answer."""

    __tablename__ = "practice_answer"
    __table_args__ = (one_of("level", Level),)

    user_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    round: Mapped[int] = mapped_column(Integer, primary_key=True)  # from 1; the practice can be repeated
    item: Mapped[str] = mapped_column(String(MAX_KEY), primary_key=True)
    level: Mapped[Level] = mapped_column(Word(Level))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def levels_given(session: Session, user_id: UserId) -> Sequence[PracticeLevel]:
    """All that somebody gave, round by round."""
    query = select(PracticeLevel).where(PracticeLevel.user_id == user_id)
    return session.scalars(query.order_by(PracticeLevel.round, PracticeLevel.at, PracticeLevel.item)).all()
