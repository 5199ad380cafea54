"""One item of Hacker News, in any of the forms in which its two interfaces give it.

Formats: https://github.com/HackerNews/API and https://hn.algolia.com/api. A text is HTML.
"""

from datetime import datetime
from typing import Any, NamedTuple

from archive.domain.ids import PostKey, ThreadKey
from archive.domain.records import (
    Edge,
    Fact,
    KeyBasis,
    Markup,
    Mention,
    PostKind,
    PostRecord,
    PostState,
    RawRef,
    Unreadable,
)
from imports.hacker_news_parents import MAX_ID
from imports.moments import from_epoch, from_iso
from imports.post_bounds import within_bounds
from imports.source_facts import number, word

QUESTIONS = ("story", "job", "poll")
_TYPES = (*QUESTIONS, "comment", "pollopt")
_MAX_DIGITS = len(str(MAX_ID))
_WORDS = str | None
_ADDRESS = "https://news.ycombinator.com/item?id="


class Form(NamedTuple):
    """How an interface calls the fields of an item."""

    id: str
    author: str
    texts: tuple[str, ...]  # the first that is given
    parents: tuple[str, ...]
    score: str
    times: tuple[str, ...]
    words: tuple[str, ...]  # the fields that must be text or null


FIREBASE = Form(
    id="id",
    author="by",
    texts=("text",),
    parents=("parent", "poll"),
    score="score",
    times=("time",),
    words=("by", "title", "text"),
)
ALGOLIA_ITEM = Form(
    id="id",
    author="author",
    texts=("text",),
    parents=("parent_id",),
    score="points",
    times=("created_at_i", "created_at"),
    words=("author", "title", "text"),
)
ALGOLIA_HIT = ALGOLIA_ITEM._replace(
    id="objectID",
    texts=("comment_text", "story_text"),
    words=("author", "title", "comment_text", "story_text"),
)


class HackerNewsItem(NamedTuple):
    """An item, as far as its fields can be understood alone."""

    id: int
    type: str
    parent: int | None  # as it names it; itself, if it does
    story: int | None
    author: str | None
    title: str | None
    text: str | None
    score: int | float | None
    link: str | None
    posted_at: datetime | None
    has_unreadable_time: bool
    state: PostState


def item_id(value: object) -> int | None:
    """The number of an item: also of its digits, since search results give it so."""
    if type(value) is int:  # no bool
        return value if 0 < value <= MAX_ID else None
    if isinstance(value, str) and len(value) <= _MAX_DIGITS and value.isascii() and value.isdigit():
        return item_id(int(value))
    return None


def form_of(value: dict[str, Any]) -> Form:
    """The form in which an item is given."""
    if "objectID" in value:
        return ALGOLIA_HIT
    return ALGOLIA_ITEM if "created_at_i" in value or "author" in value or "created_at" in value else FIREBASE


def named_parent(value: dict[str, Any], form: Form) -> int | None:
    """The item that an item names as its parent."""
    for name in form.parents:
        if (parent := item_id(value.get(name))) is not None:
            return parent
    return None


def parse_item(value: dict[str, Any]) -> HackerNewsItem | str:
    """The item, or what is wrong: a sentence without its “Line 7” at the front."""
    form = form_of(value)
    id_ = item_id(value.get(form.id))
    if id_ is None:
        return f"has no “{form.id}” that numbers an item of Hacker News."
    type_ = _type(value, form)
    if type_ not in _TYPES:
        return f"holds no story, comment, job or poll: its type is “{str(type_)[:40]}”."
    for name in form.words:
        if not isinstance(value.get(name), _WORDS):
            return f"has a “{name}” that is not text."
    parent = None
    if type_ not in QUESTIONS:
        parent = named_parent(value, form)
        if parent is None and any(value.get(name) is not None for name in form.parents):
            return f"has a “{form.parents[0]}” that numbers no item of Hacker News."
    text = _first(value, form.texts)
    time = _first(value, form.times)
    posted_at = from_epoch(time) or from_iso(time)
    return HackerNewsItem(
        id=id_,
        type=type_,
        parent=parent,
        story=item_id(value.get("story_id")),
        author=value.get(form.author),
        title=value.get("title"),
        text=text,
        score=number(value.get(form.score)),
        link=word(value.get("url")),
        posted_at=posted_at,
        has_unreadable_time=time is not None and posted_at is None,
        state=_state(value, form, text),
    )


class Stand(NamedTuple):
    """Where an item hangs; what it names itself may have been put right."""

    parent: int | None
    thread: int
    edge: Edge = Edge.SOURCE
    told: tuple[int, int] | None = None  # that one item, which may be missing, stands below another


def make_post(item: HackerNewsItem, ref: RawRef, stand: Stand) -> PostRecord | Unreadable:
    """The item as a post."""
    parent, thread, edge, told = stand
    is_question = item.type in QUESTIONS
    facts: dict[str, Fact] = {"address": f"{_ADDRESS}{item.id}"}
    if item.score is not None:
        facts["score"] = item.score
    if item.link is not None and is_question:
        facts["link"] = item.link
    post = PostRecord(
        thread=ThreadKey(str(thread)),
        key=PostKey(str(item.id)),
        key_basis=KeyBasis.SOURCE,
        parent=None if parent is None else PostKey(str(parent)),
        kind=_kind(item, parent, thread),
        byline=item.author,
        title=item.title if is_question else None,
        text=item.text or "",
        markup=Markup.HTML,
        posted_at=item.posted_at,
        ref=ref,
        edge=edge,
        state=item.state,
        facts=facts,
        mentions=() if told is None else (Mention(PostKey(str(told[0])), PostKey(str(told[1]))),),
    )
    return within_bounds(post)


def _kind(item: HackerNewsItem, parent: int | None, thread: int) -> PostKind:
    if item.type in QUESTIONS:
        return PostKind.QUESTION
    return PostKind.ANSWER if item.type == "comment" and parent == thread else PostKind.REPLY


def _type(value: dict[str, Any], form: Form) -> object:
    if form is ALGOLIA_HIT:
        tags = value.get("_tags")
        named = [tag for tag in tags if tag in _TYPES] if isinstance(tags, list) else []
        if named:
            return "poll" if "poll" in named else named[0]  # a poll is tagged as a story, too
    type_ = value.get("type")
    if type_ is not None:
        return type_
    if named_parent(value, form) is not None:
        return "comment"
    return "story" if value.get("title") else None


def _first(value: dict[str, Any], names: tuple[str, ...]) -> Any:
    for name in names:
        if (given := value.get(name)) is not None:
            return given
    return None


def _state(value: dict[str, Any], form: Form, text: str | None) -> PostState:
    if value.get("deleted"):
        return PostState.DELETED
    if value.get("dead"):
        return PostState.REMOVED
    # The search has no word for it: of a comment that was deleted, both are null.
    is_emptied = form is not FIREBASE and text is None and value.get(form.author) is None
    return PostState.DELETED if is_emptied else PostState.PRESENT
