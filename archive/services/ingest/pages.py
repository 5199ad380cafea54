"""What archivists see of their batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from archive.domain.batch import Balance, BatchState
from archive.domain.ids import CollectionSlug, Sha256
from archive.domain.records import Markup, PostKind
from archive.services.browse import thread_lines
from archive.services.ingest.publish import find_batch
from archive.services.views import ThreadLine
from archive.store import batches as store
from archive.store.batches import Batch, BatchInput, Remark, RemarkKind
from archive.store.changes import count_absent
from archive.store.collections import Collection
from archive.store.originals import Reading
from archive.store.pages import ThreadRow, count_live_posts, thread_rows
from archive.store.quarantine import count_settled, is_settled
from archive.store.sightings import thread_is_in_batch
from archive.store.threads import Thread
from archive.store.users import User

COMMAND_LINE = "the command line"
MOST_INPUTS = 200
MOST_THREADS = 100
REMARKS_OF_A_KIND = 10  # on the batch's page
REMARKS_A_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLine:
    """A batch in a list."""

    id: int
    state: BatchState
    collection: CollectionSlug
    collection_name: str
    started_at: datetime
    by: str
    balance: Balance
    files: int
    failure: str | None
    is_discarded: bool  # rolled back before anything of it was read in


@dataclass(frozen=True, slots=True, kw_only=True)
class InputView:
    """A file of a batch."""

    name: str
    original: Sha256
    size: int  # bytes
    format: str | None  # None: not read yet
    corrections: int
    done_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkView:
    """A note, a skip, a quarantined stretch or a doubtful line."""

    batch: int
    number: int  # in the batch
    kind: RemarkKind
    name: str  # of the file
    original: Sha256 | None
    offset: int  # bytes
    length: int  # bytes
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkList:
    """Remarks of one kind."""

    count: int  # all of them, listed or not
    remarks: Sequence[RemarkView]
    further: int | None = None  # what to ask for as `after` to see the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchThread:
    """A thread of a batch."""

    line: ThreadLine  # with everything counted that was not rolled back, published or not
    public_answers: int
    public_replies: int
    is_public: bool
    stands: bool  # False: all of it was rolled back

    @property
    def readers_see_less(self) -> bool:
        """Whether readers see it, and not all that is counted."""
        counted = self.line.answers, self.line.replies
        return self.is_public and (self.public_answers, self.public_replies) != counted


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchHead:
    """One batch, as far as the pages of a part of it need it."""

    line: BatchLine
    format: str
    markup: Markup
    finished_at: datetime | None
    inputs: Sequence[InputView]  # the first ones


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage(BatchHead):
    """One batch, with what it holds and what was remarked."""

    remarks: Mapping[RemarkKind, RemarkList]  # the first of each kind
    settled: int  # stretches that were repaired or dismissed, which are not among them
    threads: Sequence[BatchThread]  # a page of them
    further_threads: int | None  # what to ask for as `after` to see the rest
    changed: int  # posts that it gave another text
    absent: int  # posts that it lacks

    @property
    def posts(self) -> int:
        """How many posts it holds."""
        sheet = self.line.balance
        return sheet.added + sheet.changed + sheet.unchanged + sheet.duplicate

    @property
    def news(self) -> bool:
        """Whether there is anything in it that the archive did not know."""
        return bool(self.line.balance.added or self.changed or self.absent)


def list_batches(session: Session, *, before: int | None = None) -> Sequence[BatchLine]:
    """Batches, newest first."""
    return [_line(session, batch) for batch in store.list_batches(session, before=before)]


def batch_head(session: Session, batch_id: int) -> BatchHead:
    """What one batch is, without what it holds: that may be much to count.

    :raises NoSuchBatchError: if there is none.
    """
    batch = find_batch(session, batch_id)
    inputs = store.list_inputs(session, batch_id, limit=MOST_INPUTS)
    read = [row.reading_id for row in inputs if row.reading_id]
    readings = session.scalars(select(Reading).where(Reading.id.in_(read)))
    formats = {reading.id: reading.format for reading in readings}
    return BatchHead(
        line=_line(session, batch),
        format=batch.format,
        markup=batch.markup,
        finished_at=batch.finished_at,
        inputs=[_input(row, formats) for row in inputs],
    )


def batch_page(session: Session, batch_id: int, *, after: int = 0) -> BatchPage:
    """One batch, with its threads behind a number.

    :raises NoSuchBatchError: if there is none.
    """
    head = batch_head(session, batch_id)
    in_it = thread_is_in_batch(batch_id) & (Thread.id > after)
    threads = thread_rows(session, in_it, drafts=True, oldest_first=True, limit=MOST_THREADS + 1)
    return BatchPage(
        line=head.line,
        format=head.format,
        markup=head.markup,
        finished_at=head.finished_at,
        inputs=head.inputs,
        remarks={
            kind: RemarkList(count=count, remarks=_remarks(session, batch_id, kind, limit=REMARKS_OF_A_KIND))
            for kind, count in store.count_remarks_by_kind(session, batch_id, but=is_settled()).items()
        },
        settled=count_settled(session, batch_id),
        threads=_with_drafts(session, threads[:MOST_THREADS]),
        further_threads=threads[MOST_THREADS - 1].id if len(threads) > MOST_THREADS else None,
        changed=head.line.balance.changed,
        absent=count_absent(session, batch_id),
    )


def remark_list(session: Session, batch_id: int, kind: RemarkKind, *, after: int) -> RemarkList:
    """A page of a batch's remarks of one kind.

    :raises NoSuchBatchError: if there is none.
    """
    find_batch(session, batch_id)
    remarks = _remarks(session, batch_id, kind, after=after, limit=REMARKS_A_PAGE + 1)
    return RemarkList(
        count=store.count_remarks_by_kind(session, batch_id, but=is_settled()).get(kind, 0),
        remarks=remarks[:REMARKS_A_PAGE],
        further=remarks[REMARKS_A_PAGE - 1].number if len(remarks) > REMARKS_A_PAGE else None,
    )


def _remarks(session: Session, batch_id: int, kind: RemarkKind, *, after: int = -1, limit: int) -> Sequence[RemarkView]:
    return [
        _remark(row)
        for row in store.list_remarks(session, batch_id, kind=kind, but=is_settled(), after=after, limit=limit)
    ]


def _with_drafts(session: Session, rows: Sequence[ThreadRow]) -> Sequence[BatchThread]:
    live = count_live_posts(session, [row.id for row in rows])
    counts = {row.id: live.get(row.id, {}) for row in rows}
    return [
        BatchThread(
            line=replace(
                line,
                answers=counts[row.id].get(PostKind.ANSWER, 0),
                replies=counts[row.id].get(PostKind.REPLY, 0),
            ),
            public_answers=row.answers,
            public_replies=row.replies,
            is_public=row.public,
            stands=bool(counts[row.id]),
        )
        for row, line in zip(rows, thread_lines(session, rows), strict=True)
    ]


def quarantine(session: Session, *, limit: int = 500, behind: tuple[int, int] | None = None) -> Sequence[RemarkView]:
    """What could not be read and is neither repaired nor dismissed, in batches that stand, newest first.

    :param behind: a batch and a number in it, behind which they lie.
    """
    query = (
        select(Remark)
        .join(Batch, Batch.id == Remark.batch_id)
        .where(Remark.kind == RemarkKind.QUARANTINED, Batch.state != BatchState.ROLLED_BACK, ~is_settled())
        .order_by(Remark.batch_id.desc(), Remark.number)
        .limit(limit)
    )
    if behind is not None:
        batch, number = behind
        query = query.where(or_(Remark.batch_id < batch, (Remark.batch_id == batch) & (Remark.number > number)))
    return [_remark(row) for row in session.scalars(query)]


def _line(session: Session, batch: Batch) -> BatchLine:
    collection = session.get_one(Collection, batch.collection_id)
    by = COMMAND_LINE if batch.started_by is None else session.get_one(User, batch.started_by).name
    counts = select(func.count(), func.count(BatchInput.reading_id)).where(BatchInput.batch_id == batch.id)
    files, read = session.execute(counts).one()
    return BatchLine(
        id=batch.id,
        state=batch.state,
        collection=collection.slug,
        collection_name=collection.name,
        started_at=batch.started_at,
        by=by,
        balance=batch.sheet,
        files=files,
        failure=batch.failure,
        is_discarded=batch.state is BatchState.ROLLED_BACK and not read,
    )


def _input(row: BatchInput, formats: dict[int, str]) -> InputView:
    return InputView(
        name=row.name,
        original=row.original,
        size=row.size,
        format=formats.get(row.reading_id) if row.reading_id else None,
        corrections=len(row.corrections),
        done_bytes=row.done_bytes,
    )


def _remark(row: Remark) -> RemarkView:
    return RemarkView(
        batch=row.batch_id,
        number=row.number,
        kind=row.kind,
        name=row.name,
        original=row.original,
        offset=row.offset,
        length=row.length,
        text=row.text,
    )
