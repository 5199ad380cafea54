"""What moderators did on the bench, one after the other, so that all of it can be taken back and done again."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, Integer, bindparam, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import UserId
from archive.store.base import Base, UtcDateTime, Word, one_of
from archive.store.bulk import table_of
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


# The words of the indexes over some of the acts, so that both databases use them.
DONE, UNDONE = text("NOT bench_act.undone"), text("bench_act.undone AND NOT bench_act.void")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Act(Base):
    """One thing that a moderator did."""

    __tablename__ = "bench_act"
    __table_args__ = (
        one_of("kind", ActKind),
        Index("ix_bench_act_moderator_id_id", "moderator_id", "id"),
        Index("ix_bench_act_post_id", "post_id"),
        Index("ix_bench_act_done", "moderator_id", "at", **_where("NOT undone")),
        Index("ix_bench_act_undone", "moderator_id", **_where("undone AND NOT void")),
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
    session: Session,
    moderator: UserId,
    kind: ActKind,
    *,
    at: datetime,
    post: int | None,
    what: int | None = None,
    any_undone: bool = True,
) -> None:
    """Write down what a moderator did. What was taken back before it is not done again from now on.

    :param any_undone: whether there may be anything like that.
    """
    if any_undone:
        session.execute(_GO_PAST, {"mine": moderator})
    session.execute(_ADD, {"moderator_id": moderator, "kind": kind, "at": at, "post_id": post, "what": what})


_ADD = insert(table_of(Act)).values(undone=False, void=False)
_GO_PAST = (
    update(Act)
    .where(Act.moderator_id == bindparam("mine"), UNDONE)
    .values(void=True)
    .execution_options(synchronize_session=False)
)


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
