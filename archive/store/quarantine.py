"""What became of stretches that could not be read: which were repaired, and which dismissed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Text,
    case,
    delete,
    exists,
    func,
    literal,
    literal_column,
    null,
    select,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from archive.domain.batch import Balance, BatchState
from archive.domain.ids import PublicId, Sha256, ThreadKey
from archive.domain.quarantine import Dismissal, Resolved
from archive.store.base import Base, Word, one_of
from archive.store.batches import Batch, BatchInput, Remark, RemarkKind
from archive.store.copies import copy_rows
from archive.store.originals import Reading
from archive.store.parts import parts
from archive.store.threads import Post, Thread

_QUARANTINED: ColumnElement[str] = literal_column(
    "'quarantined'"
)  # SQLite takes an index over part of a table for no parameter


class Resolution(Base):
    """What became of one stretch in quarantine. Taken back, it is gone; the ledger keeps both."""

    __tablename__ = "resolution"
    __table_args__ = (
        one_of("outcome", Resolved),
        one_of("reason", Dismissal),
        ForeignKeyConstraint(["batch_id", "number"], ["remark.batch_id", "remark.number"]),
    )

    batch_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)  # of the remark
    outcome: Mapped[Resolved] = mapped_column(Word(Resolved))
    reason: Mapped[Dismissal | None] = mapped_column(Word(Dismissal))  # of a dismissal
    words: Mapped[str] = mapped_column(Text)  # beside the reason
    moved: Mapped[dict[str, int]] = mapped_column(JSON)  # by which counts it moved the balance sheet
    # The entry of the ledger; None while an import is under way that took it over from an earlier batch.
    act: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("ledger_entry.number"))

    @property
    def sheet(self) -> Balance:
        """By how much it moved the balance sheet."""
        return Balance(**self.moved)


@dataclass(frozen=True, slots=True)
class Precedent:
    """A stretch in quarantine, and what became of the same one when it was imported before."""

    number: int
    resolution: Resolution


class CauseCount(NamedTuple):
    """How many stretches have one cause."""

    key: str
    stretches: int
    first: int  # the number of one of them


def count_causes(
    session: Session, batch_id: int, *, became: Resolved | None, key: str | None = None, limit: int
) -> Sequence[CauseCount]:
    """The most frequent causes of stretches that are in quarantine still, or became that; one, where it is named."""
    many = func.count()
    query = (
        select(Remark.cause, many, func.min(Remark.number))
        .where(*_quarantined(batch_id, became=became, cause=key))
        .group_by(Remark.cause)
        .order_by(many.desc(), func.min(Remark.number))
        .limit(limit)
    )
    return [CauseCount(cause or "", stretches, first) for cause, stretches, first in session.execute(query)]


def list_numbers(
    session: Session, batch_id: int, *, became: Resolved | None, cause: str | None, first: int = 0, limit: int
) -> Sequence[int]:
    """The numbers of stretches that are in quarantine still, or became that, in order; of one cause, where it is named.

    :param first: how many to pass over.
    """
    query = select(Remark.number).where(*_quarantined(batch_id, became=became, cause=cause)).order_by(Remark.number)
    return session.scalars(query.offset(first).limit(limit)).all()


def list_quarantined(session: Session, batch_id: int, *, after: int, limit: int) -> Sequence[Remark]:
    """Stretches that could not be read, whatever became of them, in order, behind a number."""
    behind = (Remark.batch_id == batch_id) & (Remark.number > after) & (Remark.kind == RemarkKind.QUARANTINED)
    return session.scalars(select(Remark).where(behind).order_by(Remark.number).limit(limit)).all()


def known_numbers(session: Session, batch_id: int, numbers: Sequence[int]) -> set[int]:
    """Those of the numbers under which there is a stretch that could not be read."""
    query = select(Remark.number).where(Remark.batch_id == batch_id, Remark.kind == RemarkKind.QUARANTINED)
    return {number for part in parts(numbers) for number in session.scalars(query.where(Remark.number.in_(part)))}


def count_outcomes(session: Session, batch_id: int) -> dict[Resolved | None, int]:
    """How many stretches of a batch became what; None: they are in quarantine still."""
    query = (
        select(Resolution.outcome, func.count())
        .select_from(Remark)
        .outerjoin(Resolution, _is_of(Remark))
        .where(Remark.batch_id == batch_id, Remark.kind == RemarkKind.QUARANTINED)
        .group_by(Resolution.outcome)
    )
    counted = {row[0]: row[1] for row in session.execute(query)}
    return {outcome: counted.get(outcome, 0) for outcome in (None, *Resolved)}


def list_unread(session: Session, batch_id: int, *, limit: int) -> Sequence[Remark]:
    """The first stretches of a batch that are neither repaired nor dismissed."""
    query = select(Remark).where(Remark.batch_id == batch_id, Remark.kind == RemarkKind.QUARANTINED, ~is_settled())
    return session.scalars(query.order_by(Remark.number).limit(limit)).all()


def count_settled(session: Session, batch_id: int) -> int:
    """How many stretches of a batch are repaired or dismissed."""
    return session.scalar(select(func.count()).where(Resolution.batch_id == batch_id)) or 0


def find_quarantined(session: Session, batch_id: int, number: int) -> Remark | None:
    """The stretch of that number, if there is one."""
    remark = session.get(Remark, (batch_id, number))
    return remark if remark is not None and remark.kind is RemarkKind.QUARANTINED else None


def find_quarantined_many(session: Session, batch_id: int, numbers: Sequence[int]) -> Sequence[Remark]:
    """The stretches of these numbers, in order."""
    query = select(Remark).where(
        Remark.batch_id == batch_id, Remark.kind == RemarkKind.QUARANTINED, Remark.number.in_(numbers)
    )
    return session.scalars(query.order_by(Remark.number)).all()


def list_resolutions(
    session: Session, batch_id: int, *, numbers: Sequence[int] | None = None, act: int | None = None
) -> Sequence[Resolution]:
    """What became of stretches of a batch, in order; only of those numbers or by that act, where they are named."""
    query = select(Resolution).where(Resolution.batch_id == batch_id).order_by(Resolution.number)
    if act is not None:
        query = query.where(Resolution.act == act)
    if numbers is None:
        return session.scalars(query).all()
    found: list[Resolution] = []
    for part in parts(numbers):
        found += session.scalars(query.where(Resolution.number.in_(part)))
    return found


class ActCount(NamedTuple):
    """How many stretches one act dismissed."""

    act: int
    stretches: int
    first: int  # the number of one of them


def count_mass_dismissals(session: Session, batch_id: int, *, limit: int) -> Sequence[ActCount]:
    """The acts that dismissed several stretches, as far as those are not taken back, newest first."""
    dismissed = func.sum(case((Resolution.outcome == Resolved.DISMISSED, 1), else_=0))
    query = (
        select(Resolution.act, func.count(), func.min(Resolution.number))
        .where(Resolution.batch_id == batch_id, Resolution.act.is_not(None))
        .group_by(Resolution.act)
        .having(func.count() > 1, func.count() == dismissed)
        .order_by(Resolution.act.desc())
        .limit(limit)
    )
    return [ActCount._make(row) for row in session.execute(query)]


def remove_resolutions(session: Session, batch_id: int, numbers: Sequence[int]) -> None:
    """Let stretches be as unread as they were."""
    for part in parts(numbers):
        session.execute(delete(Resolution).where(Resolution.batch_id == batch_id, Resolution.number.in_(part)))


def copy_resolutions(session: Session, from_batch: int, to_batch: int) -> None:
    """Let what became of the stretches of one batch have become of those of another, which has the same remarks."""
    theirs = Resolution.batch_id == from_batch
    copy_rows(session, Resolution, theirs, batch_id=literal(to_batch), act=null())
    repairs = (BatchInput.batch_id == from_batch) & BatchInput.repairs.is_not(None)
    copy_rows(session, BatchInput, repairs, batch_id=literal(to_batch))


def find_precedents(session: Session, batch_id: int) -> Sequence[Precedent]:
    """For the unread stretches of a batch, what had become of the same ones when the newest other batch held them."""
    batch = session.get_one(Batch, batch_id)
    other, theirs, mine = aliased(Remark), aliased(Resolution), aliased(Resolution)
    query = (
        select(Remark.number, theirs)
        .select_from(Remark)
        .join(
            other,
            (other.original == Remark.original)
            & (other.offset == Remark.offset)
            & (other.length == Remark.length)
            & (other.kind == _QUARANTINED)
            & (other.batch_id < batch_id),
        )
        .join(Batch, Batch.id == other.batch_id)
        .outerjoin(theirs, (theirs.batch_id == other.batch_id) & (theirs.number == other.number))
        .outerjoin(mine, (mine.batch_id == Remark.batch_id) & (mine.number == Remark.number))
        .where(
            Remark.batch_id == batch_id,
            Remark.kind == RemarkKind.QUARANTINED,
            Batch.collection_id == batch.collection_id,
            Batch.markup == batch.markup,
            mine.number.is_(None),
        )
        .order_by(Remark.number, other.batch_id.desc(), other.number)
    )
    newest: dict[int, Resolution | None] = {}
    for number, resolution in session.execute(query):
        newest.setdefault(number, resolution)
    return [Precedent(number, resolution) for number, resolution in newest.items() if resolution is not None]


def find_repair(session: Session, batch_id: int, number: int) -> BatchInput | None:
    """The bytes that mend the stretch of that number."""
    query = select(BatchInput).where(BatchInput.batch_id == batch_id, BatchInput.repairs == number)
    return session.scalars(query.order_by(BatchInput.position.desc()).limit(1)).first()


def next_position(session: Session, batch_id: int) -> int:
    """Where the next input of a batch goes."""
    last = session.scalar(select(func.max(BatchInput.position)).where(BatchInput.batch_id == batch_id))
    return 0 if last is None else last + 1


def input_with(session: Session, remark: Remark) -> tuple[BatchInput, str] | None:
    """The input that a stretch stands in, and the format in which it was read."""
    query = (
        select(BatchInput, Reading.format)
        .join(Reading, Reading.id == BatchInput.reading_id)
        .where(BatchInput.batch_id == remark.batch_id, BatchInput.original == remark.original)
        .order_by(BatchInput.name != remark.name, BatchInput.position)
        .limit(1)
    )
    row = session.execute(query).first()
    return None if row is None else (row[0], row[1])


def repaired_stretch(session: Session, original: Sha256, *, drafts: bool) -> Remark | None:
    """The stretch that an original was made to mend, if it was: the first in a published batch, else of all.

    :param drafts: whether one may be told of that no published batch holds.
    """
    published = Batch.state == BatchState.PUBLISHED
    query = (
        select(Remark)
        .join(BatchInput, (BatchInput.batch_id == Remark.batch_id) & (BatchInput.repairs == Remark.number))
        .join(Batch, Batch.id == Remark.batch_id)
        .where(BatchInput.original == original)
        .order_by(published.desc(), Remark.batch_id, Remark.number)
        .limit(1)
    )
    return session.scalars(query if drafts else query.where(published)).first()


def threads_of(session: Session, posts: Sequence[PublicId]) -> dict[PublicId, ThreadKey]:
    """The keys of the threads in which posts stand, by the posts' addresses."""
    query = select(Post.public_id, Thread.source_key).join(Thread, Thread.id == Post.thread_id)
    found: dict[PublicId, ThreadKey] = {}
    for part in parts(posts):
        rows = session.execute(query.where(Post.public_id.in_(part)))
        found.update({row.public_id: row.source_key for row in rows})
    return found


def is_settled() -> ColumnElement[bool]:
    """SQL: whether a remark was repaired or dismissed."""
    return exists().where(_is_of(Remark))


def _quarantined(batch_id: int, *, became: Resolved | None, cause: str | None) -> Iterator[ColumnElement[bool]]:
    """SQL: what must be so of a stretch."""
    yield Remark.batch_id == batch_id
    yield Remark.kind == _QUARANTINED
    yield ~is_settled() if became is None else exists().where(_is_of(Remark), Resolution.outcome == became)
    if cause is not None:
        yield Remark.cause == cause


def _is_of(remark: Any) -> ColumnElement[bool]:
    same: ColumnElement[bool] = (Resolution.batch_id == remark.batch_id) & (Resolution.number == remark.number)
    return same
