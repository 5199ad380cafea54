"""Votes: what each moderator read in an answer. Appended only; one that was taken back or revised stands no longer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, bindparam, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import UserId
from archive.domain.moderation import ReasonCode
from archive.domain.source_quality import Level
from archive.store.base import Base, UtcDateTime, Word, one_of
from archive.store.parts import parts
from archive.store.tags import evidence_recorded
from archive.store.threads import Revision, RevisionRow
from archive.store.users import User

# The words of indexes over some of the votes, so that both databases use them.
STANDS, BLIND = text("vote.stands"), text("vote.blind")


class Vote(Base):
    """One moderator's reading of one text of an answer."""

    __tablename__ = "vote"
    __table_args__ = (
        one_of("level", Level),
        one_of("suggested", Level),
        one_of("reason", ReasonCode),
        Index("ix_vote_post_id", "post_id"),
        Index(
            "ix_vote_bulk_id",
            "bulk_id",
            sqlite_where=text("bulk_id IS NOT NULL"),
            postgresql_where=text("bulk_id IS NOT NULL"),
        ),
        Index("ix_vote_moderator_id_id", "moderator_id", "id"),
        Index("ix_vote_done", "moderator_id", "at", sqlite_where=text("stands"), postgresql_where=text("stands")),
        Index(
            "ix_vote_blind",
            "suggestion_engine",
            "suggested",
            sqlite_where=text("blind"),
            postgresql_where=text("blind"),
        ),
        Index(
            "uq_vote_standing",
            "revision_id",
            "moderator_id",
            unique=True,
            sqlite_where=text("stands"),
            postgresql_where=text("stands"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))  # the text that was read
    moderator_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"))
    level: Mapped[Level] = mapped_column(Word(Level))
    reason: Mapped[ReasonCode | None] = mapped_column(Word(ReasonCode))
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # start, end, text: characters of the revision
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    codebook_version: Mapped[int] = mapped_column(Integer)
    suggested: Mapped[Level | None] = mapped_column(Word(Level))
    suggestion_engine: Mapped[str | None] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(String(200))  # by which the suggestion came about; "" for none
    suggestion_seen: Mapped[bool] = mapped_column(Boolean)
    blind: Mapped[bool] = mapped_column(Boolean)  # neither the suggestion nor what others said was on the page
    counts: Mapped[bool] = mapped_column(Boolean)  # whether the moderator had done the practice answers
    replaces: Mapped[int | None] = mapped_column(ForeignKey("vote.id"))  # the same moderator's vote before
    bulk_id: Mapped[int | None] = mapped_column(Integer)  # given to many answers at once
    kept_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when the moderator had seen the suggestion, too
    stands: Mapped[bool] = mapped_column(Boolean)  # neither taken back nor revised, nor past by a decision


def as_recorded(vote: Vote, revision: Revision | RevisionRow) -> dict[str, object]:
    """A vote as the ledger holds it."""
    return {
        "vote": vote.id,
        "level": vote.level,
        "revision": revision.number,
        "fingerprint": revision.fingerprint,
        "evidence": evidence_recorded(vote.evidence),
        "reason": vote.reason,
        "note": vote.note,
        "codebook": vote.codebook_version,
        "suggested": vote.suggested,
        "engine": vote.suggestion_engine,
        "suggestion_seen": vote.suggestion_seen,
        "blind": vote.blind,
        "counts": vote.counts,
        "replaces": vote.replaces,
        "bulk": vote.bulk_id,
        "at": vote.at.isoformat(timespec="microseconds"),
    }


def votes_numbered(session: Session, numbers: Sequence[int]) -> Sequence[Vote]:
    """The votes of these numbers, in order."""
    return session.scalars(select(Vote).where(Vote.id.in_(numbers)).order_by(Vote.id)).all()


def votes_of_bulk(session: Session, bulk: int | None) -> Sequence[Vote]:
    """The votes that were given at once, in order."""
    return session.scalars(select(Vote).where(Vote.bulk_id == bulk).order_by(Vote.id)).all()


def standing_votes(session: Session, revision_id: int) -> Sequence[Vote]:
    """The votes on a text that count and stand, in the order in which they came."""
    return session.scalars(_STANDING, {"revision": revision_id}).all()


_STANDING = select(Vote).where(Vote.revision_id == bindparam("revision"), STANDS, Vote.counts).order_by(Vote.id)


def votes_on(session: Session, post_id: int, revision_id: int) -> Sequence[Vote]:
    """All votes on a text of a post, also those that stand no longer, in the order in which they came."""
    return session.scalars(_VOTES_ON, {"post": post_id, "revision": revision_id}).all()


_VOTES_ON = (
    select(Vote)
    .where(Vote.post_id == bindparam("post"), Vote.revision_id == bindparam("revision"))
    .order_by(Vote.id)
    .execution_options(populate_existing=True)
)


def standing_on_each(session: Session, revision_ids: Sequence[int]) -> dict[int, list[Vote]]:
    """The same of many texts."""
    found: dict[int, list[Vote]] = {}
    for part in parts(revision_ids):
        query = select(Vote).where(Vote.revision_id.in_(part), STANDS, Vote.counts).order_by(Vote.id)
        for vote in session.scalars(query):
            found.setdefault(vote.revision_id, []).append(vote)
    return found


def all_standing(session: Session, revision_id: int) -> Sequence[Vote]:
    """The same, with those that do not count."""
    return session.scalars(select(Vote).where(Vote.revision_id == revision_id, STANDS).order_by(Vote.id)).all()


def standing_vote(session: Session, revision_id: int, moderator: UserId) -> Vote | None:
    """A moderator's own vote on a text."""
    query = select(Vote).where(Vote.revision_id == revision_id, STANDS, Vote.moderator_id == moderator)
    return session.scalar(query)


def own_levels(session: Session, moderator: UserId, revisions: Sequence[int]) -> dict[int, Level]:
    """By text, the level of a moderator's vote that stands."""
    found: dict[int, Level] = {}
    for part in parts(revisions):
        query = select(Vote.revision_id, Vote.level).where(Vote.revision_id.in_(part), STANDS)
        found.update(
            (row.revision_id, row.level) for row in session.execute(query.where(Vote.moderator_id == moderator))
        )
    return found


def set_own_aside(session: Session, moderator: UserId, revisions: Sequence[int]) -> dict[int, Vote]:
    """Let a moderator's votes on texts stand no longer, as others come in their place; they, by text."""
    found: dict[int, Vote] = {}
    for part in parts(revisions):
        query = select(Vote).where(Vote.revision_id.in_(part), STANDS, Vote.moderator_id == moderator)
        found.update((vote.revision_id, vote) for vote in session.scalars(query))
    for vote in found.values():
        vote.stands = False
    session.flush()
    return found


def texts_with_other_votes(session: Session, votes: Sequence[int]) -> set[int]:
    """The texts of votes on which others stand beside them."""
    found: set[int] = set()
    for part in parts(votes):
        texts = select(Vote.revision_id).where(Vote.id.in_(part))
        others = select(Vote.revision_id).where(Vote.revision_id.in_(texts), STANDS, Vote.id.not_in(part))
        found.update(session.scalars(others))
    return found


def votes_with_names(session: Session, post_id: int, *, limit: int = 500) -> Sequence[tuple[Vote, str]]:
    """All votes on a post with their moderators' names, newest first."""
    query = (
        select(Vote, User.name)
        .join(User, User.id == Vote.moderator_id)
        .where(Vote.post_id == post_id)
        .order_by(Vote.id.desc())
        .limit(limit)
    )
    return [(vote, name) for vote, name in session.execute(query)]
