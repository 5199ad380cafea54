"""Runs over batches: who wants a batch read in, since when it is being read, and who stopped it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Boolean, ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.batch import UNFINISHED
from archive.domain.ids import UserId
from archive.store.base import Base, UtcDateTime
from archive.store.batches import Batch
from archive.store.users import User


class ImportRun(Base):
    """The newest run over a batch, wanted, under way or stopped."""

    __tablename__ = "import_run"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    wanted: Mapped[bool] = mapped_column(Boolean)  # by somebody at the web: a worker begins with it, or goes on
    publish: Mapped[bool] = mapped_column(Boolean)  # when it is complete
    asked_by: Mapped[UserId | None] = mapped_column(ForeignKey("user_account.id"))  # None: from the command line
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    instance: Mapped[str | None] = mapped_column(String(32))  # the data folder whose worker is to do it; None: any
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    began_bytes: Mapped[int] = mapped_column(BigInteger)  # that were read in before
    began_posts: Mapped[int] = mapped_column(BigInteger)
    tries: Mapped[int] = mapped_column()  # runs before this one that ended where they began
    stop_by: Mapped[UserId | None] = mapped_column(ForeignKey("user_account.id"))
    stop_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def find_run(session: Session, batch_id: int) -> ImportRun | None:
    """The run over a batch, as it is stored now."""
    return session.get(ImportRun, batch_id, populate_existing=True)


def run_over(session: Session, batch_id: int) -> ImportRun:
    """The run over a batch, which is added where there is none. The caller holds the batch's row."""
    run = find_run(session, batch_id)
    if run is None:
        run = ImportRun(batch_id=batch_id, wanted=False, publish=False, began_bytes=0, began_posts=0, tries=0)
        session.add(run)
    return run


def list_wanted(session: Session, instance: str, *, limit: int = 1000) -> Sequence[int]:
    """Batches that the worker of a data folder is to read in, or to go on with, as they were asked for."""
    mine = ImportRun.instance.is_(None) | (ImportRun.instance == instance)
    query = (
        select(ImportRun.batch_id)
        .join(Batch, Batch.id == ImportRun.batch_id)
        .where(ImportRun.wanted, mine, Batch.state.in_(UNFINISHED))
        .order_by(ImportRun.asked_at, ImportRun.batch_id)
        .limit(limit)
    )
    return session.scalars(query).all()


def who_stopped(session: Session, batch_id: int) -> str | None:
    """The name of whoever asked for the import to stop, if anybody did and nobody had it go on since."""
    query = (
        select(User.name)
        .join(ImportRun, ImportRun.stop_by == User.id)
        .where(ImportRun.batch_id == batch_id, ImportRun.stop_at.is_not(None))
    )
    return session.scalar(query)
