"""Batches: import runs, what went into each, and what was remarked."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    exists,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.batch import Balance, BatchState
from archive.domain.ids import Sha256
from archive.domain.quarantine import CAUSE_CHARACTERS
from archive.domain.records import Markup
from archive.store.base import Base, UtcDateTime, Word, one_of
from archive.store.copies import copy_rows
from archive.store.originals import Reading
from archive.store.parts import parts


class RemarkKind(StrEnum):
    """Why a stretch of an original is remarked upon."""

    NOTE = "note"
    MISSING = "missing"  # posts that the source says there are, and does not give
    SKIPPED = "skipped"
    QUARANTINED = "quarantined"
    DOUBTFUL = "doubtful"


class Batch(Base):
    """One import run, with its balance sheet."""

    __tablename__ = "batch"
    __table_args__ = (
        one_of("state", BatchState),
        one_of("markup", Markup),
        Index("ix_batch_inputs_digest", "inputs_digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id"))
    state: Mapped[BatchState] = mapped_column(Word(BatchState))
    program: Mapped[str] = mapped_column(String(40))  # the version that received it, and a mark of others' readers
    format: Mapped[str] = mapped_column(String(40))  # as asked for: "auto" or a format's name
    markup: Mapped[Markup] = mapped_column(Word(Markup))
    inputs_digest: Mapped[Sha256] = mapped_column(String(64))  # of the inputs, their order and how they are read
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # None: from the command line
    balance: Mapped[dict[str, int]] = mapped_column(JSON)
    failure: Mapped[str | None] = mapped_column(Text)  # why it stopped before its end, in words

    @property
    def sheet(self) -> Balance:
        """The balance sheet as counted so far."""
        return Balance(**self.balance)


class BatchInput(Base):
    """One original in a batch, and how far it has been read in."""

    __tablename__ = "batch_input"
    __table_args__ = (
        Index("ix_batch_input_original", "original"),
        Index("ix_batch_input_reading_id", "reading_id"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)  # from 0
    original: Mapped[Sha256] = mapped_column(String(64), ForeignKey("original.sha256"))
    name: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    reading_id: Mapped[int | None] = mapped_column(ForeignKey("reading.id"))  # None until it is read in
    corrections: Mapped[dict[str, Any]] = mapped_column(JSON)
    done_bytes: Mapped[int] = mapped_column(BigInteger)  # committed up to here
    done: Mapped[bool] = mapped_column(Boolean)
    repairs: Mapped[int | None] = mapped_column(Integer)  # the number of the remark whose stretch it mends


_AT_ONCE = 1_000  # rows
REFUSED = "refused"  # in the detail of a remark: that it is on a file which could be read, and was not to be
REFUSED_FOR = "row"  # in the same: where the row stands that told so, in bytes from the start of the file


class Remark(Base):
    """A note, a skip, a quarantined stretch or a doubtful line of a batch."""

    __tablename__ = "remark"
    __table_args__ = (
        one_of("kind", RemarkKind),
        Index(
            "ix_remark_quarantined",
            "original",
            "offset",
            sqlite_where=text("kind = 'quarantined'"),
            postgresql_where=text("kind = 'quarantined'"),
        ),
        Index("ix_remark_batch_id_kind_number", "batch_id", "kind", "number"),
        Index(
            "ix_remark_cause",
            "batch_id",
            "cause",
            "number",
            sqlite_where=text("kind = 'quarantined'"),
            postgresql_where=text("kind = 'quarantined'"),
        ),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # from 0
    kind: Mapped[RemarkKind] = mapped_column(Word(RemarkKind))
    original: Mapped[Sha256 | None] = mapped_column(String(64), ForeignKey("original.sha256"))
    name: Mapped[str] = mapped_column(Text)  # of the file, as received
    offset: Mapped[int] = mapped_column(BigInteger)  # bytes
    length: Mapped[int] = mapped_column(BigInteger)  # bytes
    text: Mapped[str] = mapped_column(Text)  # a sentence; of a doubtful line, the line
    cause: Mapped[str | None] = mapped_column(String(CAUSE_CHARACTERS))  # of a quarantined stretch: `cause_key`
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)

    @property
    def is_refused(self) -> bool:
        """Whether it is on a file that could be read, and was refused."""
        return bool(self.detail.get(REFUSED))

    @property
    def refused_for(self) -> int | None:
        """Where the row stands for which it was refused, in bytes from the start of the file; None: no row of it."""
        return self.detail.get(REFUSED_FOR) if self.is_refused else None


def find_unfinished(
    session: Session, *, collection_id: int, inputs_digest: Sha256, started_by: int | None
) -> Batch | None:
    """The newest batch of the same inputs that was cut off, or that the same person has not yet begun to read in."""
    query = (
        select(Batch)
        .where(
            Batch.collection_id == collection_id,
            Batch.inputs_digest == inputs_digest,
            (Batch.state == BatchState.IMPORTING)
            | ((Batch.state == BatchState.RECEIVED) & Batch.started_by.is_not_distinct_from(started_by)),
        )
        .order_by(Batch.id.desc())
        .limit(1)
    )
    return session.scalar(query)


def find_finished(session: Session, batch: Batch) -> Batch | None:
    """The newest other batch of the same inputs, read in the same way, that was read to its end and stands."""
    query = (
        select(Batch)
        .where(
            Batch.id != batch.id,
            Batch.collection_id == batch.collection_id,
            Batch.inputs_digest == batch.inputs_digest,
            Batch.program == batch.program,
            Batch.state.in_((BatchState.DRAFT, BatchState.PUBLISHED)),
        )
        .order_by(Batch.id.desc())
        .limit(1)
    )
    earlier = session.scalar(query)
    if earlier is None or _corrections(session, earlier.id) != _corrections(session, batch.id):
        return None
    return earlier


_COPY_PROGRESS = text("""
    UPDATE batch_input SET (reading_id, done_bytes, done) = (
        SELECT theirs.reading_id, theirs.done_bytes, theirs.done FROM batch_input AS theirs
        WHERE theirs.batch_id = :from_batch AND theirs.position = batch_input.position)
    WHERE batch_id = :to_batch AND repairs IS NULL
""")


def copy_progress(session: Session, from_batch: int, to_batch: int) -> None:
    """Let the inputs of one batch be as read as those of another, which are the same."""
    session.execute(_COPY_PROGRESS, {"from_batch": from_batch, "to_batch": to_batch})


def in_sight(*, drafts: bool) -> ColumnElement[bool]:
    """SQL: whether readers see what a batch brought; with drafts, whether archivists do."""
    return Batch.state != BatchState.ROLLED_BACK if drafts else Batch.state == BatchState.PUBLISHED


def bytes_read(session: Session, batch_id: int) -> tuple[int, int]:
    """How many bytes of a batch are read in, and how many it has in all."""
    sums = select(func.sum(BatchInput.done_bytes), func.sum(BatchInput.size))
    done, whole = session.execute(sums.where(BatchInput.batch_id == batch_id)).one()
    return int(done or 0), int(whole or 0)


def is_begun(session: Session, batch_id: int) -> bool:
    """Whether anything of a batch is read in."""
    some = exists().where(BatchInput.batch_id == batch_id, BatchInput.done | (BatchInput.done_bytes > 0))
    return bool(session.scalar(select(some)))


class InputRow(NamedTuple):
    """What went into a batch, as far as it is read."""

    position: int
    name: str
    original: Sha256
    size: int  # bytes
    corrections: dict[str, str]
    done_bytes: int
    done: bool


def each_input(session: Session, batch_id: int) -> Iterator[InputRow]:
    """Yield what went into a batch, in order. To be read to the end before anything is written."""
    columns = BatchInput.position, BatchInput.name, BatchInput.original, BatchInput.size, BatchInput.corrections
    query = select(*columns, BatchInput.done_bytes, BatchInput.done).where(BatchInput.batch_id == batch_id)
    rows: Iterable[Any] = session.execute(query.order_by(BatchInput.position).execution_options(yield_per=_AT_ONCE))
    return (InputRow(*row) for row in rows)


def copy_remarks(session: Session, from_batch: int, to_batch: int) -> None:
    """Remark on one batch what was remarked on another when it was read."""
    kept = count_remarks(session, to_batch)
    number = literal(kept) + func.row_number().over(order_by=Remark.number) - 1
    theirs = (Remark.batch_id == from_batch) & ~_IS_LEFT
    copy_rows(session, Remark, theirs, batch_id=literal(to_batch), number=number)


def list_batches(session: Session, *, before: int | None = None, limit: int = 50) -> Sequence[Batch]:
    """Batches, newest first."""
    query = select(Batch).order_by(Batch.id.desc()).limit(limit)
    return session.scalars(query if before is None else query.where(Batch.id < before)).all()


def list_inputs(
    session: Session,
    batch_id: int,
    *,
    positions: Sequence[int] | None = None,
    received: bool = False,
    limit: int = 1_000_000,
) -> Sequence[BatchInput]:
    """What went into a batch, in order; only those at the positions where they are named.

    :param received: whether to leave out what an archivist mended of it afterwards.
    """
    query = select(BatchInput).where(BatchInput.batch_id == batch_id).order_by(BatchInput.position).limit(limit)
    if positions:
        query = query.where(BatchInput.position.between(min(positions), max(positions)))
    if received:
        query = query.where(BatchInput.repairs.is_(None))
    return session.scalars(query).all()


def count_remarks(session: Session, batch_id: int) -> int:
    """How much was remarked in a batch."""
    return session.scalar(select(func.count()).where(Remark.batch_id == batch_id)) or 0


def count_quarantined(session: Session, formats: Collection[str]) -> dict[str, int]:
    """How much of what was read as each of these formats is in quarantine; nothing of one of which nothing is."""
    query = (
        select(Reading.format, func.count().label("quarantined"))
        .join(BatchInput, BatchInput.reading_id == Reading.id)
        .join(Remark, (Remark.batch_id == BatchInput.batch_id) & (Remark.original == BatchInput.original))
        .where(Reading.format.in_(formats), Remark.kind == RemarkKind.QUARANTINED)
        .group_by(Reading.format)
    )
    return {row.format: row.quarantined for row in session.execute(query)}


def has_remark(session: Session, batch_id: int, *, name: str) -> bool:
    """Whether anything is remarked in a batch under this name."""
    return session.scalar(select(exists().where(Remark.batch_id == batch_id, Remark.name == name))) or False


def count_remarks_by_kind(session: Session, batch_id: int, *, but: ColumnElement[bool]) -> dict[RemarkKind, int]:
    """How much of each kind was remarked in a batch, where there is any; without those of which `but` is true."""
    query = select(Remark.kind, func.count()).where(Remark.batch_id == batch_id, ~but).group_by(Remark.kind)
    return {row[0]: row[1] for row in session.execute(query)}


def list_remarks(
    session: Session,
    batch_id: int,
    *,
    kind: RemarkKind | None = None,
    but: ColumnElement[bool] | None = None,
    after: int = -1,
    limit: int = 200,
) -> Sequence[Remark]:
    """What was remarked in a batch, in order, behind a number; without those of which `but` is true."""
    behind = (Remark.batch_id == batch_id) & (Remark.number > after)
    query = select(Remark).where(behind).order_by(Remark.number).limit(limit)
    query = query if but is None else query.where(~but)
    return session.scalars(query if kind is None else query.where(Remark.kind == kind)).all()


def known_corrections(session: Session, originals: Sequence[Sha256]) -> dict[Sha256, dict[str, Any]]:
    """How the archivist corrected the doubtful lines of these originals when they were imported last."""
    latest: dict[Sha256, dict[str, Any]] = {}
    for part in parts(originals):
        query = (
            select(BatchInput.original, BatchInput.corrections)
            .where(BatchInput.original.in_(part), BatchInput.reading_id.is_not(None))
            .order_by(BatchInput.batch_id, BatchInput.position)
        )
        latest.update({row.original: row.corrections for row in session.execute(query)})
    return latest


def is_published(session: Session, original: Sha256) -> bool:
    """Whether the original is an input of a published batch."""
    of_published = exists().where(
        BatchInput.original == original, Batch.id == BatchInput.batch_id, Batch.state == BatchState.PUBLISHED
    )
    return bool(session.scalar(select(of_published)))


# What was skipped or refused before anything was read: a hidden file, an encrypted member.
_IS_LEFT = Remark.original.is_(None) & Remark.kind.in_((RemarkKind.SKIPPED, RemarkKind.QUARANTINED))


def _corrections(session: Session, batch_id: int) -> dict[int, Any]:
    """How the doubtful lines of a batch are read, which may have been said after it was received; by position."""
    received = BatchInput.batch_id == batch_id, BatchInput.repairs.is_(None)
    query = select(BatchInput.position, BatchInput.corrections).where(*received)
    rows = session.execute(query.execution_options(yield_per=_AT_ONCE))
    return {row.position: row.corrections for row in rows if row.corrections}
