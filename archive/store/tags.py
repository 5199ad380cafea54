"""Tags: decisions of moderators, appended only; what they passed over; and the engine's proposals."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import JSON, Boolean, Float, ForeignKey, Index, Integer, String, Text, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import UserId
from archive.domain.second_opinions import Basis
from archive.domain.source_quality import Level
from archive.store.base import Base, UtcDateTime, Word, one_of
from archive.store.bulk import insert_absent
from archive.store.parts import parts
from archive.store.threads import Revision, RevisionRow
from archive.store.users import User


class TagAct(StrEnum):
    """What a decision does."""

    TAG = "tag"
    UNDO = "undo"


class Tag(Base):
    """One decision on one answer. An undo is a decision too and brings back the one before."""

    __tablename__ = "tag"
    __table_args__ = (
        one_of("level", Level),
        one_of("suggested", Level),
        one_of("act", TagAct),
        one_of("basis", Basis),
        Index("ix_tag_post_id", "post_id"),
        Index("ix_tag_moderator_id", "moderator_id"),
        Index("ix_tag_level", "level", "id", "codebook_version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))  # the text that was judged
    act: Mapped[TagAct] = mapped_column(Word(TagAct))
    undoes: Mapped[int | None] = mapped_column(ForeignKey("tag.id"))
    level: Mapped[Level | None] = mapped_column(Word(Level))  # None: an undo left the answer without a tag
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # start, end, text: characters of the revision
    note: Mapped[str] = mapped_column(Text)
    moderator_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    codebook_version: Mapped[int] = mapped_column(Integer)
    suggested: Mapped[Level | None] = mapped_column(Word(Level))
    suggestion_engine: Mapped[str | None] = mapped_column(String(80))
    suggestion_seen: Mapped[bool] = mapped_column(Boolean)
    basis: Mapped[Basis] = mapped_column(Word(Basis))
    rests_on: Mapped[list[int]] = mapped_column(JSON)  # the numbers of the votes that gave the level
    votes: Mapped[int] = mapped_column(Integer)  # that were in
    closes: Mapped[list[int]] = mapped_column(JSON)  # the numbers of the votes that are past by it


class Skip(Base):
    """A moderator passed over an answer; it comes back last."""

    __tablename__ = "skip"

    moderator_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class StoredSuggestion(Base):
    """What one version of the engine proposed for one revision."""

    __tablename__ = "suggestion"
    __table_args__ = (
        one_of("level", Level),
        one_of("second", Level),
        Index("ix_suggestion_engine_confidence", "engine", "confidence", "revision_id"),
    )

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    engine: Mapped[str] = mapped_column(String(80), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    level: Mapped[Level | None] = mapped_column(Word(Level))  # None: the engine does not know the language
    confidence: Mapped[float] = mapped_column(Float)
    second: Mapped[Level | None] = mapped_column(Word(Level))  # the next likely level
    second_confidence: Mapped[float] = mapped_column(Float)
    telling: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))  # start and end: characters
    path: Mapped[list[str]] = mapped_column(JSON)
    signals: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


def add_suggestions(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Store suggestions, but for those that somebody stored meanwhile."""
    insert_absent(session, StoredSuggestion, rows)


class SuggestionRow(NamedTuple):
    """What one version of the engine proposed for a revision."""

    level: Level | None
    confidence: float
    second: Level | None
    second_confidence: float
    telling: list[int] | None
    path: list[str]
    signals: list[dict[str, Any]]
    engine: str


def find_suggestion(session: Session, revision_id: int, engine: str) -> SuggestionRow | None:
    """What that version of the engine proposed, where it is stored."""
    row = session.execute(_SUGGESTION, {"revision": revision_id, "engine": engine}).one_or_none()
    return None if row is None else SuggestionRow._make(row)


_SUGGESTION = select(*(getattr(StoredSuggestion, name) for name in SuggestionRow._fields)).where(
    StoredSuggestion.revision_id == bindparam("revision"), StoredSuggestion.engine == bindparam("engine")
)


def as_recorded(tag: Tag, revision: Revision | RevisionRow) -> dict[str, object]:
    """A decision as the ledger holds it."""
    return {
        "tag": tag.id,
        "moderator": tag.moderator_id,
        "undoes": tag.undoes,
        "level": tag.level,
        "revision": revision.number,
        "fingerprint": revision.fingerprint,
        "evidence": evidence_recorded(tag.evidence),
        "note": tag.note,
        "codebook": tag.codebook_version,
        "basis": tag.basis,
        "rests_on": tag.rests_on,
        "votes": tag.votes,
        "closes": tag.closes,
        "at": tag.at.isoformat(timespec="microseconds"),
    }


def newest_two(session: Session, posts: Sequence[int]) -> dict[int, list[Tag]]:
    """By post, its newest decision and the one that this followed."""
    found: dict[int, list[Tag]] = {}
    for part in parts(posts):
        query = select(Tag).where(Tag.post_id.in_(part)).order_by(Tag.id.desc())
        for tag in session.scalars(query):
            if len(kept := found.setdefault(tag.post_id, [])) < 2:
                kept.append(tag)
    return found


def evidence_recorded(evidence: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Words of a post as the ledger holds them: by place and hash. What is taken down must not outlast it there."""
    return [
        {
            "start": words["start"],
            "end": words["end"],
            "sha256": words.get("sha256") or hashlib.sha256(words["text"].encode("utf-8", "surrogatepass")).hexdigest(),
        }
        for words in evidence
    ]


def list_decisions(session: Session, post_id: int, *, limit: int = 500) -> Sequence[tuple[Tag, str]]:
    """The decisions on a post with their moderators' names, newest first."""
    query = (
        select(Tag, User.name)
        .join(User, User.id == Tag.moderator_id)
        .where(Tag.post_id == post_id)
        .order_by(Tag.id.desc())
        .limit(limit)
    )
    return [(tag, name) for tag, name in session.execute(query)]
