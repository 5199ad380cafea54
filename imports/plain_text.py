"""Posts from a thread in plain text: one file is one thread.

The layout is described in `imports.thread_layout`; how names are told from paragraphs of one line,
in `imports.name_lines`.
"""

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from archive.domain.ids import Sha256
from archive.domain.records import Item, Layout, LineReading, Markup, Note, RawRef, Unreadable
from imports.limits import MAX_THREAD_BYTES
from imports.text_encoding import decode
from imports.thread_items import NO_CORRECTIONS, PlacedItem, ThreadSource, read_thread

_READ_AT_ONCE = 1024 * 1024  # bytes


def read_threads(
    file: BinaryIO,
    *,
    original: Sha256,
    start: int = 0,
    markup: Markup = Markup.PLAIN,
    corrections: Mapping[int, LineReading] = NO_CORRECTIONS,
) -> Iterator[Item]:
    """Yield the posts of one thread and everything around them, in file order. Never raises on bad content.

    :param file: the unpacked file, at its beginning.
    :param start: bytes; items that begin before it were yielded by an earlier run and are left out.
    :param corrections: how the archivist reads lines that stand alone, by their offset in bytes.
    """
    raw = file.read(MAX_THREAD_BYTES + 1)
    items: Iterator[PlacedItem]
    if len(raw) > MAX_THREAD_BYTES:
        items = _refuse(file, len(raw), original)
    else:
        items = _read_whole(raw, original=original, markup=markup, corrections=corrections)
    yield from (item for item in items if item.ref.offset >= start)


def _refuse(file: BinaryIO, size: int, original: Sha256) -> Iterator[Unreadable]:
    while chunk := file.read(_READ_AT_ONCE):
        size += len(chunk)
    ref = RawRef(original=original, offset=0, length=size)
    yield Unreadable(ref=ref, reason=f"The thread is larger than {MAX_THREAD_BYTES // 2**20} MiB.")


def _read_whole(
    raw: bytes, *, original: Sha256, markup: Markup, corrections: Mapping[int, LineReading]
) -> Iterator[PlacedItem]:
    decoded = decode(raw)
    if decoded.note:
        yield Note(ref=RawRef(original=original, offset=0, length=len(raw)), text=decoded.note)
    if decoded.bom_length:
        yield Layout(ref=RawRef(original=original, offset=0, length=decoded.bom_length))
    yield from read_thread(
        ThreadSource(
            text=decoded.text,
            offsets=decoded.offsets,
            original=original,
            markup=markup,
            corrections=corrections,
        )
    )
