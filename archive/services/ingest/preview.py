"""A dry run: everything is read and decided as in an import, and nothing is written."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.batch import Balance, Outcome
from archive.domain.ids import CollectionSlug
from archive.domain.records import DoubtfulLine, LineReading, Markup
from archive.services.differences import Text
from archive.services.ingest.chunks import Chunk, Source, read_chunks
from archive.services.ingest.delivery import Received, leave_whole, take_in
from archive.services.ingest.differences import (
    ChangedPost,
    changed_post,
    missing_post,
    new_post,
    posts_in_archive,
)
from archive.services.ingest.entering import remark_row
from archive.services.ingest.foreseen import Foreseen
from archive.services.ingest.inputs import Left, find_named, leave_out
from archive.services.ingest.known import Known
from archive.services.ingest.plan import Planner
from archive.services.ingest.planned import PlannedThread
from archive.services.ingest.publish import find_batch
from archive.services.ingest.receive import check_format_name, slug_of
from archive.services.ingest.remembered import Remembered
from archive.services.ingest.run import sources_of
from archive.services.ingest.sites import refuse_other_sites
from archive.services.ingest.sketches import ThreadSketch, sketch_thread
from archive.services.ingest.sources import Input, Sources
from archive.services.takedown.arriving import Down
from archive.store.batches import (
    Remark,
    RemarkKind,
    count_remarks_by_kind,
    known_corrections,
    list_remarks,
)
from archive.store.capture_rows import next_ids
from archive.store.changes import revision_lines
from archive.store.collections import Collection, find_collection
from archive.store.originals import find_readings
from archive.store.quarantine import is_settled
from archive.store.vault import Vault
from imports.formats import AUTO

MOST_BYTES = 64 * 1024 * 1024  # that are read while somebody waits for a page
MOST_THREADS = 50
MOST_DOUBTS = 500
MOST_REMARKS = 50  # of a kind
MOST_CHANGES = 50
_DRY = -1  # the number of a batch that there is not
_AROUND = 300  # bytes
_WORDS_AROUND = 12
_AT_ONCE = 1_000  # files


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkSketch:
    """A note, a skip or a quarantined stretch."""

    kind: RemarkKind
    name: str  # of the file
    offset: int  # bytes
    length: int  # bytes
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtSketch:
    """A doubtful line, with both readings open."""

    input: int  # position of the file in the batch
    name: str  # of the file
    offset: int  # bytes
    number: int  # of the line, from 1
    text: str
    before: str  # what stands before it, as far as it helps
    after: str
    reading: LineReading
    confidence: float
    corrected: bool
    reasons: Sequence[str]


@dataclass(slots=True, kw_only=True)
class Preview:
    """What an import would do."""

    balance: Balance
    threads: list[ThreadSketch] = field(default_factory=list)  # the first ones
    doubts: list[DoubtSketch] = field(default_factory=list)
    remarks: list[RemarkSketch] = field(default_factory=list)  # the first ones of each kind
    doubtful: int = 0  # all of them, listed or not
    remarked: Counter[RemarkKind] = field(default_factory=Counter)  # all of them, listed or not
    refused: list[RemarkSketch] = field(default_factory=list)  # files that could be read, and are not to be
    changed: list[ChangedPost] = field(default_factory=list)  # the first ones
    absent: list[ChangedPost] = field(default_factory=list)  # the first ones
    absences: int = 0  # all of them, listed or not
    formats: set[str] = field(default_factory=set)  # by their names; in which the input is


def preview_batch(session: Session, vault: Vault, batch_id: int) -> Preview:
    """What importing a received batch would do.

    :raises NoSuchBatchError: if there is none.
    """
    batch = find_batch(session, batch_id)
    collection = session.get_one(Collection, batch.collection_id)
    preview = Preview(balance=batch.sheet)
    for kind, count in count_remarks_by_kind(session, batch_id, but=is_settled()).items():
        preview.remarked[kind] = count
        listed = list_remarks(session, batch_id, kind=kind, limit=MOST_REMARKS)
        preview.remarks += [_sketch_remark(remark) for remark in listed]
    with closing(sources_of(session, vault, batch_id)) as sources:
        _read(
            session,
            preview,
            sources=sources,
            collection=collection,
            format_name=batch.format,
            markup=batch.markup,
        )
    return preview


def preview_paths(
    session: Session,
    paths: Sequence[Path],
    *,
    collection: str,
    format_name: str = AUTO,
    markup: Markup = Markup.PLAIN,
    large_window: bool = False,
) -> Preview:
    """What importing the paths would do. Not even their bytes are kept; members of packed files are for the while.

    :param large_window: whether a compressed file may have 2 GiB of memory held for it.
    :raises NoSuchFileError: if a path does not exist.
    :raises UnknownFormatError: if there is no such format.
    :raises CollectionNameError: if the collection cannot have that name.
    :raises ReceivingStoppedError: if the disk gives way.
    """
    check_format_name(format_name)
    slug = slug_of(collection)
    known = find_collection(session, slug)
    preview = Preview(balance=Balance())
    with TemporaryDirectory(prefix="footnote-") as folder:
        vault = Vault(Path(folder))
        with closing(take_in(vault, find_named(paths), whole=leave_whole, large_window=large_window)) as delivery:
            for item in delivery.left:
                _leave(preview, item)
            preview.balance.bytes_received += delivery.size[1]
            sources = Sources(vault, _inputs(session, delivery.files))
        with closing(sources):
            _read(
                session,
                preview,
                sources=sources,
                collection=known or slug,
                format_name=format_name,
                markup=markup,
            )
    return preview


def _inputs(session: Session, files: Iterator[Received]) -> Iterator[Input]:
    numbered = enumerate(files)
    while part := [*islice(numbered, _AT_ONCE)]:
        corrections = known_corrections(session, [file.kept.sha256 for _, file in part])
        for position, file in part:
            kept = file.kept
            yield Input(position, file.name, kept.sha256, kept.size, corrections.get(kept.sha256, {}), path=file.path)


def _leave(preview: Preview, item: Left) -> None:
    kind = leave_out(preview.balance, item)
    _remark(preview, RemarkSketch(kind=kind, name=item.name, offset=0, length=item.size, text=item.reason))


def _read(
    session: Session,
    preview: Preview,
    *,
    sources: Sources,
    collection: Collection | CollectionSlug,
    format_name: str,
    markup: Markup,
) -> None:
    collection_id, slug = (collection.id, collection.slug) if isinstance(collection, Collection) else (_DRY, collection)
    ids = next_ids(session)
    ours = refuse_other_sites(session, sources, collection=collection, format_name=format_name)
    with closing(Remembered(ids)) as remembered:
        planner = Planner(
            known=Known(session, collection_id, slug, _DRY, remembered), balance=preview.balance, ids=ids, now=now()
        )
        foreseen, down = Foreseen(session, remembered), Down.of(session, slug)
        for chunk in read_chunks(ours, format_name=format_name, markup=markup):
            planner.known = Known(session, collection_id, slug, _DRY, remembered)
            met = set[int]()
            for read in planner.plan(chunk, _readings(session, chunk, slug, markup, remembered)):
                planned = down.without(read)
                met |= planned.thread_ids
                if len(preview.threads) < MOST_THREADS:
                    preview.threads.append(sketch_thread(planned))
                _sketch_changes(session, preview, planned, remembered)
            preview.balance.move(chunk.balance)
            preview.formats |= {way.format for way in chunk.ways.values()}
            planner.known.remember(planner.rows)
            foreseen.take(planner.rows, met)
            _sketch_remarks(preview, chunk, down)
        preview.balance.threads = foreseen.count()


def _readings(
    session: Session, chunk: Chunk, collection: CollectionSlug, markup: Markup, remembered: Remembered
) -> dict[int, int]:
    """Ids of readings by position, for the inputs that the chunk touches; also of those that there are not yet."""
    known = find_readings(session, chunk.ways, collection=collection, markup=markup)
    return {position: known.get(position) or remembered.reading(way) for position, way in chunk.ways.items()}


def _sketch_changes(session: Session, preview: Preview, planned: PlannedThread, remembered: Remembered) -> None:
    wanted = [post for post in planned.posts if post.outcome is Outcome.CHANGED]
    wanted = wanted[: MOST_CHANGES - len(preview.changed)]
    known = revision_lines(session, [post.before_id for post in wanted if post.before_id is not None])
    for post in wanted:
        record, names = post.record, post.names
        after = Text(record.title, record.text, record.markup, record.state)
        before = known.get(post.before_id) if post.before_id is not None else None
        told = new_post(record, planned.title, names) if before is None else changed_post(before, after, names)
        preview.changed.append(told)
    absent = remembered.newly_absent(planned.absent)
    preview.absences += len(absent)
    absent = absent[: MOST_CHANGES - len(preview.absent)]
    held = posts_in_archive(session, [post.revision_id for post in absent])
    preview.absent += [held.get(post.revision_id) or missing_post(post, planned.title) for post in absent]


def _sketch_remarks(preview: Preview, chunk: Chunk, down: Down) -> None:
    for source, item in chunk.remarks:
        if isinstance(item, DoubtfulLine):
            preview.doubtful += 1
            if len(preview.doubts) < MOST_DOUBTS and not down.covers(source.original, item.ref):
                preview.doubts.append(_doubt(source, item))
            continue
        row = remark_row(_DRY, 0, source, item)
        if row.is_refused:
            preview.refused.append(_sketch_remark(row))
            continue
        _remark(preview, _sketch_remark(row))


def _remark(preview: Preview, remark: RemarkSketch) -> None:
    preview.remarked[remark.kind] += 1
    if preview.remarked[remark.kind] <= MOST_REMARKS:
        preview.remarks.append(remark)


def _sketch_remark(row: Remark) -> RemarkSketch:
    return RemarkSketch(kind=row.kind, name=row.name, offset=row.offset, length=row.length, text=row.text)


def _doubt(source: Source, line: DoubtfulLine) -> DoubtSketch:
    start = max(0, line.ref.offset - _AROUND)
    with source.open() as file:
        file.seek(start)
        before = file.read(line.ref.offset - start)
        file.seek(line.ref.offset + line.ref.length)
        after = file.read(_AROUND)
    return DoubtSketch(
        input=source.position,
        name=source.name,
        offset=line.ref.offset,
        number=line.number,
        text=line.text,
        before=_last_words(before),
        after=_first_words(after),
        reading=line.reading,
        confidence=line.confidence,
        corrected=line.corrected,
        reasons=line.reasons,
    )


def _last_words(around: bytes) -> str:
    return " ".join(around.decode("utf-8", "replace").split()[-_WORDS_AROUND:])


def _first_words(around: bytes) -> str:
    return " ".join(around.decode("utf-8", "replace").split()[:_WORDS_AROUND])
