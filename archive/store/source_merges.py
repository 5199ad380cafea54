"""Which works are one: decisions to merge and to split, appended only, and pairs that somebody should look at."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from archive.domain.ids import PublicId, UserId
from archive.store.base import Base, UtcDateTime, Word, one_of


class SourceAct(StrEnum):
    """What a decision on works does."""

    MERGE = "merge"
    SPLIT = "split"
    DISMISS = "dismiss"  # two works are two
    UNDO = "undo"


class ProposalState(StrEnum):
    """What became of a pair of works that may be one."""

    OPEN = "open"
    MERGED = "merged"
    DISMISSED = "dismissed"


class SourceMerge(Base):
    """One decision on which names belong to one work. An undo is a decision too."""

    __tablename__ = "source_merge"
    __table_args__ = (
        one_of("act", SourceAct),
        Index("ix_source_merge_source_id", "source_id"),
        Index("ix_source_merge_other_id", "other_id"),
        Index("ix_source_merge_undoes", "undoes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[SourceAct] = mapped_column(Word(SourceAct))
    undoes: Mapped[int | None] = mapped_column(ForeignKey("source_merge.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))  # the work that stays
    other_id: Mapped[int] = mapped_column(ForeignKey("source.id"))  # what went into it, or was split off it
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)  # the names that were moved, and pairs and their states before
    note: Mapped[str] = mapped_column(Text)
    by_id: Mapped[UserId | None] = mapped_column(ForeignKey("user_account.id"))  # None: a text names both
    at: Mapped[datetime] = mapped_column(UtcDateTime)


def as_recorded(decision: SourceMerge, other: PublicId) -> dict[str, object]:
    """A decision as the ledger holds it."""
    return {
        "decision": decision.id,
        "undoes": decision.undoes,
        "other": other,
        "names": decision.detail["names"],
        "note": decision.note,
        "at": decision.at.isoformat(timespec="microseconds"),
    }


class MergeProposal(Base):
    """Two names that may be of one work. A pair that was dismissed also keeps texts from merging the two."""

    __tablename__ = "merge_proposal"
    __table_args__ = (
        one_of("state", ProposalState),
        UniqueConstraint("key_a", "key_b"),
        Index("ix_merge_proposal_key_b", "key_b"),
        Index(
            "ix_merge_proposal_open",
            "id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key_a: Mapped[str] = mapped_column(String(500), ForeignKey("source_key.key"))  # sorts before the other
    key_b: Mapped[str] = mapped_column(String(500), ForeignKey("source_key.key"))
    why: Mapped[str] = mapped_column(Text)
    state: Mapped[ProposalState] = mapped_column(Word(ProposalState))
