"""Stories, comments, jobs and polls of Hacker News.

Formats: an item a line, or a list of them, as https://github.com/HackerNews/API gives items; an item
with all below it, or a page of search results, as https://hn.algolia.com/api gives them.

All items are numbered in one row, so a number is a key. A comment of the first form does not name its
story: the file is gone through once before it is read, to learn what hangs from what. What hangs from
an item that is not in the file gets a thread by that item's number; but as the file does not say so,
the archive judges it anew when others come, as it does for mails.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, NamedTuple

import orjson

from archive.domain.ids import Sha256
from archive.domain.records import Edge, Item, Layout, Note, Unreadable
from imports.hacker_news_items import QUESTIONS, HackerNewsItem, Stand, item_id, make_post, parse_item
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
    yield from read_nested_posts(file, reader, original=original, start=start)


class _Around(NamedTuple):
    """What an item's place in another says of it."""

    parent: int | None
    thread: int | None
    is_said: bool  # whether it is said that this is the thread, or only as far as the file sees


_ALONE = _Around(None, None, is_said=False)


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
            if len(line.raw) <= MAX_OBJECT_BYTES and not self.nesting.search(line.raw):
                self._learn(line.raw)

    def _learn(self, raw: bytes) -> None:
        try:
            value = orjson.loads(raw)
        except orjson.JSONDecodeError:
            return
        item = parse_item(value) if isinstance(value, dict) else None
        if item is None or isinstance(item, str):  # it is as if it were missing, whichever file it is in
            return
        if item.parent and item.parent != item.id:
            self.parents.add(item.id, item.parent)
        else:
            self.parents.add_root(item.id)

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
        if item.id == (item.parent or around.parent) and item.type not in QUESTIONS:
            yield Note(ref=place.ref, text=f"{place.name}: the item {item.id} names itself as its parent.")
        post = make_post(item, place.ref, self._stand(item, around))
        if item.has_unreadable_time and remarks.is_first("time"):
            yield Note(ref=place.ref, text=f"{place.name} is the first whose time cannot be read.")
        yield post

    def _stand(self, item: HackerNewsItem, around: _Around) -> Stand:
        """Where an item hangs; and of a parent that is not in the file, what is told of it."""
        if item.type in QUESTIONS:
            return Stand(None, item.id)
        parent, said = item.parent or around.parent, item.story or (around.thread if around.is_said else None)
        if parent is None or parent == item.id:
            return Stand(None, said or around.thread or item.id)
        is_here = parent == around.parent or self.parents.knows(parent)
        if said is None and item.type == "pollopt":
            said = parent
        if said is not None:
            return Stand(parent, said, told=None if is_here or parent == said else (parent, said))
        thread = around.thread or self.parents.root(parent)
        return Stand(parent, thread, Edge.REFERENCES, None if is_here else (item.id, parent))


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
            return around._replace(parent=None)  # what stands in it may say itself what it replies to
        if item.type in QUESTIONS:
            return _Around(item.id, item.id, is_said=True)
        parent = item.parent or around.parent
        thread = item.story or around.thread or (self._parents.root(parent) if parent else item.id)
        return _Around(item.id, thread, is_said=item.story is not None or around.is_said)
