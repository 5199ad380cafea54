"""Answers that have votes and are not decided: they want one more, or somebody to decide between those that differ."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.second_opinions import State
from archive.store.base import Base, UtcDateTime, Word, one_of


class Pending(Base):
    """One answer on which moderators have not come to a decision."""

    __tablename__ = "pending"
    __table_args__ = (one_of("state", State), Index("ix_pending_state_since", "state", "since", "post_id"))

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))  # the text on which the votes are
    state: Mapped[State] = mapped_column(Word(State))
    votes: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime] = mapped_column(UtcDateTime)  # in this state


def forget_pending(session: Session, post_id: int) -> None:
    """Nothing is pending on an answer."""
    session.execute(delete(Pending).where(Pending.post_id == post_id))
