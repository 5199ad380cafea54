"""Entering what was read of a batch: rows of posts, remarks, and the counts of both, in the caller's transaction."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.quarantine import cause_key
from archive.domain.records import DoubtfulLine, KeyBasis, KnownGap, Note, Skipped, Unreadable
from archive.services.ingest.chunks import Chunk, Refused, Remarkable, Source
from archive.services.ingest.known import Known
from archive.services.ingest.plan import Planner
from archive.services.ingest.settle import Circle, settle
from archive.services.takedown.arriving import keep_down
from archive.store.batches import REFUSED, REFUSED_FOR, Batch, Remark, RemarkKind, count_remarks
from archive.store.capture_rows import next_ids, write_rows
from archive.store.collections import Collection
from archive.store.hanging import contradictions, link_awaited
from archive.store.mentions import beyond_batch, threads_that_wait
from archive.store.originals import Ways, ensure_readings
from archive.store.publishing import arranging_lock
from archive.store.threads import mark_unsettled


class Entering:
    """Takes in one chunk after another. One at a time: ids are counted here (see `import_lock`)."""

    def __init__(self, session: Session, batch: Batch) -> None:
        self._session, self._batch = session, batch
        self.collection = session.get_one(Collection, batch.collection_id)
        self.balance = batch.sheet
        self._remarks = count_remarks(session, batch.id)

    def enter(self, chunk: Chunk, readings: dict[int, int]) -> None:
        """Write what a chunk brings.

        :param readings: the id of the reading of each input, by the input's position.
        """
        arranging_lock(self._session)
        planner = Planner(
            known=Known(self._session, self.collection.id, self.collection.slug, self._batch.id),
            balance=self.balance,
            ids=next_ids(self._session),
            now=now(),
        )
        planner.plan(chunk, readings)
        self._forget_within(chunk, planner)
        self._write(planner)
        for source, item in chunk.remarks:
            self._session.add(remark_row(self._batch.id, self._remarks, source, item))
            self._remarks += 1
        keep_down(self._session, planner.rows)
        self.balance.move(chunk.balance)

    def ensure_readings(self, wanted: Ways) -> dict[int, int]:
        """The ids of the readings of originals in some ways, by position."""
        return ensure_readings(self._session, wanted, collection=self.collection.slug, markup=self._batch.markup)

    def settle(self) -> None:
        """Put the threads in order that grew, in commits of their own."""
        self.note_circles(settle(self._session))

    def _forget_within(self, chunk: Chunk, planner: Planner) -> None:
        """Keep no mentions of mails of this very batch: where it is believed, they are there."""
        if planner.rows.mentions:
            records = (record for stretch in chunk.stretches for record in stretch.records)
            new = {planner.known.address(record.key) for record in records if record.key_basis is KeyBasis.SOURCE}
            beyond = beyond_batch(self._session, planner.rows.mentions, batch_id=self._batch.id, new=new)
            planner.rows.mentions = beyond

    def _write(self, planner: Planner) -> None:
        write_rows(self._session, planner.rows)
        linked, carried = link_awaited(self._session, planner.rows.posts)
        for post in contradictions(self._session, planner.rows.posts):
            words = f"{post.key} is said to answer {post.parent_key}, which is in another thread; it was not moved."
            self.note(f"thread {post.thread}", words)
        for name, words in planner.odd.sentences():
            self.note(name, words)
        told = {mention["address"] for mention in planner.rows.mentions}
        waiting = threads_that_wait(self._session, planner.rows.posts, told)
        mark_unsettled(self._session, sorted(planner.unsettled | linked | carried | waiting))

    def note_circles(self, circles: Iterable[Circle]) -> None:
        """Keep a note on each circle that was cut."""
        for circle in circles:
            words = f"{' → '.join(circle.keys[:20])} answer one another in a circle, which was cut above the first."
            self.note(f"thread {circle.thread}", words)

    def note(self, name: str, words: str) -> None:
        """Keep a note on what no single place of an original says."""
        note = Remark(
            batch_id=self._batch.id,
            number=self._remarks,
            kind=RemarkKind.NOTE,
            original=None,
            name=name,
            offset=0,
            length=0,
            text=words,
            cause=None,
            detail={},
        )
        self._session.add(note)
        self._remarks += 1


def remark_row(batch_id: int, number: int, source: Source, item: Remarkable) -> Remark:
    """The row that keeps what a reader remarked."""
    kind, text, detail = _remark_words(item)
    text = text.replace("\0", r"\x00")  # PostgreSQL can hold none, and a sentence may name what a file names
    return Remark(
        batch_id=batch_id,
        number=number,
        kind=kind,
        original=source.original,
        name=source.name,
        offset=item.ref.offset,
        length=item.ref.length,
        text=text,
        cause=cause_key(text) if kind is RemarkKind.QUARANTINED else None,
        detail=detail,
    )


def _remark_words(item: Remarkable) -> tuple[RemarkKind, str, dict[str, object]]:
    match item:
        case Note():
            return RemarkKind.NOTE, item.text, {}
        case Skipped():
            return RemarkKind.SKIPPED, item.reason, {}
        case Unreadable():
            return RemarkKind.QUARANTINED, item.reason, {}
        case Refused():
            return RemarkKind.QUARANTINED, item.refusal.reason, {REFUSED: True, REFUSED_FOR: item.refusal.row}
        case KnownGap():
            counted: dict[str, object] = {"thread": item.thread, "parent": item.parent, "count": item.count}
            return RemarkKind.MISSING, _gap_words(item), counted
        case DoubtfulLine():
            detail: dict[str, object] = {
                "line": item.number,
                "reading": item.reading.value,
                "confidence": round(item.confidence, 2),
                "corrected": item.corrected,
                "reasons": list(item.reasons),
            }
            return RemarkKind.DOUBTFUL, item.text, detail


def _gap_words(gap: KnownGap) -> str:
    posts = "One post is" if gap.count == 1 else f"{gap.count:,} posts are"
    return f"{posts} said to hang under {gap.parent or gap.thread}, and not given."
