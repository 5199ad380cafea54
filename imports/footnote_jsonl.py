"""Footnote's own lines of JSON: a post a line, with all that a reader of any format can say of one.

    {"footnote": 1, "thread": "t1", "key": "p7", "parent": "p1", "kind": "answer", "author": "ann",
     "title": null, "text": "…", "markup": "plain", "posted_at": "2024-05-01T12:00:00+00:00",
     "state": "present", "facts": {"score": 3}, "key_basis": "source", "edge": "source"}

“footnote” is the version of the form. “thread”, “key”, “kind” and “text” must be there; what else is
absent or null is not known, and is then as in the last line above: present, of the source. Kinds, markups,
states, bases and edges are the words of `archive.domain.records`, facts those of `archive.domain.facts`.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, NamedTuple, TypeVar

import orjson

from archive.domain.ids import PostKey, Sha256, ThreadKey
from archive.domain.records import (
    Checkpoint,
    Edge,
    Fact,
    Item,
    KeyBasis,
    Markup,
    Note,
    PostKind,
    PostRecord,
    PostState,
    RawRef,
    Unreadable,
)
from imports.json_heads import outer_objects
from imports.limits import MAX_CAPTURE_BYTES
from imports.moments import from_iso
from imports.post_bounds import within_bounds
from imports.post_lines import Object, Place, PlacedItem, read_lines_of_posts
from imports.remarks import Remarks
from imports.source_facts import known_facts

VERSION = 1
_FIELDS = {"footnote", "thread", "key", "parent", "kind", "author", "title", "text", "markup", "posted_at", "state"}
_FIELDS |= {"facts", "key_basis", "edge"}
_WORDS = str | None
_MUST = ("thread", "key", "text")
_MAY = ("parent", "author", "title", "posted_at")
_Word = TypeVar("_Word", bound=StrEnum)


def is_footnote_jsonl(head: bytes) -> bool:
    """Whether the beginning of a file looks like Footnote's own lines."""
    return any({"footnote", "thread", "key"} <= found.keys for found in outer_objects(head))


def read_posts(
    file: BinaryIO, *, original: Sha256, start: int = 0, markup: Markup = Markup.PLAIN, **_: object
) -> Iterator[Item]:
    """Yield a post a line, and a checkpoint after each. Never raises on bad content.

    :param start: the byte at which a line begins; everything before it was yielded by an earlier run.
    :param markup: of posts that do not say how they are written.
    """
    return _captures(read_lines_of_posts(file, _Reader(markup), original=original, start=start), start)


def _captures(items: Iterable[Item], start: int) -> Iterator[Item]:
    """Yield items with no checkpoint between lines of one thread whose posts are only known by their order: they are
    one capture of it, and not one after the other.
    """
    held: Checkpoint | None = None
    here: ThreadKey | None = None  # the thread of the lines before, where its posts are known by their order
    since = start  # the byte of the last checkpoint that was yielded
    line: list[Item] = []
    for item in items:
        if not isinstance(item, Checkpoint):
            line.append(item)
            continue
        for post in (item for item in line if isinstance(item, PostRecord)):
            thread = post.thread if post.key_basis is KeyBasis.POSITION else None
            is_new = thread is None or thread != here or item.offset - since > MAX_CAPTURE_BYTES
            if held is not None and is_new:
                yield held
                since = held.offset
            held, here = None, thread
        yield from line
        line = []
        if here is None:
            yield item
            since = item.offset
        else:
            held = item
    if held is not None:
        yield held
    yield from line


def write_post(post: PostRecord) -> bytes:
    """The line that is read as this post. Its place in its original is not written."""
    fields: Object = {
        "footnote": VERSION,
        "thread": post.thread,
        "key": post.key,
        "parent": post.parent,
        "kind": post.kind,
        "author": post.byline,
        "title": post.title,
        "text": post.text,
        "markup": post.markup,
        "posted_at": None if post.posted_at is None else post.posted_at.isoformat(),
        "state": post.state,
        "facts": post.facts,
        "key_basis": post.key_basis,
        "edge": post.edge,
    }
    return orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)


class _Words(NamedTuple):
    """The fields of a post that have words of their own."""

    kind: PostKind
    markup: Markup
    state: PostState
    key_basis: KeyBasis
    edge: Edge


class _Reader:
    """See `imports.post_lines.FlatReader`."""

    def __init__(self, markup: Markup) -> None:
        self._markup = markup

    def read_object(self, value: Object, place: Place, remarks: Remarks) -> Iterable[PlacedItem]:
        """See `FlatReader`."""
        fault = _fault(value)
        chosen = None if fault else _words_of(value, self._markup)
        if not isinstance(chosen, _Words):
            yield Unreadable(ref=place.ref, reason=f"{place.name} {fault or chosen}")
            return
        parent = value.get("parent")
        if parent == value["key"]:
            parent = None
            yield Note(ref=place.ref, text=f"{place.name}: the post “{value['key']}” names itself as its parent.")
        posted_at = from_iso(value.get("posted_at"))
        if posted_at is None and value.get("posted_at") is not None and remarks.is_first("time"):
            yield Note(ref=place.ref, text=f"{place.name} is the first whose time cannot be read.")
        facts, left_out = known_facts(value.get("facts"))
        for name in (*left_out, *sorted(value.keys() - _FIELDS)):
            if remarks.is_first(f"field {name[:40]}"):
                yield Note(ref=place.ref, text=f"{place.name} is the first with “{name[:40]}”, which is not read.")
        yield within_bounds(_post(value, chosen, parent=parent, posted_at=posted_at, facts=facts, ref=place.ref))


def _post(
    value: Object,
    chosen: _Words,
    *,
    parent: str | None,
    posted_at: datetime | None,
    facts: dict[str, Fact] | None,
    ref: RawRef,
) -> PostRecord:
    return PostRecord(
        thread=ThreadKey(value["thread"]),
        key=PostKey(value["key"]),
        key_basis=chosen.key_basis,
        parent=None if parent is None else PostKey(parent),
        kind=chosen.kind,
        byline=value.get("author"),
        title=value.get("title"),
        text=value["text"],
        markup=chosen.markup,
        posted_at=posted_at,
        ref=ref,
        edge=chosen.edge,
        state=chosen.state,
        facts=facts,
    )


def _fault(value: Object) -> str | None:
    """What is wrong with the fields that are not words of their own: a sentence without its subject."""
    version = value.get("footnote")
    if version != VERSION:
        return f"is of version {str(version)[:20]}, and only version {VERSION} can be read."
    for name in _MUST:
        if not isinstance(value.get(name), str):
            return f"has no “{name}” that is text."
    for name in _MAY:
        if not isinstance(value.get(name), _WORDS):
            return f"has a “{name}” that is not text."
    if not isinstance(value.get("facts"), dict | None):
        return "has “facts” that are no object."
    if value.get("title") is not None and value.get("kind") != PostKind.QUESTION:
        return "has a title, and is no question."
    return None


def _words_of(value: Object, markup: Markup) -> _Words | str:
    try:
        return _Words(
            kind=PostKind(str(value.get("kind"))),
            markup=_chosen(value, "markup", markup),
            state=_chosen(value, "state", PostState.PRESENT),
            key_basis=_chosen(value, "key_basis", KeyBasis.SOURCE),
            edge=_chosen(value, "edge", Edge.SOURCE),
        )
    except ValueError as error:
        return f"has a word that is not known: {str(error)[:80]}."


def _chosen(value: Object, name: str, default: _Word) -> _Word:
    given = value.get(name)
    return default if given is None else type(default)(given)
