"""One thread's text to items: posts, what lies between them, and the lines that are doubtful."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from archive.domain.ids import PostKey, Sha256, ThreadKey
from archive.domain.parent_proposals import addressed_name
from archive.domain.records import (
    DoubtfulLine,
    Edge,
    KeyBasis,
    Layout,
    LineReading,
    Markup,
    Note,
    PostKind,
    PostRecord,
    RawRef,
    Skipped,
    Unreadable,
    WholeThread,
)
from imports.limits import MAX_BYLINE_CHARACTERS, MAX_POST_BYTES
from imports.name_lines import Verdict, judge_lines
from imports.text_encoding import Offsets
from imports.thread_layout import LINE_END, LayoutMissing, Paragraph, ThreadLayout, find_layout

NO_CORRECTIONS: Mapping[int, LineReading] = MappingProxyType({})
QUESTION_KEY = PostKey("question")

PlacedItem = PostRecord | Layout | Skipped | Unreadable | Note | DoubtfulLine | WholeThread  # an Item that has a place


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadSource:
    """A thread's text, where it stands in its original, and how it is to be read."""

    text: str
    offsets: Offsets
    original: Sha256
    markup: Markup
    corrections: Mapping[int, LineReading]  # by the byte of the original at which the line begins

    def ref(self, start: int, end: int) -> RawRef:
        """The bytes that hold these characters."""
        first = self.offsets.at(start)
        return RawRef(original=self.original, offset=first, length=self.offsets.at(end) - first)


class _Stretch(NamedTuple):
    """A post's place in the text, in characters and paragraphs."""

    start: int
    end: int
    name: Verdict | None  # None for the question
    body: Sequence[Paragraph]


class _Written(NamedTuple):
    """The answers of a thread so far."""

    counts: Counter[str]  # by author
    names: set[str]  # of their authors, in lower case


def read_thread(source: ThreadSource) -> Iterator[PlacedItem]:
    """Yield the items of one thread in the order of the text. Never raises on bad content."""
    text = source.text
    if not text or text.isspace():
        yield Skipped(ref=source.ref(0, len(text)), reason="The text is empty.")
        return
    layout = find_layout(text)
    if "\0" in text:
        layout = LayoutMissing("The text holds NUL characters, so it is not plain text.")
    if isinstance(layout, LayoutMissing):
        yield Unreadable(ref=source.ref(0, len(text)), reason=layout.reason)
        return
    verdicts = judge_lines(text, layout, _corrected_paragraphs(source, layout))
    yield from _cover(source, layout, verdicts)


def thread_key(title: str, asker: str) -> ThreadKey:
    """What identifies a thread that its source does not number: the same wherever lines are broken."""
    identity = "\0".join(" ".join(part.split()) for part in (title, asker))
    return ThreadKey(hashlib.sha256(identity.encode()).hexdigest())


def _corrected_paragraphs(source: ThreadSource, layout: ThreadLayout) -> dict[int, LineReading]:
    if not source.corrections:
        return {}
    offsets = ((number, source.offsets.at(paragraph.start)) for number, paragraph in enumerate(layout.paragraphs))
    return {number: source.corrections[offset] for number, offset in offsets if offset in source.corrections}


def _cover(source: ThreadSource, layout: ThreadLayout, verdicts: Sequence[Verdict]) -> Iterator[PlacedItem]:
    """Yield posts, the layout between them, and each doubtful line after the post that it is in.

    The thread is whole unless a post is too large, or a line is doubtful still: a post may hide behind it.
    """
    thread = thread_key(layout.title, layout.asker)
    written = _Written(Counter(), set())
    doubtful = _doubtful_lines(source, layout, thread, verdicts)
    pending = next(doubtful, None)
    is_whole = all(verdict.is_corrected for verdict in verdicts if verdict.is_doubtful)
    byte_at = source.offsets.at
    reached = byte_at(0)
    for stretch in _stretches(layout, verdicts):
        begin, end = byte_at(stretch.start), byte_at(stretch.end)
        if begin > reached:
            yield Layout(ref=RawRef(original=source.original, offset=reached, length=begin - reached))
        ref = RawRef(original=source.original, offset=begin, length=end - begin)
        post = _post(source=source, layout=layout, thread=thread, stretch=stretch, ref=ref, written=written)
        is_whole = is_whole and isinstance(post, PostRecord)
        yield post
        while pending is not None and pending.ref.offset < end:
            yield pending
            pending = next(doubtful, None)
        reached = end
    rest = byte_at(len(source.text)) - reached
    if rest:
        yield Layout(ref=RawRef(original=source.original, offset=reached, length=rest))
    if is_whole:
        yield WholeThread(ref=source.ref(0, len(source.text)), thread=thread)


def _stretches(layout: ThreadLayout, verdicts: Sequence[Verdict]) -> Iterator[_Stretch]:
    names = [verdict for verdict in verdicts if verdict.reading is LineReading.NAME]
    ends = [*(verdict.paragraph for verdict in names), len(layout.paragraphs)]
    body = layout.paragraphs[: ends[0]]
    yield _Stretch(start=layout.start, end=body[-1].end if body else layout.head_end, name=None, body=body)
    for name, end in zip(names, ends[1:], strict=True):
        line = layout.paragraphs[name.paragraph]
        body = layout.paragraphs[name.paragraph + 1 : end]
        yield _Stretch(start=line.start, end=body[-1].end if body else line.end, name=name, body=body)


def _post(
    *,
    source: ThreadSource,
    layout: ThreadLayout,
    thread: ThreadKey,
    stretch: _Stretch,
    ref: RawRef,
    written: _Written,
) -> PostRecord | Unreadable:
    """One post.

    :param written: the answers so far; this one is added.
    """
    is_question = stretch.name is None
    byline = layout.asker if stretch.name is None else stretch.name.name
    text = source.text[stretch.body[0].start : stretch.body[-1].end] if stretch.body else ""
    speaks_to = None if is_question else addressed_name(text)
    nobody_new = (None, layout.asker.casefold(), byline.casefold())
    edge = Edge.ADDRESSED if speaks_to not in nobody_new and speaks_to in written.names else Edge.LAYOUT
    if not is_question:
        written.counts[byline] += 1
        written.names.add(byline.casefold())
    if len(byline) > MAX_BYLINE_CHARACTERS:  # no line is taken for such a name unless the archivist says so
        return Unreadable(ref=ref, reason=_too_long_a_name(byline))
    if ref.length > MAX_POST_BYTES:
        return Unreadable(ref=ref, reason=f"The post by {byline} is larger than {MAX_POST_BYTES // 2**20} MiB.")
    return PostRecord(
        thread=thread,
        key=QUESTION_KEY if is_question else PostKey(f"{byline}#{written.counts[byline]}"),
        key_basis=KeyBasis.POSITION,
        parent=None if is_question else QUESTION_KEY,
        kind=PostKind.QUESTION if is_question else PostKind.ANSWER,
        byline=byline,
        title=layout.title if is_question else None,
        text=text,
        markup=source.markup,
        posted_at=None,
        ref=ref,
        edge=edge,
    )


def _too_long_a_name(name: str) -> str:
    return (
        f"The line “{name[:40]}…” was said to be a name, and has {len(name):,} characters; "
        f"a name has at most {MAX_BYLINE_CHARACTERS:,}."
    )


def _doubtful_lines(
    source: ThreadSource, layout: ThreadLayout, thread: ThreadKey, verdicts: Sequence[Verdict]
) -> Iterator[DoubtfulLine]:
    number, reached = 1, 0
    for verdict in verdicts:
        if not verdict.is_doubtful:
            continue
        line = layout.paragraphs[verdict.paragraph]
        number += len(LINE_END.findall(source.text, reached, line.start))
        reached = line.start
        yield DoubtfulLine(
            ref=source.ref(line.start, line.end),
            thread=thread,
            number=number,
            text=verdict.name,
            reading=verdict.reading,
            confidence=verdict.confidence,
            corrected=verdict.is_corrected,
            reasons=verdict.reasons,
        )
