"""Levels that were given to many answers at once, and the answers that moderators marked for that."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, Integer, String, Subquery, Text, and_, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.at_once import Standing
from archive.domain.ids import PublicId, UserId
from archive.domain.moderation import ReasonCode
from archive.domain.records import PostKind
from archive.domain.second_opinions import Basis
from archive.domain.source_quality import Level
from archive.store.acts import Act, ActKind
from archive.store.base import Base, UtcDateTime, Word, one_of
from archive.store.holds import Hold
from archive.store.parts import parts
from archive.store.tags import Tag
from archive.store.threads import Post, Revision
from archive.store.votes import Vote

MAX_SOURCE = 8000  # characters


class Bulk(Base):
    """One level, given to many answers in one act. Each has its vote; what became of it is told there."""

    __tablename__ = "bulk"
    __table_args__ = (
        one_of("level", Level),
        one_of("reason", ReasonCode),
        Index("ix_bulk_moderator_id", "moderator_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    moderator_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    source: Mapped[str] = mapped_column(String(MAX_SOURCE))  # the search by which they were found; "" for marked ones
    level: Mapped[Level] = mapped_column(Word(Level))
    reason: Mapped[ReasonCode | None] = mapped_column(Word(ReasonCode))
    note: Mapped[str] = mapped_column(Text)
    asked: Mapped[int] = mapped_column(Integer)  # answers that were chosen
    stored: Mapped[int] = mapped_column(Integer)  # votes
    left_out: Mapped[list[Any]] = mapped_column(JSON)  # pairs: the address of an answer, and why


class Mark(Base):
    """A moderator wants to tag an answer together with others."""

    __tablename__ = "mark"
    __table_args__ = (Index("ix_mark_post_id", "post_id"),)

    moderator_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Candidate(NamedTuple):
    """A public answer that may be tagged with others."""

    id: int
    public_id: PublicId
    thread_id: int
    revision_id: int
    version: int  # of its decisions
    level: Level | None
    standing: Standing


def as_recorded(bulk: Bulk) -> dict[str, object]:
    """A bulk as the ledger holds it."""
    return {
        "bulk": bulk.id,
        "source": bulk.source,
        "level": bulk.level,
        "reason": bulk.reason,
        "note": bulk.note,
        "asked": bulk.asked,
        "stored": bulk.stored,
        "left_out": bulk.left_out,
        "at": bulk.at.isoformat(timespec="microseconds"),
    }


def marked_answers(moderator: UserId) -> Subquery:
    """SQL: the answers that a moderator has marked, with their texts: `post_id`, `revision_id`."""
    current = and_(Revision.post_id == Mark.post_id, Revision.is_current)
    query = select(Mark.post_id, Revision.id.label("revision_id")).join(Revision, current)
    return query.where(Mark.moderator_id == moderator).subquery("hit")


def candidates(session: Session, found: Subquery, moderator: UserId) -> Sequence[Candidate]:
    """How each of the answers stands that were found, in the order in which their texts came.

    :param found: `post_id`, `revision_id`.
    """
    here = and_(Vote.revision_id == found.c.revision_id, Vote.stands)
    mine = select(Vote.id).where(here, Vote.moderator_id == moderator).correlate(found).exists()
    others = select(Vote.id).where(here, Vote.moderator_id != moderator).correlate(found).exists()
    query = (
        select(
            Post.id,
            Post.public_id,
            Post.thread_id,
            found.c.revision_id,
            Post.tag_version,
            Post.level,
            Tag.basis,
            mine.label("mine"),
            others.label("others"),
            _aside(moderator).label("aside"),
        )
        .select_from(found)
        .join(Post, and_(Post.id == found.c.post_id, Post.public, Post.kind == PostKind.ANSWER))
        .outerjoin(Tag, Tag.id == Post.tag_id)
        .order_by(found.c.revision_id)
    )
    return [
        Candidate._make((*row[:6], _standing(row.level, row.basis, mine=row.mine, others=row.others, aside=row.aside)))
        for row in session.execute(query)
    ]


def answers_numbered(session: Session, posts: Sequence[PublicId], moderator: UserId) -> dict[PublicId, Candidate]:
    """How answers stand, by their addresses; without those that are no public answers."""
    found: dict[PublicId, Candidate] = {}
    for part in parts(posts):
        texts = select(Revision.post_id, Revision.id.label("revision_id")).join(Post, Post.id == Revision.post_id)
        current = texts.where(Post.public_id.in_(part), Revision.is_current).subquery("hit")
        found.update((one.public_id, one) for one in candidates(session, current, moderator))
    return found


def votes_with_posts(session: Session, bulk: int) -> Sequence[tuple[Vote, Post]]:
    """The votes of a bulk, and the answers on which they are, in order."""
    query = select(Vote, Post).join(Post, Post.id == Vote.post_id).where(Vote.bulk_id == bulk).order_by(Vote.id)
    return [(vote, post) for vote, post in session.execute(query)]


def tags_in_force(session: Session, posts: Sequence[int]) -> dict[int, Sequence[int]]:
    """By answer that has a level, the votes on which it rests."""
    found: dict[int, Sequence[int]] = {}
    for part in parts(posts):
        query = select(Post.id, Tag.rests_on).join(Tag, Tag.id == Post.tag_id).where(Post.level.is_not(None))
        found.update((post, votes) for post, votes in session.execute(query.where(Post.id.in_(part))))
    return found


def forget_marks(session: Session, moderator: UserId, posts: Sequence[int]) -> None:
    """Let a moderator's marks on answers go."""
    for part in parts(posts):
        session.execute(delete(Mark).where(Mark.moderator_id == moderator, Mark.post_id.in_(part)))


def _aside(moderator: UserId) -> ColumnElement[bool]:
    held = select(Hold.id).where(Hold.post_id == Post.id, Hold.ended_at.is_(None))
    left = and_(Act.moderator_id == moderator, Act.kind == ActKind.LEAVE, ~Act.undone)
    return held.correlate(Post).exists() | select(Act.id).where(Act.post_id == Post.id, left).correlate(Post).exists()


def _standing(level: Level | None, basis: Basis | None, *, mine: bool, others: bool, aside: bool) -> Standing:
    if level is not None:
        return Standing.OWN if basis is Basis.SINGLE and mine and not others else Standing.DECIDED
    if mine or others:
        return Standing.READ
    return Standing.ASIDE if aside else Standing.FREE
