"""Topics and posts of Discourse forums.

Formats, as https://docs.discourse.org gives them: a topic (`/t/ID.json`), one a file or one a line, whose
posts stand in its `post_stream`; and posts by themselves, a page of them (`/posts.json`) or one a line.

Posts are numbered within their topic, and name what they reply to by that number: so the key of a post is
“topic/number”. A post that replies to none answers the first one.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO

from archive.domain.ids import Sha256, ThreadKey
from archive.domain.records import Item, KnownGap, Layout, Note, Skipped, Unreadable, WholeThread
from imports.discourse_posts import Topic, has_no_text, make_post, parse_post, parse_topic
from imports.json_heads import outer_objects
from imports.json_places import OUTSIDE, Node
from imports.post_lines import Family, Object, Place, PlacedItem, read_nested_posts
from imports.remarks import Remarks

_SIGNS = ({"post_stream"}, {"latest_posts"}, {"topic_id", "post_number"})


def is_discourse(head: bytes) -> bool:
    """Whether the beginning of a file looks like topics or posts of Discourse."""
    return any(signs <= found.keys for found in outer_objects(head) for signs in _SIGNS)


def read_posts(file: BinaryIO, *, original: Sha256, start: int = 0, **_: object) -> Iterator[Item]:
    """Yield the posts of a file and everything around them, in file order. Never raises on bad content.

    :param start: the byte at which a line begins; everything before it was yielded by an earlier run.
    """
    return read_nested_posts(file, _Reader(), original=original, start=start)


class _Reader:
    """See `imports.post_lines.NestedReader`."""

    route: Mapping[tuple[str, str], str] = {
        ("", ""): "topic",  # or a page of posts, or a post
        ("topic", "post_stream"): "stream",
        ("topic", "latest_posts"): "post",
        ("stream", "posts"): "post",
    }
    main_keys: Sequence[str] = ("raw", "cooked", "stream")
    nesting = re.compile(rb'"(?:post_stream"\s*:\s*\{|latest_posts"\s*:\s*\[)')

    def read_object(self, value: Object, place: Place, remarks: Remarks) -> Iterable[PlacedItem]:
        """See `FlatReader`."""
        return _read_post(value, Topic(), place, remarks)

    def read_family(self, family: Family) -> Callable[[int, Place, Remarks], Iterable[PlacedItem]]:
        """See `NestedReader`."""
        topics = _Topics(family)

        def read(index: int, place: Place, remarks: Remarks) -> Iterable[PlacedItem]:
            node = family.places.nodes[index]
            value = family.parse(node)
            if isinstance(value, str):
                return (Unreadable(ref=place.ref, reason=f"{place.name}: a {node.name} {value}"),)
            if node.name == "stream":
                return _read_stream(value, topics, index, place)
            if node.name == "topic" and "post_number" not in value:
                return _read_wrapping(value, place)
            return _read_post(value, topics.around(index), place, remarks)

        return read


def _read_wrapping(value: Object, place: Place) -> Iterator[PlacedItem]:
    if "post_stream" in value or "latest_posts" in value:
        yield Layout(ref=place.ref)
    else:
        yield Unreadable(ref=place.ref, reason=f"{place.name} holds neither a topic nor a post.")


def _read_post(value: Object, topic: Topic, place: Place, remarks: Remarks) -> Iterator[PlacedItem]:
    post = parse_post(value, topic)
    if isinstance(post, str):
        yield Unreadable(ref=place.ref, reason=f"{place.name} {post}")
        return
    if has_no_text(post) and post.action is not None:
        yield Skipped(ref=place.ref, reason=f"{place.name} says only what was done to the topic: {post.action}.")
        return
    if post.names_itself:
        yield Note(ref=place.ref, text=f"{place.name}: post {post.topic}/{post.number} names itself as its parent.")
    if post.has_unreadable_time and remarks.is_first("time"):
        yield Note(ref=place.ref, text=f"{place.name} is the first whose time cannot be read.")
    yield make_post(post, value, topic, place.ref)


def _read_stream(value: Object, topics: "_Topics", index: int, place: Place) -> Iterator[PlacedItem]:
    """The list of the ids of all posts, of which the topic gives a page."""
    yield Layout(ref=place.ref)
    topic = topics.around(index)
    stream = value.get("stream")
    if topic.id is None or not isinstance(stream, list):
        return
    ids = {id_ for id_ in stream if isinstance(id_, int)}
    missing = ids - topics.post_ids(index)
    if missing:
        yield KnownGap(ref=place.ref, thread=ThreadKey(str(topic.id)), parent=None, count=len(missing))
    elif topic.posts is not None and len(ids) >= topic.posts and topics.can_read_all(index):
        yield WholeThread(ref=place.ref, thread=ThreadKey(str(topic.id)))


class _Topics:
    """What the topics of one line or document say of the posts in them."""

    def __init__(self, family: Family) -> None:
        self._family = family
        self._nodes = family.places.nodes
        self._known: dict[int, Topic] = {}  # by node
        self._posts: dict[int, list[Node]] = {}  # by the node of the stream that they stand in
        for node in self._nodes:
            if node.name == "post":
                self._posts.setdefault(node.parent, []).append(node)

    def around(self, index: int) -> Topic:
        """The topic in which an object stands."""
        above = self._nodes[index].parent
        while above != OUTSIDE and self._nodes[above].name != "topic":
            above = self._nodes[above].parent
        if above == OUTSIDE:
            return Topic()
        if above not in self._known:
            value = self._family.parse(self._nodes[above])
            self._known[above] = parse_topic(value) if isinstance(value, dict) else Topic()
        return self._known[above]

    def can_read_all(self, stream: int) -> bool:
        """Whether none of the posts that are given with a stream is defective."""
        topic = self.around(stream)
        values = (self._family.parse(node) for node in self._posts.get(stream, ()))
        return all(isinstance(value, dict) and not isinstance(parse_post(value, topic), str) for value in values)

    def post_ids(self, stream: int) -> set[int]:
        """The ids of the posts that are given with a stream."""
        values = (self._family.parse(node) for node in self._posts.get(stream, ()))
        return {id_ for value in values if isinstance(value, dict) and isinstance(id_ := value.get("id"), int)}
