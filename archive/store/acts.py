"""What moderators did on the bench, one after the other, so that all of it can be taken back and done again."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, ForeignKey, Index, Integer, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import UserId
from archive.store.base import Base, UtcDateTime, Word, one_of
from archive.store.threads import Post


class ActKind(StrEnum):
    """Something that a moderator does."""

    VOTE = "vote"
    SKIP = "skip"
    LEAVE = "leave"  # read, and left as it is
    HOLD = "hold"
    MARK = "mark"  # to be tagged with others
    BULK = "bulk"
    DECIDE = "decide"  # between votes, on an objection, by a reference


class Act(Base):
    """One thing that a moderator did."""

    __tablename__ = "bench_act"
    __table_args__ = (
        one_of("kind", ActKind),
        Index("ix_bench_act_moderator_id_id", "moderator_id", "id"),
        Index("ix_bench_act_post_id", "post_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    moderator_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[ActKind] = mapped_column(Word(ActKind))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))  # None: many
    what: Mapped[int | None] = mapped_column(Integer)  # the number of the vote, the hold, the bulk, the tag
    undone: Mapped[bool] = mapped_column(Boolean)
    void: Mapped[bool] = mapped_column(Boolean)  # that it can neither be taken back any more nor done again


def add_act(
    session: Session, moderator: UserId, kind: ActKind, *, at: datetime, post: int | None, what: int | None = None
) -> None:
    """Write down what a moderator did. What was taken back before it is not done again from now on."""
    behind = update(Act).where(Act.moderator_id == moderator, Act.undone, ~Act.void)
    session.execute(behind.values(void=True).execution_options(synchronize_session=False))
    session.add(Act(moderator_id=moderator, kind=kind, at=at, post_id=post, what=what, undone=False, void=False))


def act_of(session: Session, moderator: UserId, kind: ActKind, what: int) -> Act | None:
    """What a moderator did to make the vote, the hold, the bulk or the tag of that number."""
    query = select(Act).where(Act.moderator_id == moderator, Act.kind == kind, Act.what == what)
    return session.scalar(query.order_by(Act.id).limit(1))


def newest_act(session: Session, moderator: UserId, *, undone: bool) -> Act | None:
    """What can be taken back: the newest that was not. What can be done again: the oldest taken back behind it.

    What was done with an answer that readers do not see any more is passed over.
    """
    shown = select(Post.id).where(Post.id == Act.post_id, Post.public, Post.takedown_id.is_(None)).exists()
    mine = select(Act).where(Act.moderator_id == moderator, ~Act.void, Act.post_id.is_(None) | shown)
    newest = session.scalar(mine.where(~Act.undone).order_by(Act.id.desc()).limit(1))
    if not undone:
        return newest
    behind = mine.where(Act.undone, Act.id > (0 if newest is None else newest.id))
    return session.scalar(behind.order_by(Act.id).limit(1))
