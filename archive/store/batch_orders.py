"""Orders for a worker: a whole batch is to be published, or rolled back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.batch import BatchAct
from archive.domain.ids import UserId
from archive.store.base import Base, UtcDateTime, Word, one_of


class BatchOrder(Base):
    """What is to be done with a batch. The row goes when it is done."""

    __tablename__ = "batch_order"
    __table_args__ = (one_of("act", BatchAct),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    act: Mapped[BatchAct] = mapped_column(Word(BatchAct))
    reason: Mapped[str] = mapped_column(Text)  # for the ledger
    asked_by: Mapped[UserId | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    instance: Mapped[str] = mapped_column(String(32))  # the data folder whose worker is to do it
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int]  # workers that began with it
    failure: Mapped[str | None] = mapped_column(Text)  # why nobody tries any more

    @property
    def stands(self) -> bool:
        """Whether a worker is still to do it."""
        return self.failure is None


def find_order(session: Session, batch_id: int) -> BatchOrder | None:
    """What is to be done with a batch, as it is stored now."""
    return session.get(BatchOrder, batch_id, populate_existing=True)


def list_ordered(session: Session, instance: str, *, limit: int = 1000) -> Sequence[int]:
    """Batches with which the worker of a data folder is to do something, as they were asked for."""
    query = select(BatchOrder.batch_id).where(BatchOrder.instance == instance, BatchOrder.failure.is_(None))
    return session.scalars(query.order_by(BatchOrder.asked_at, BatchOrder.batch_id).limit(limit)).all()
