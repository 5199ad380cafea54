"""Reading a batch's inputs as chunks: whole threads, up to a number of posts, each with where to resume."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from archive.domain.batch import Balance
from archive.domain.ids import PostKey, Sha256, ThreadKey
from archive.domain.records import (
    Checkpoint,
    DoubtfulLine,
    Item,
    KeyBasis,
    KnownGap,
    Layout,
    LineReading,
    Markup,
    Note,
    PostRecord,
    RawRef,
    Skipped,
    Unreadable,
    WholeThread,
)
from archive.services.ingest.inputs import Companion
from archive.store.originals import Way
from imports.formats import NO_FORMAT, UnknownFormatError, choose_format
from imports.limits import DETECTION_BYTES

CHUNK_POSTS = 3_000
CHUNK_MENTIONS = 20_000  # each a row, and a mail may name hundreds of others
CHUNK_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not read in, though it could be."""

    reason: str  # for the archivist
    row: int | None = None  # bytes from the start of the file; where it stands


@dataclass(frozen=True, slots=True)
class Refused:
    """A file, or the rest of one, that is not read in."""

    ref: RawRef
    refusal: Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One input of a batch, ready to be read."""

    position: int
    name: str
    original: Sha256
    size: int  # bytes
    open: Callable[[], BinaryIO]
    corrections: Mapping[int, LineReading]
    companions: Mapping[str, Companion]  # in its folder, whatever its format; the reader gets those that it wants
    start: int = 0  # bytes; what lies before has been read in
    refusal: Refusal | None = None  # why it is not to be read in

    def way(self, format_: str, companions: Mapping[str, Companion]) -> Way:
        """How it is read in a format, with a look into these companions."""
        corrections = {str(offset): line.value for offset, line in self.corrections.items()}
        return Way(self.original, format_, corrections, {name: file.sha256 for name, file in companions.items()})


@dataclass(frozen=True, slots=True)
class Stretch:
    """Posts of one thread in one input: of one capture, one after the other, where posts are not numbered."""

    source: Source
    format: str
    key: ThreadKey
    records: list[PostRecord]


Remarkable = Note | Skipped | Unreadable | Refused | DoubtfulLine | KnownGap


@dataclass(slots=True)
class Chunk:
    """What is committed together."""

    stretches: list[Stretch] = field(default_factory=list)
    remarks: list[tuple[Source, Remarkable]] = field(default_factory=list)
    balance: Balance = field(default_factory=Balance)  # the bytes, and what was set aside
    ways: dict[int, Way] = field(default_factory=dict)  # in which inputs touched are read, by position
    done: dict[int, int] = field(default_factory=dict)  # input position → bytes read in, up to here
    finished: list[int] = field(default_factory=list)  # positions of inputs read to their end
    posts: int = 0
    bytes: int = 0  # of the posts
    mentions: int = 0
    at_checkpoint: bool = True  # whether another capture of the same thread may begin
    whole: set[tuple[int, ThreadKey]] = field(default_factory=set)  # by input position
    gaps: dict[tuple[int, ThreadKey], dict[PostKey | None, int]] = field(default_factory=dict)  # posts, by their parent
    numbered: dict[tuple[int, ThreadKey], Stretch] = field(default_factory=dict)  # those of numbered posts

    @property
    def full(self) -> bool:
        """Whether it is large enough to be committed."""
        return (
            self.posts + len(self.remarks) >= CHUNK_POSTS
            or len(self.finished) >= CHUNK_POSTS
            or self.mentions >= CHUNK_MENTIONS
            or self.bytes >= CHUNK_BYTES
        )


def read_chunks(sources: Iterable[Source], *, format_name: str, markup: Markup) -> Iterator[Chunk]:
    """Yield the inputs' contents, in order, as chunks that together hold each item once."""
    chunk = Chunk()
    for source in sources:
        with source.open() as file:
            for item in _items(source, file, format_name, markup, chunk):
                if isinstance(item, Checkpoint):
                    chunk.done[source.position] = item.offset
                    chunk.at_checkpoint = True
                    if chunk.full:
                        yield chunk
                        chunk = Chunk(ways={source.position: chunk.ways[source.position]})
                else:
                    _take(chunk, source, item)
        chunk.done[source.position] = source.size
        chunk.finished.append(source.position)
        if chunk.full:
            yield chunk
            chunk = Chunk()
    yield chunk


def _items(source: Source, file: BinaryIO, format_name: str, markup: Markup, chunk: Chunk) -> Iterator[Item | Refused]:
    if source.refusal is not None and source.start == 0:
        chunk.ways[source.position] = source.way(NO_FORMAT, {})
        return _refused(source, source.refusal)
    head = file.read(DETECTION_BYTES)
    file.seek(0)
    try:
        format_ = choose_format(head, name=format_name)
    except UnknownFormatError as error:
        whole = RawRef(original=source.original, offset=0, length=source.size)
        chunk.ways[source.position] = source.way(NO_FORMAT, {})
        return iter([Unreadable(ref=whole, reason=str(error))])
    wanted = format_.wanted(source.companions)
    chunk.ways[source.position] = source.way(format_.name, wanted)
    if source.refusal is not None:
        return _refused(source, source.refusal)
    read = format_.reader({name: file.open for name, file in wanted.items()})
    return read(
        file,
        original=source.original,
        start=source.start,
        markup=markup,
        corrections=source.corrections,
    )


def _refused(source: Source, refusal: Refusal) -> Iterator[Refused]:
    rest = RawRef(original=source.original, offset=source.start, length=source.size - source.start)
    return iter([Refused(rest, refusal)])


def _take(chunk: Chunk, source: Source, item: Item | Refused) -> None:
    balance = chunk.balance
    match item:
        case PostRecord():
            balance.bytes_in_posts += item.ref.length
            _add_post(chunk, source, item)
        case Layout():
            balance.bytes_in_layout += item.ref.length
        case Unreadable() | Refused():
            balance.bytes_set_aside += item.ref.length
            balance.read += 1
            balance.quarantined += 1
            chunk.remarks.append((source, item))
        case Skipped():
            balance.bytes_set_aside += item.ref.length
            balance.read += 1
            balance.skipped += 1
            chunk.remarks.append((source, item))
        case Note() | DoubtfulLine():
            chunk.remarks.append((source, item))
        case KnownGap():
            balance.missing += item.count
            _add_gap(chunk, source, item)
            chunk.remarks.append((source, item))
        case WholeThread():
            chunk.whole.add((source.position, item.thread))


def _add_post(chunk: Chunk, source: Source, record: PostRecord) -> None:
    stretch = _stretch_of(chunk, source, record)
    stretch.records.append(record)
    chunk.posts += 1
    chunk.bytes += record.ref.length
    chunk.mentions += len(record.mentions)
    chunk.at_checkpoint = False


def _add_gap(chunk: Chunk, source: Source, gap: KnownGap) -> None:
    gaps = chunk.gaps.setdefault((source.position, gap.thread), {})
    gaps[gap.parent] = max(gap.count, gaps.get(gap.parent, 0))  # of two captures


def _stretch_of(chunk: Chunk, source: Source, record: PostRecord) -> Stretch:
    """The stretch that the post belongs to. In dumps the posts of many threads alternate."""
    if record.key_basis is KeyBasis.SOURCE:
        stretch = chunk.numbered.get((source.position, record.thread))
        if stretch is None:
            stretch = _new_stretch(chunk, source, record)
            chunk.numbered[source.position, record.thread] = stretch
        return stretch
    last = chunk.stretches[-1] if chunk.stretches else None
    if last is None or last.source is not source or last.key != record.thread or chunk.at_checkpoint:
        return _new_stretch(chunk, source, record)
    return last


def _new_stretch(chunk: Chunk, source: Source, record: PostRecord) -> Stretch:
    stretch = Stretch(source, chunk.ways[source.position].format, record.thread, [])
    chunk.stretches.append(stretch)
    return stretch
