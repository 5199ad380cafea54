"""Answers that a moderator held for a colleague, and what the team says to each other of answers and authors."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, Text, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from archive.domain.ids import PublicId, UserId
from archive.store.base import Base, UtcDateTime
from archive.store.threads import Post, Thread
from archive.store.users import User

_For = aliased(User)


class Hold(Base):
    """An answer that its holder leaves to somebody else."""

    __tablename__ = "hold"
    __table_args__ = (
        Index(
            "ix_hold_for_id", "for_id", sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")
        ),
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


class HoldRow(NamedTuple):
    """An open hold with its answer."""

    hold: Hold
    post: PublicId
    title: str
    author: str | None
    by: str
    meant_for: str | None


class NoteRow(NamedTuple):
    """A note, and whose it is."""

    note: TeamNote
    by: str


def open_holds(session: Session, *, limit: int) -> Sequence[HoldRow]:
    """The answers that are held, the oldest first."""
    query = (
        select(Hold, Post.public_id, Thread.title, Post.byline, User.name, _For.name)
        .join(Post, Post.id == Hold.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(User, User.id == Hold.by_id)
        .outerjoin(_For, _For.id == Hold.for_id)
        .where(Hold.ended_at.is_(None), Post.public, Post.takedown_id.is_(None))
        .order_by(Hold.at, Hold.id)
        .limit(limit)
    )
    return [HoldRow(*row) for row in session.execute(query)]


def end_holds(session: Session, post_id: int, *, at: datetime) -> None:
    """Nobody holds the answer any more."""
    session.execute(update(Hold).where(Hold.post_id == post_id, Hold.ended_at.is_(None)).values(ended_at=at))


def is_held(session: Session, post_id: int) -> bool:
    """Whether somebody holds the answer."""
    query = select(Hold.id).where(Hold.post_id == post_id, Hold.ended_at.is_(None)).limit(1)
    return session.scalar(query) is not None


def notes_on(session: Session, post_id: int, *, limit: int = 50) -> Sequence[NoteRow]:
    """The notes on an answer and on its author, the newest first."""
    author = select(Post.author_id).where(Post.id == post_id).scalar_subquery()
    query = (
        select(TeamNote, User.name)
        .join(User, User.id == TeamNote.by_id)
        .where(or_(TeamNote.post_id == post_id, TeamNote.author_id == author), TeamNote.removed_at.is_(None))
        .order_by(TeamNote.id.desc())
        .limit(limit)
    )
    return [NoteRow(*row) for row in session.execute(query)]


def find_note(session: Session, number: int) -> TeamNote | None:
    """The note of that number, if the team sees it."""
    note = session.get(TeamNote, number)
    return note if note is not None and note.removed_at is None else None
