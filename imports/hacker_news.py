"""Stories, comments, jobs and polls of Hacker News.

Formats: an item a line, or a list of them, as https://github.com/HackerNews/API gives items; an item
with all below it, or a page of search results, as https://hn.algolia.com/api gives them.

All items are numbered in one row, so a number is a key. An item of the first form does not name its
story: the file is gone through once before it is read, to learn what hangs from what. What hangs from
an item that is not in the file belongs to a thread by that item's number.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple

import orjson

from archive.domain.ids import Sha256
from archive.domain.records import Item, Layout, Note, RawRef, Unreadable
from imports.hacker_news_items import FIREBASE, QUESTIONS, item_id, make_post, named_parent, parse_item
from imports.hacker_news_parents import Parents
from imports.json_heads import outer_objects
from imports.json_lines import read_lines
from imports.json_places import OUTSIDE
from imports.limits import DETECTION_BYTES, MAX_OBJECT_BYTES
from imports.post_lines import Family, Object, Place, PlacedItem, begins_document, read_nested_posts
from imports.remarks import Remarks

_FIREBASE_FIELDS = {"id", "type", "by", "time", "title", "text", "url", "score", "parent", "poll", "kids", "parts"}
_FIREBASE_FIELDS |= {"deleted", "dead", "descendants"}
_FIREBASE_TYPE = re.compile(rb'"type"\s*:\s*"(?:story|comment|job|poll|pollopt)"')
_ALGOLIA_SIGNS = (
    {"id", "children", "author"},
    {"id", "children", "created_at_i"},
    {"objectID", "_tags"},
    {"hits", "nbHits"},
)
_PARENTS_NAMED = (b'"parent"', b'"poll"')
_TOO_MANY = (
    "The file holds more comments than can be followed to their stories at once. Some stand in a thread of their own,"
    " under the comment that they reply to."
)


def is_hacker_news(head: bytes) -> bool:
    """Whether the beginning of a file looks like items of Hacker News."""
    for keys, raw in outer_objects(head):
        if any(signs <= keys for signs in _ALGOLIA_SIGNS):
            return True
        if {"id", "type"} <= keys <= _FIREBASE_FIELDS and _FIREBASE_TYPE.search(raw):
            return True
    return False


def read_posts(file: BinaryIO, *, original: Sha256, start: int = 0, **_: object) -> Iterator[Item]:
    """Yield the items of a file. Never raises on bad content.

    :param start: the byte at which a line begins; everything before it was yielded by an earlier run.
    """
    file.seek(0)
    reader = _Reader(is_document=begins_document(file.read(DETECTION_BYTES)))
    if not reader.is_document:
        reader.learn_from_lines(file)
    if reader.parents.is_full and start == 0:
        yield Note(ref=RawRef(original=original, offset=0, length=0), text=_TOO_MANY)
    yield from read_nested_posts(file, reader, original=original, start=start)


class _Around(NamedTuple):
    """What an item's place in another says of it."""

    parent: int | None
    thread: int | None


_ALONE = _Around(None, None)


class _Reader:
    """See `imports.post_lines.NestedReader`."""

    route: Mapping[tuple[str, str], str] = {
        ("", ""): "item",
        ("item", "children"): "item",
        ("item", "options"): "item",  # of a poll
        ("item", "hits"): "item",  # of a page of search results, which is no item itself
    }
    main_keys: Sequence[str] = ("text", "comment_text", "story_text", "title")
    nesting = re.compile(rb'"(?:children|options|hits)"\s*:\s*\[\s*\{')

    def __init__(self, *, is_document: bool) -> None:
        self.is_document = is_document
        self.parents = Parents()

    def learn_from_lines(self, file: BinaryIO) -> None:
        """Go through the file once, and keep what hangs from what."""
        for line in read_lines(file, 0):
            raw = line.raw
            if (b'"parent"' in raw or b'"poll"' in raw) and len(raw) <= MAX_OBJECT_BYTES:
                self._learn(raw)

    def _learn(self, raw: bytes) -> None:
        try:
            value = orjson.loads(raw)
        except orjson.JSONDecodeError:
            return
        if not isinstance(value, dict) or value.get("type") in QUESTIONS:
            return
        item, parent = item_id(value.get("id")), named_parent(value, FIREBASE)
        if item and parent and item != parent:
            self.parents.add(item, parent)

    def read_family(self, family: Family) -> Callable[[int, Place, Remarks], Iterable[PlacedItem]]:
        """See `NestedReader`."""
        if self.is_document:
            for node in family.places.nodes:
                self._learn(family.places.own_bytes(family.raw, node))
        kin = _Kin(family, self.parents)

        def read(index: int, place: Place, remarks: Remarks) -> Iterable[PlacedItem]:
            value = family.parse(family.places.nodes[index])
            if isinstance(value, str):
                return (Unreadable(ref=place.ref, reason=f"{place.name}: an item {value}"),)
            if "hits" in value and "objectID" not in value:
                return (Layout(ref=place.ref),)
            says_all = value.get("parent_id") is not None and item_id(value.get("story_id")) is not None
            return self._read(value, place, remarks, _ALONE if says_all else kin.around(index))

        return read

    def read_object(self, value: Object, place: Place, remarks: Remarks) -> Iterable[PlacedItem]:
        """See `FlatReader`."""
        return self._read(value, place, remarks, _ALONE)

    def _read(self, value: Object, place: Place, remarks: Remarks, around: _Around) -> Iterator[PlacedItem]:
        item = parse_item(value)
        if isinstance(item, str):
            yield Unreadable(ref=place.ref, reason=f"{place.name} {item}")
            return
        parent = item.parent
        if item.type in QUESTIONS:
            thread = item.id
        else:
            parent = parent or around.parent
            if parent == item.id:
                parent = None
                yield Note(ref=place.ref, text=f"{place.name}: the item {item.id} names itself as its parent.")
            thread = item.story or around.thread or (self.parents.root(parent) if parent else item.id)
        post = make_post(item, place.ref, parent=parent, thread=thread)
        if item.has_unreadable_time and remarks.is_first("time"):
            yield Note(ref=place.ref, text=f"{place.name} is the first whose time cannot be read.")
        yield post


class _Kin:
    """What the items of one line or document that stand in one another say of one another."""

    def __init__(self, family: Family, parents: Parents) -> None:
        self._family = family
        self._parents = parents
        self._known: dict[int, _Around] = {}  # by node: its id, and the thread of what stands in it

    def around(self, index: int) -> _Around:
        """What the items around one say of it: the nearest is its parent, the outermost tells the thread."""
        nodes = self._family.places.nodes
        way = []
        above = nodes[index].parent
        while above != OUTSIDE and above not in self._known:
            way.append(above)
            above = nodes[above].parent
        around = self._known.get(above, _ALONE)
        for node in reversed(way):
            around = self._known[node] = self._within(node, around)
        return around

    def _within(self, node: int, around: _Around) -> _Around:
        value = self._family.parse(self._family.places.nodes[node])
        item = parse_item(value) if isinstance(value, dict) else None
        if item is None or isinstance(item, str):
            return _Around(None, around.thread)  # what stands in it may say itself what it replies to
        if item.type in QUESTIONS:
            return _Around(item.id, item.id)
        parent = item.parent or around.parent
        thread = item.story or around.thread or (self._parents.root(parent) if parent else item.id)
        return _Around(item.id, thread)
