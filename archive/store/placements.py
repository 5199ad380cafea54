"""Placements: decisions of people on where a post hangs, appended only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, Text, select, true
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from archive.domain.ids import PublicId, UserId
from archive.domain.parent_proposals import Reason
from archive.domain.placement import Outcome, PlacementAct
from archive.store.base import Base, UtcDateTime, Word, one_of
from archive.store.threads import Post, Thread
from archive.store.users import User

_Parent = aliased(Post)


class Placement(Base):
    """One decision on one post. Putting back is a decision too, and brings back the one before."""

    __tablename__ = "placement"
    __table_args__ = (
        one_of("act", PlacementAct),
        one_of("outcome", Outcome),
        Index("ix_placement_post_id", "post_id"),
        Index("ix_placement_was_thread_id", "was_thread_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    act: Mapped[PlacementAct] = mapped_column(Word(PlacementAct))
    undoes: Mapped[int | None] = mapped_column(ForeignKey("placement.id"))
    outcome: Mapped[Outcome] = mapped_column(Word(Outcome))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))  # None: it began a thread, or waited
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))  # in which it was then
    title: Mapped[str | None] = mapped_column(Text)  # of the thread that it began
    reasons: Mapped[list[Reason]] = mapped_column(JSON)  # what spoke for the parent, where it had been proposed
    was: Mapped[dict[str, Any]] = mapped_column(JSON)  # where it hung before: addresses, edge, kind
    was_thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    by_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def as_recorded(row: Placement, *, parent: PublicId | None, thread: PublicId) -> dict[str, object]:
    """A decision as the ledger holds it: with addresses, which are the same in any archive."""
    return {
        "placement": row.id,
        "undoes": row.undoes,
        "outcome": row.outcome,
        "parent": parent,
        "thread": thread,
        "title": row.title,
        "reasons": row.reasons,
        "was": row.was,
        "at": row.at.isoformat(timespec="microseconds"),
    }


def select_placements() -> Any:
    """Decisions with the addresses of parent, thread and post, and with the name of who decided."""
    return (
        select(
            Placement,
            _Parent.public_id.label("parent"),
            Thread.public_id.label("thread"),
            Post.public_id.label("post"),
            User.name,
        )
        .join(Post, Post.id == Placement.post_id)
        .join(Thread, Thread.id == Placement.thread_id)
        .join(User, User.id == Placement.by_id)
        .outerjoin(_Parent, _Parent.id == Placement.parent_id)
    )


def list_placements(session: Session, post_id: int, *, limit: int = 200) -> Sequence[Any]:
    """The decisions on a post, newest first."""
    query = select_placements().where(Placement.post_id == post_id).order_by(Placement.id.desc()).limit(limit)
    return session.execute(query).all()


def placement_before(session: Session, row: Placement) -> Placement | None:
    """The decision on the same post before one."""
    query = select(Placement).where(Placement.post_id == row.post_id, Placement.id < row.id)
    return session.scalar(query.order_by(Placement.id.desc()).limit(1))


def last_moved_from(session: Session, thread_id: int, *which: ColumnElement[bool], drafts: bool) -> PublicId | None:
    """The post that a decision took out of a thread last, of those that may be seen."""
    query = (
        select(Post.public_id)
        .join(Placement, Placement.post_id == Post.id)
        .where(Placement.was_thread_id == thread_id, Placement.thread_id != thread_id, *which)
        .where(true() if drafts else Post.public)
        .order_by(Placement.id.desc())
        .limit(1)
    )
    return session.scalar(query)
