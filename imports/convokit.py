"""Utterances of ConvoKit corpora.

Format: https://convokit.cornell.edu/documentation/data_format.html, `utterances.jsonl`: an utterance a
line. Older corpora write `root`, `user` and `reply_to` for `conversation_id`, `speaker` and `reply-to`.

An id is the only one of its kind in a corpus, and a conversation is called by the id of its first
utterance. What the texts are written in, a corpus does not say: those from Reddit are in its Markdown.
"""

from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from archive.domain.ids import PostKey, Sha256, ThreadKey
from archive.domain.records import (
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
from imports.moments import from_epoch, from_iso
from imports.post_bounds import within_bounds
from imports.post_lines import Object, Place, PlacedItem, read_lines_of_posts
from imports.reddit_things import EMPTIED
from imports.remarks import Remarks
from imports.source_facts import number, word

_CONVERSATION = ("conversation_id", "root")
_SPEAKER = ("speaker", "user")
_PARENT = ("reply-to", "reply_to")


class _Utterance(NamedTuple):
    """An utterance, as far as its fields can be understood."""

    key: str
    thread: str
    parent: str | None
    byline: str | None
    text: str
    timestamp: object
    meta: Object


def is_convokit(head: bytes) -> bool:
    """Whether the beginning of a file looks like utterances."""
    return any(
        {"id", "text"} <= keys and all(not keys.isdisjoint(names) for names in (_CONVERSATION, _SPEAKER, _PARENT))
        for keys, _ in outer_objects(head)
    )


def read_posts(
    file: BinaryIO, *, original: Sha256, start: int = 0, markup: Markup = Markup.PLAIN, **_: object
) -> Iterator[Item]:
    """Yield an utterance a line, and a checkpoint after each. Never raises on bad content.

    :param start: the byte at which a line begins; everything before it was yielded by an earlier run.
    """
    return read_lines_of_posts(file, _Reader(markup), original=original, start=start)


class _Reader:
    """See `imports.post_lines.FlatReader`."""

    def __init__(self, markup: Markup) -> None:
        self._markup = markup

    def read_object(self, value: Object, place: Place, remarks: Remarks) -> Iterable[PlacedItem]:
        """See `FlatReader`."""
        utterance = _parse(value)
        if isinstance(utterance, str):
            yield Unreadable(ref=place.ref, reason=f"{place.name} {utterance}")
            return
        if utterance.parent == utterance.key:
            utterance = utterance._replace(parent=None)
            yield Note(ref=place.ref, text=f"{place.name}: the utterance “{utterance.key}” names itself as its parent.")
        post = _post(utterance, place.ref, self._markup)
        if utterance.timestamp is not None and post.posted_at is None and remarks.is_first("time"):
            yield Note(ref=place.ref, text=f"{place.name} is the first whose time cannot be read.")
        yield within_bounds(post)


def _parse(value: Object) -> _Utterance | str:
    """The utterance, or what is wrong: a sentence without its “Line 7” at the front."""
    key = _id(value.get("id"))
    thread = _id(_first(value, _CONVERSATION))
    if key is None or thread is None:
        return "names no utterance, or no conversation that it belongs to."
    parent = _first(value, _PARENT)
    parent_key = _id(parent)
    if parent is not None and parent_key is None:
        return "replies to something that is no id."
    text = value.get("text")
    if not isinstance(text, str):
        return "has no “text” that is text."
    speaker = _first(value, _SPEAKER)
    byline = _id(speaker)
    if speaker not in (None, "") and byline is None:
        return "is by a speaker who is no name."
    meta = value.get("meta")
    return _Utterance(
        key=key,
        thread=thread,
        parent=parent_key,
        byline=byline,
        text=text,
        timestamp=value.get("timestamp"),
        meta=meta if isinstance(meta, dict) else {},
    )


def _post(utterance: _Utterance, ref: RawRef, markup: Markup) -> PostRecord:
    state = EMPTIED.get(utterance.text, PostState.PRESENT)
    return PostRecord(
        thread=ThreadKey(utterance.thread),
        key=PostKey(utterance.key),
        key_basis=KeyBasis.SOURCE,
        parent=None if utterance.parent is None else PostKey(utterance.parent),
        kind=_kind(utterance),
        byline=utterance.byline,
        title=None,
        text=utterance.text if state is PostState.PRESENT else "",
        markup=markup,
        posted_at=from_epoch(utterance.timestamp) or from_iso(utterance.timestamp),
        ref=ref,
        edge=Edge.SOURCE,
        state=state,
        facts=_facts(utterance.meta) if utterance.meta else None,
    )


def _kind(utterance: _Utterance) -> PostKind:
    if utterance.parent is None:
        return PostKind.QUESTION
    return PostKind.ANSWER if utterance.parent == utterance.thread else PostKind.REPLY


def _facts(meta: Object) -> dict[str, Fact] | None:
    """What corpora from Reddit say beside the text."""
    facts: dict[str, Fact] = {}
    if (score := number(meta.get("score"))) is not None:
        facts["score"] = score
    if (flair := word(meta.get("author_flair_text"))) is not None:
        facts["author_flair"] = flair
    if meta.get("stickied") is True:
        facts["pinned"] = True
    return facts or None


def _first(value: Object, names: tuple[str, ...]) -> object:
    for name in names:
        if (given := value.get(name)) is not None:
            return given
    return None


def _id(value: object) -> str | None:
    """An id as text: corpora made by hand have numbers."""
    if isinstance(value, str):
        return value or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None
