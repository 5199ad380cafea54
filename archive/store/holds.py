"""Answers that a moderator held for a colleague, and what the team says to each other of answers and authors."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from archive.domain.ids import UserId
from archive.store.base import Base, UtcDateTime


class Hold(Base):
    """An answer that its holder leaves to somebody else."""

    __tablename__ = "hold"
    __table_args__ = (
        Index(
            "ix_hold_open", "post_id", sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    by_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"))
    for_id: Mapped[UserId | None] = mapped_column(ForeignKey("user_account.id"))  # None: for anybody else
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class TeamNote(Base):
    """What a moderator tells the others of an answer or of an author. Readers never see it."""

    __tablename__ = "team_note"
    __table_args__ = (
        Index("ix_team_note_post_id", "post_id"),
        Index("ix_team_note_author_id", "author_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))  # it, or the author, and never both
    author_id: Mapped[int | None] = mapped_column(ForeignKey("author.id"))
    by_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[str] = mapped_column(Text)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
