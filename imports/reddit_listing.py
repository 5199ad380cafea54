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

from archive.domain.ids import PostKey, Sha256, ThreadKey
from archive.domain.records import (
    Checkpoint,
    Item,
    KnownGap,
    Layout,
    RawRef,
    Skipped,
    Unreadable,
    WholeThread,
)
from imports.json_lines import UTF8_BOM
from imports.json_places import OUTSIDE, Node, find_places, parse_own
from imports.limits import MAX_THREAD_BYTES
from imports.reddit_page import ThreadPage
from imports.reddit_things import SUBMISSION, capital, keep, read_thing, remark
from imports.remarks import Remarks

_READ_AT_ONCE = 1024 * 1024  # bytes
_LARGEST_GAP = 1_000_000_000  # a count beyond it is no count
_BEGINNING = re.compile(rb'[ \t\r\n]*\[?[ \t\r\n]*\{[ \t\r\n]*"(?:kind|data|json)"[ \t\r\n]*:')
_LISTING = re.compile(rb'"kind"\s*:\s*"Listing"|"(?:children|things)"\s*:\s*\[\s*\{\s*"(?:kind|data)"\s*:')
_THREAD = re.compile(rb'"link_id"\s*:\s*"(t3_[0-9A-Za-z]+)"')
_ROUTE = {  # a listing, or an answer of the API: its “data” holds the list
    ("", ""): "listing",
    ("listing", "json"): "listing",
    ("listing", "data"): "box",
    ("box", "children"): "post",
    ("box", "things"): "post",
    ("post", "data"): "content",
    ("content", "replies"): "listing",
    ("content", "children"): "post",  # of a listing in a list
}
_WAYS = frozenset({"listing", "box", "content"})
_TEXTS = ("body", "selftext")
_LIST = re.compile(rb'"(?:children|things)"[ \t\r\n]*:[ \t\r\n]*\[')
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
        self._places = find_places(raw, _ROUTE, _TEXTS, ways=_WAYS)
        self._remarks = Remarks()
        html = _HTML.search(raw)
        self._escaped = html is None or html[1] == b"&lt;"
        first = _THREAD.search(raw)
        self._thread = first[1].decode() if first else None  # that of the post last read
        self._page = ThreadPage()

    def items(self) -> Iterator[Item]:
        pieces, nodes = self._places.pieces, self._places.nodes
        main = [node.main_piece(_TEXTS) for node in nodes]
        fault = self._fault_around()
        last = max((index for index, piece in enumerate(pieces) if piece.node == OUTSIDE), default=None)
        for index, piece in enumerate(pieces):
            ref = RawRef(original=self._original, offset=piece.start, length=piece.end - piece.start)
            if piece.node != OUTSIDE and main[piece.node] == index:
                yield from self._read(nodes[piece.node], ref)
            elif index == last and fault:
                yield Unreadable(ref=ref, reason=fault)
            elif ref.length:
                yield Layout(ref=ref)
        thread = None if fault else self._page.whole_thread
        if thread is not None:
            yield WholeThread(ref=RawRef(original=self._original, offset=0, length=len(self._raw)), thread=thread)

    def _fault_around(self) -> str | None:
        """What is wrong with that which wraps the things, if none of them is said to break off."""
        places = self._places
        if not all(node.is_whole for node in places.nodes):
            return None
        if places.fault:
            return f"The file {places.fault}."
        around = places.outside_bytes(self._raw).removeprefix(UTF8_BOM)
        value = parse_own(around)
        if isinstance(value, str):
            return f"What stands around the posts {value}"
        return None if places.nodes or _LIST.search(around) else "The file holds no listing of Reddit’s."

    def _read(self, node: Node, ref: RawRef) -> Iterator[Item]:
        place = f"the post at byte {self._places.pieces[node.pieces[0]].start:,}"
        value = self._value_of(node)
        if isinstance(value, str):
            self._page.is_damaged = True
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

    def _value_of(self, node: Node) -> dict[str, Any] | str:
        """The thing without its replies; or what is wrong with it."""
        if not node.is_whole:
            return f"cannot be read, because the file {self._places.fault}."
        value: dict[str, Any] | str = parse_own(self._places.own_bytes(self._raw, node))
        if isinstance(value, dict) and not isinstance(value.get("data"), dict):
            return "has no “data”."
        return value

    def _read_post(self, data: dict[str, Any], ref: RawRef, place: str) -> Iterator[Item]:
        post = read_thing(data, ref=ref, escaped=self._escaped)
        if isinstance(post, str):
            self._page.is_damaged = True
            yield Unreadable(ref=ref, reason=f"{capital(place)} {post}")
            return
        self._page.add_post(post, data)
        self._thread = post.thread
        yield from remark(data, post, place, self._remarks)
        kept = keep(post, place)
        self._page.is_damaged |= isinstance(kept, Unreadable)
        yield kept

    def _read_stub(self, data: dict[str, Any], ref: RawRef, place: str) -> Iterator[Item]:
        parent = data.get("parent_id")
        if not isinstance(parent, str) or not parent:
            parent = None
        thread = parent if parent and parent.startswith(SUBMISSION) else self._thread
        if thread is None:
            self._page.is_damaged = True
            yield Unreadable(ref=ref, reason=f"{capital(place)} stands for more, and names no thread.")
            return
        gap = KnownGap(ref=ref, thread=ThreadKey(thread), parent=PostKey(parent) if parent else None, count=_size(data))
        self._page.add_gap(gap)
        yield gap
        yield Layout(ref=ref)


def _size(stub: dict[str, Any]) -> int:
    """How many posts a stub stands for, one at least."""
    count, children = stub.get("count"), stub.get("children")
    said = count if isinstance(count, int) and count <= _LARGEST_GAP else 0
    return max(1, said, len(children) if isinstance(children, list) else 0)
