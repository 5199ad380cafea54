"""One post of a Discourse forum, and what its topic says of it.

Format: https://docs.discourse.org, “Get a single topic” and “List latest posts”.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from archive.domain.ids import PostKey, ThreadKey
from archive.domain.records import Edge, Fact, KeyBasis, Markup, PostKind, PostRecord, PostState, RawRef, Unreadable
from imports.moments import from_iso
from imports.post_bounds import within_bounds
from imports.source_facts import kept, number, word, words

_WORDS = str | None
_MAX_NUMBER = 2**63 - 1
_TEXTS = (("raw", Markup.MARKDOWN), ("cooked", Markup.HTML))
_ROLES = ("admin", "moderator")  # what a post's author is marked as, highest first
_SMALL_ACTION, _WHISPER = 3, 4  # post_type; 1 is a post, and 2 one by a moderator about the topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a topic says of its posts; nothing, when they come without it."""

    id: int | None = None
    title: str | None = None
    tags: list[str] | None = None
    link: str | None = None
    is_pinned: bool = False
    accepted: int | None = None  # the number of the post
    posts: int | None = None  # how many it says there are


class DiscoursePost(NamedTuple):
    """A post, as far as its fields can be understood."""

    topic: int
    number: int
    parent: int | None
    names_itself: bool
    byline: str | None
    title: str | None  # of its topic
    text: str
    markup: Markup
    posted_at: datetime | None
    has_unreadable_time: bool
    action: str | None  # what a note of the forum itself says was done


def parse_topic(value: dict[str, Any]) -> Topic:
    """A topic, without its posts. What is not as it should be is left out."""
    accepted = value.get("accepted_answer")
    return Topic(
        id=_counted(value.get("id")),
        title=value["title"] if isinstance(value.get("title"), str) else None,
        tags=words(_tag_names(value.get("tags"))),
        link=word(value.get("featured_link")),
        is_pinned=value.get("pinned") is True,
        accepted=_counted(accepted.get("post_number")) if isinstance(accepted, dict) else None,
        posts=_counted(value.get("posts_count")),
    )


def parse_post(value: dict[str, Any], topic: Topic) -> DiscoursePost | str:
    """A post, or what is wrong: a sentence without its “Line 7” at the front."""
    topic_id = _counted(value.get("topic_id")) or topic.id
    post_number = _counted(value.get("post_number"))
    if topic_id is None or post_number is None:
        return "holds a post without a number, or without a topic."
    for name in ("raw", "cooked", "username", "name", "topic_title"):
        if not isinstance(value.get(name), _WORDS):
            return f"holds a post whose “{name}” is not text."
    written = next(((text, markup) for name, markup in _TEXTS if (text := value.get(name)) is not None), None)
    if written is None and _state(value) is PostState.PRESENT:
        return "holds a post with neither “raw” nor “cooked” text."
    text, markup = written or ("", Markup.HTML)
    parent = 1 if value.get("reply_to_post_number") is None else _counted(value["reply_to_post_number"])
    if parent is None:
        return "holds a post whose “reply_to_post_number” is no number of a post."
    created = value.get("created_at")
    posted_at = from_iso(created)
    return DiscoursePost(
        topic=topic_id,
        number=post_number,
        parent=None if post_number in (1, parent) else parent,
        names_itself=post_number == value.get("reply_to_post_number"),
        byline=value.get("username") or value.get("name"),
        title=topic.title or value.get("topic_title"),
        text=text,
        markup=markup,
        posted_at=posted_at,
        has_unreadable_time=created is not None and posted_at is None,
        action=_action(value),
    )


def has_no_text(post: DiscoursePost) -> bool:
    """Whether nothing is written in a post."""
    return not post.text or post.text.isspace()


def make_post(post: DiscoursePost, value: dict[str, Any], topic: Topic, ref: RawRef) -> PostRecord | Unreadable:
    """The post as a record; `value` is what it was parsed from."""
    thread = str(post.topic)
    is_question = post.number == 1
    facts = _facts(value)
    if topic.accepted == post.number:
        facts["accepted"] = True
    if is_question:
        facts |= {"tags": topic.tags, "link": topic.link, "pinned": topic.is_pinned or None}
    record = PostRecord(
        thread=ThreadKey(thread),
        key=PostKey(f"{thread}/{post.number}"),
        key_basis=KeyBasis.SOURCE,
        parent=None if post.parent is None else PostKey(f"{thread}/{post.parent}"),
        kind=_kind(post),
        byline=post.byline,
        title=post.title if is_question else None,
        text=post.text,
        markup=post.markup,
        posted_at=post.posted_at,
        ref=ref,
        edge=Edge.SOURCE,
        state=_state(value),
        facts=kept(facts),
    )
    return within_bounds(record)


def _kind(post: DiscoursePost) -> PostKind:
    if post.number == 1:
        return PostKind.QUESTION
    return PostKind.ANSWER if post.parent == 1 else PostKind.REPLY


def _facts(value: dict[str, Any]) -> dict[str, Fact | None]:
    facts: dict[str, Fact | None] = {
        "score": number(value.get("score")),
        "accepted": True if value.get("accepted_answer") is True else None,
        "author_flair": word(value.get("user_title")),
        "role": next((role for role in _ROLES if value.get(role) is True), None),
    }
    if value.get("post_type") == _WHISPER:
        facts["role"] = "whisper"  # written for the forum's staff only
    version = value.get("version")
    if isinstance(version, int) and version > 1:  # a first version is also touched by the forum itself
        edited_at = from_iso(value.get("updated_at"))
        facts |= {"edited": True} if edited_at is None else {"edited_at": edited_at.isoformat()}
    return facts


def _state(value: dict[str, Any]) -> PostState:
    if value.get("user_deleted") is True:
        return PostState.DELETED
    if value.get("deleted_at") is not None:
        by = value.get("deleted_by")
        name = by.get("username") if isinstance(by, dict) else None
        return PostState.DELETED if name in (None, value.get("username")) else PostState.REMOVED
    return PostState.REMOVED if value.get("hidden") is True else PostState.PRESENT


def _action(value: dict[str, Any]) -> str | None:
    if value.get("post_type") != _SMALL_ACTION:
        return None
    return word(value.get("action_code")) or "it does not say what"


def _tag_names(tags: object) -> list[object]:
    """Tags are words, or in newer versions objects with a name."""
    if not isinstance(tags, list):
        return []
    return [tag.get("name") if isinstance(tag, dict) else tag for tag in tags]


def _counted(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _MAX_NUMBER else None
