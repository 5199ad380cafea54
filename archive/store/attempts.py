"""How often somebody sent something in that anybody may send, kept as long as it counts against further ones."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Index, String, delete, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.flooding import Sent
from archive.store.base import Base, UtcDateTime, Word, one_of

_COUNTING = 0x4F666672  # PostgreSQL: whoever sends something in holds this until the commit


class Attempt(Base):
    """Something came from somebody."""

    __tablename__ = "attempt"
    __table_args__ = (one_of("sent", Sent), Index("ix_attempt_sender_sent_at", "sender", "sent", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    sent: Mapped[Sent] = mapped_column(Word(Sent))
    sender: Mapped[str] = mapped_column(String(120))  # "address 192.0.2.1", "browser 3f…", "account 7"
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def counting_lock(session: Session) -> None:
    """Let one at a time be counted and stored; on SQLite whoever writes is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _COUNTING})


def count_attempts(session: Session, sent: Sent, senders: Sequence[str], *, since: datetime) -> int:
    """How many of that kind came from whoever of these sent most."""
    query = select(func.count().label("times")).where(
        Attempt.sender.in_(senders), Attempt.sent == sent, Attempt.at >= since
    )
    return max(session.scalars(query.group_by(Attempt.sender)), default=0)


def forget_attempts(session: Session, sent: Sent, *, before: datetime) -> None:
    """Drop what no longer counts."""
    session.execute(delete(Attempt).where(Attempt.sent == sent, Attempt.at < before))
