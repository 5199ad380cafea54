"""Answers that have votes and are not decided: they want one more, or somebody to decide between those that differ."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, Integer, and_, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import PublicId
from archive.domain.second_opinions import State
from archive.store.base import Base, UtcDateTime, Word, one_of
from archive.store.parts import parts
from archive.store.threads import Post, Revision, Thread


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
    session.execute(_FORGET, {"post": post_id})


_FORGET = delete(Pending).where(Pending.post_id == bindparam("post"))


class WantingRow(NamedTuple):
    """An answer with votes that wants another one."""

    post: PublicId
    revision_id: int
    votes: int


def wanting_votes(session: Session, collection_id: int) -> Sequence[WantingRow]:
    """The answers of a collection that want another vote, those that have waited longest first."""
    columns = select(Post.public_id, Pending.revision_id, Pending.votes).select_from(Pending)
    query = _wanting(columns, collection_id)
    return [WantingRow(*row) for row in session.execute(query.order_by(Pending.since, Pending.post_id))]


def count_wanting(session: Session, collection_id: int) -> int:
    """How many these are."""
    return session.scalar(_wanting(select(func.count()).select_from(Pending), collection_id)) or 0


def _wanting(query: Any, collection_id: int) -> Any:
    return (
        query.join(Post, and_(Post.id == Pending.post_id, Post.public))
        .join(Revision, and_(Revision.id == Pending.revision_id, Revision.is_current))
        .join(Thread, Thread.id == Post.thread_id)
        .where(Pending.state == State.WANTS_VOTE, Thread.collection_id == collection_id)
    )


def forget_all_pending(session: Session, posts: Sequence[int]) -> None:
    """Nothing is pending on any of the answers."""
    for part in parts(posts):
        session.execute(delete(Pending).where(Pending.post_id.in_(part)))


class DisputedRow(NamedTuple):
    """An answer whose readings differ."""

    post: PublicId
    revision_id: int
    author: str | None
    title: str
    since: datetime


def count_disputed(session: Session) -> int:
    """How many these are."""
    return session.scalar(_disputed(select(func.count()))) or 0


def disputed(session: Session, *, limit: int) -> Sequence[DisputedRow]:
    """The answers whose readings differ, the longest waiting first."""
    query = _disputed(select(Post.public_id, Pending.revision_id, Post.byline, Thread.title, Pending.since))
    query = query.order_by(Pending.since, Pending.post_id).limit(limit)
    return [DisputedRow(*row) for row in session.execute(query)]


def _disputed(query: Any) -> Any:
    return (
        query.select_from(Pending)
        .join(Post, Post.id == Pending.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Revision, (Revision.id == Pending.revision_id) & Revision.is_current)
        .where(Pending.state == State.DISPUTED, Post.public, Post.takedown_id.is_(None))
    )
