"""Weights that were learned from the archive's own tags. All are kept; at most one is in force."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, bindparam, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.store.base import Base, UtcDateTime

IN_FORCE = text("in_force")


class TrainedModel(Base):
    """One version of the weights."""

    __tablename__ = "trained_model"
    __table_args__ = (
        Index("uq_trained_model_in_force", "in_force", unique=True, sqlite_where=IN_FORCE, postgresql_where=IN_FORCE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    engine: Mapped[str] = mapped_column(String(80), unique=True)  # by which suggestions name it
    base: Mapped[str] = mapped_column(String(80))  # the version of the program's engine that can read it
    weights: Mapped[str] = mapped_column(Text)  # as domain.assessment.model writes them
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)  # how it did, and what it was held against
    tags: Mapped[int] = mapped_column(Integer)  # that it was learned from
    newest_tag: Mapped[int] = mapped_column(Integer)  # the highest number among them
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    in_force: Mapped[bool] = mapped_column(Boolean)
    before_id: Mapped[int | None] = mapped_column(ForeignKey("trained_model.id"))  # that it took the place of


def engine_in_force(session: Session, *, base: str) -> str | None:
    """The name of the weights in force, if that version of the program's engine can read them."""
    return session.scalar(_ENGINE, {"base": base})


_ENGINE = select(TrainedModel.engine).where(IN_FORCE, TrainedModel.base == bindparam("base"))


def model_in_force(session: Session) -> TrainedModel | None:
    """The weights in force, whichever version they were learned for."""
    return session.scalar(select(TrainedModel).where(IN_FORCE))


def model_named(session: Session, engine: str) -> TrainedModel | None:
    """The weights of that name."""
    return session.scalar(select(TrainedModel).where(TrainedModel.engine == engine))


def none_in_force(session: Session) -> None:
    """Have the weights that come with the program be in force."""
    session.execute(update(TrainedModel).where(IN_FORCE).values(in_force=False))
