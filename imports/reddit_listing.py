"""Posts from the JSON of a thread page of Reddit's API: a submission, and its comments within one another.

Format: https://github.com/reddit-archive/reddit/wiki/JSON. Read are the two listings of a thread, a single
listing, and the `things` that the API gives for a “more”; the fields are told in `imports.reddit_things`.

A comment's JSON holds its replies, and so its bytes are not in one piece: there is what stands before its
replies, what stands between them, and what stands after. A post's stretch is that piece of its thing,
`{"kind": …, "data": {…}}`, in which its text is (the first one, if it has none); the other pieces, and what
wraps the things, are layout. Most captures have every field before the replies, some have the replies first;
then the author, say, may stand in another piece than the text.

Each thing is parsed by itself, without its replies: a thing that is damaged or cut off becomes unreadable
alone, and replies may be nested more deeply than a JSON parser goes.

A “more” stub becomes a known gap. It is as large as the stub says, or as the ids that it lists, whichever
is more: both have been seen to be 0 where there was something. “Continue this thread” (id “_”) says 0 and
lists nothing; it stands where there is at least one reply, and is counted as one: in a real capture with
470 comments, 61 in other stubs and six of these, the thread counts 537.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from archive.domain.ids import PostKey, Sha256, ThreadKey
from archive.domain.records import (
    Checkpoint,
    Item,
    KnownGap,
    Layout,
    RawRef,
    Skipped,
    Unreadable,
)
from imports.json_lines import UTF8_BOM
from imports.limits import MAX_THING_BYTES, MAX_THREAD_BYTES
from imports.reddit_things import SUBMISSION, Remarks, capital, keep, read_thing
from imports.thing_spans import Outline, ThingSpan

_READ_AT_ONCE = 1024 * 1024  # bytes
_LARGEST_GAP = 1_000_000_000  # a count beyond it is no count
_BEGINNING = re.compile(rb'[ \t\r\n]*\[?[ \t\r\n]*\{[ \t\r\n]*"(?:kind|data|json)"[ \t\r\n]*:')
_LISTING = re.compile(rb'"kind"\s*:\s*"Listing"|"(?:children|things)"\s*:\s*\[\s*\{\s*"(?:kind|data)"\s*:')
_THREAD = re.compile(rb'"link_id"\s*:\s*"(t3_[0-9A-Za-z]+)"')
_HTML = re.compile(rb'"(?:body|selftext)_html"\s*:\s*"\s*(<|\\u003[cC]|&lt;)')


def is_reddit_listing(head: bytes) -> bool:
    """Whether the beginning of a file looks like listings of Reddit's API."""
    head = head.removeprefix(UTF8_BOM)
    return _BEGINNING.match(head) is not None and _LISTING.search(head) is not None


def read_posts(file: BinaryIO, *, original: Sha256, start: int = 0, **_: object) -> Iterator[Item]:
    """Yield the posts of one file and everything around them, in file order. Never raises on bad content.

    The only checkpoint stands at the end.

    :param file: the unpacked file, at its beginning.
    :param start: bytes; beyond 0, everything was yielded by an earlier run.
    """
    if start:
        return
    raw = file.read(MAX_THREAD_BYTES + 1)
    size = len(raw)
    if size > MAX_THREAD_BYTES:
        while chunk := file.read(_READ_AT_ONCE):
            size += len(chunk)
        ref = RawRef(original=original, offset=0, length=size)
        yield Unreadable(ref=ref, reason=f"The listing is larger than {MAX_THREAD_BYTES // 2**20} MiB.")
    elif raw:
        yield from _Listing(raw, original).items()
    if size:
        yield Checkpoint(size)


class _Listing:
    """One file, read whole."""

    def __init__(self, raw: bytes, original: Sha256) -> None:
        self._raw, self._original = raw, original
        self._outline = Outline(raw)
        self._remarks = Remarks()
        html = _HTML.search(raw)
        self._escaped = html is None or html[1] == b"&lt;"
        first = _THREAD.search(raw)
        self._thread = first[1].decode() if first else None  # that of the post last read

    def items(self) -> Iterator[Item]:
        around = self._outline.around
        pieces = [(start, end, thing) for thing in self._outline.things for start, end in thing.pieces()]
        pieces += [(start, end, around) for start, end in around.pieces()]
        pieces.sort(key=lambda piece: piece[0])
        fault = self._fault_around()
        last = max((start for start, _, thing in pieces if thing is around), default=None)
        for start, end, thing in pieces:
            ref = RawRef(original=self._original, offset=start, length=end - start)
            if thing is not around and _stands_for(thing, start, end):
                yield from self._read(thing, ref)
            elif start == last and fault:
                yield Unreadable(ref=ref, reason=fault)
            else:
                yield Layout(ref=ref)

    def _fault_around(self) -> str | None:
        """What is wrong with that which wraps the things, if none of them is said to break off."""
        outline = self._outline
        if not all(thing.is_whole for thing in outline.things):
            return None
        if outline.fault:
            return f"The file {outline.fault}."
        value = _parse(outline.around.own_json(self._raw).removeprefix(UTF8_BOM))
        if isinstance(value, str):
            return f"What stands around the posts {value}"
        return None if outline.has_list else "The file holds no listing of Reddit’s."

    def _read(self, thing: ThingSpan, ref: RawRef) -> Iterator[Item]:
        place = f"the post at byte {thing.start:,}"
        value = self._value_of(thing)
        if isinstance(value, str):
            yield Unreadable(ref=ref, reason=f"{capital(place)} {value}")
            return
        kind, data = value.get("kind"), value["data"]
        if kind == "Listing":
            yield Layout(ref=ref)
        elif kind == "more":
            yield from self._read_stub(data, ref, place)
        elif kind in ("t1", "t3", None):  # no set: a kind may be a list
            yield from self._read_post(data, ref, place)
        else:
            yield Skipped(ref=ref, reason=f"{capital(place)} is neither a submission nor a comment.")

    def _value_of(self, thing: ThingSpan) -> dict[str, Any] | str:
        """The thing without its replies; or what is wrong with it."""
        if not thing.is_whole:
            return f"cannot be read, because the file {self._outline.fault}."
        value: dict[str, Any] | str = _parse(thing.own_json(self._raw))
        if isinstance(value, dict) and not isinstance(value.get("data"), dict):
            return "has no “data”."
        return value

    def _read_post(self, data: dict[str, Any], ref: RawRef, place: str) -> Iterator[Item]:
        post = read_thing(data, ref=ref, escaped=self._escaped)
        if isinstance(post, str):
            yield Unreadable(ref=ref, reason=f"{capital(place)} {post}")
            return
        self._thread = post.thread
        yield from self._remarks.about(data, post, place)
        yield keep(post, place)

    def _read_stub(self, data: dict[str, Any], ref: RawRef, place: str) -> Iterator[Item]:
        parent = data.get("parent_id")
        if not isinstance(parent, str) or not parent:
            parent = None
        thread = parent if parent and parent.startswith(SUBMISSION) else self._thread
        if thread is None:
            yield Unreadable(ref=ref, reason=f"{capital(place)} stands for more, and names no thread.")
            return
        yield KnownGap(ref=ref, thread=ThreadKey(thread), parent=PostKey(parent) if parent else None, count=_size(data))
        yield Layout(ref=ref)


def _parse(json: bytes) -> Any:
    """The value; or, in place of it, what is wrong: a sentence without its beginning.

    A string alone is no listing and no thing, so that the two cannot be mistaken for one another.
    """
    if len(json) > MAX_THING_BYTES:
        return f"is larger than {MAX_THING_BYTES // 2**20} MiB."
    try:
        value = orjson.loads(json)
    except orjson.JSONDecodeError as error:
        return f"is not JSON: {error.msg}."
    return "is only a string." if isinstance(value, str) else value


def _stands_for(thing: ThingSpan, start: int, end: int) -> bool:
    """Whether a piece is the one that is given as the post's stretch."""
    return start == thing.start if thing.text_at is None else start <= thing.text_at < end


def _size(stub: dict[str, Any]) -> int:
    """How many posts a stub stands for, one at least."""
    count, children = stub.get("count"), stub.get("children")
    said = count if isinstance(count, int) and count <= _LARGEST_GAP else 0
    return max(1, said, len(children) if isinstance(children, list) else 0)
