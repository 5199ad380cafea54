"""One thing of Reddit, a submission or a comment, as a post: what dumps and the API's listings share.

Fields: https://github.com/reddit-archive/reddit/wiki/JSON and https://github.com/ArthurHeitmann/arctic_shift;
they come and go by year. Reddit writes &, < and > of every string as &amp;, &lt; and &gt;, once, unless it
was asked for `raw_json=1`: then, and only then, the HTML that a thing brings along begins with a plain “<”.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from archive.domain.ids import PostKey, ThreadKey
from archive.domain.records import (
    Edge,
    Fact,
    KeyBasis,
    Markup,
    Note,
    PostKind,
    PostRecord,
    PostState,
    RawRef,
    Unreadable,
)
from imports.moments import from_epoch
from imports.post_bounds import within_bounds
from imports.remarks import Remarks
from imports.source_facts import number, word

Thing = Mapping[str, Any]

SUBMISSION, COMMENT = "t3_", "t1_"  # what the fullname of each begins with
_SITE = "https://www.reddit.com"
_LARGEST_NUMBER = 2**63 - 1  # that a database keeps
_BASE_36 = "0123456789abcdefghijklmnopqrstuvwxyz"

EMPTIED = {  # what stands in place of a text
    "[deleted]": PostState.DELETED,
    "[removed]": PostState.REMOVED,
    "[ Removed by Reddit ]": PostState.REMOVED,
}
_REMOVED_BY_AUTHOR = frozenset({"deleted", "author"})  # `removed_by_category`; all others are not the author
_WORDS = (("link_flair_text", "flair"), ("author_flair_text", "author_flair"), ("distinguished", "role"))
_FLAGS = (("stickied", "pinned"), ("over_18", "mature"))


def read_thing(thing: Thing, *, ref: RawRef, escaped: bool = True) -> PostRecord | str:
    """The post that a thing is; or what is wrong with it: a sentence without its “Line 7” at the front.

    :param escaped: whether its strings are, if the thing itself does not show it.
    """
    author = thing.get("author")
    if author is not None and not isinstance(author, str):
        return "names its author by something that is no string."
    html = thing.get("body_html") or thing.get("selftext_html")
    if isinstance(html, str):
        escaped = not html.lstrip().startswith("<")
    if "body" in thing or "link_id" in thing:
        return _read_comment(thing, author, ref, escaped)
    if "title" in thing:
        return _read_submission(thing, author, ref, escaped)
    return "is neither a submission nor a comment: it has no “title” and no “body”."


def _read_comment(thing: Thing, author: str | None, ref: RawRef, escaped: bool) -> PostRecord | str:
    key, thread, text = _fullname(thing, COMMENT), thing.get("link_id"), thing.get("body")
    if key is None:
        return "has no id that is a string."
    if not isinstance(thread, str) or not thread:
        return "names no thread: it has no “link_id”."
    if not isinstance(text, str):
        return "has no text: its “body” is no string."
    parent = _parent(thing, thread)
    if parent is not None and not isinstance(parent, str):
        return "names its parent by something that is no id."
    state = PostState.PRESENT
    if text in EMPTIED:
        state, text = EMPTIED[text], ""
    return PostRecord(
        thread=ThreadKey(thread),
        key=PostKey(key),
        key_basis=KeyBasis.SOURCE,
        parent=PostKey(parent) if parent and parent != key else None,
        kind=PostKind.ANSWER if parent == thread else PostKind.REPLY,
        byline=author,
        title=None,
        text=_unescape(text) if escaped else text,
        markup=Markup.REDDIT,
        posted_at=from_epoch(thing.get("created_utc")),
        ref=ref,
        edge=Edge.SOURCE,
        state=state,
        facts=_facts(thing, escaped) or None,
    )


def _read_submission(thing: Thing, author: str | None, ref: RawRef, escaped: bool) -> PostRecord | str:
    key, title, text = _fullname(thing, SUBMISSION), thing["title"], thing.get("selftext")
    if key is None:
        return "has no id that is a string."
    if not isinstance(title, str):
        return "has no title: its “title” is no string."
    if text is not None and not isinstance(text, str):
        return "has no text: its “selftext” is no string."
    state, text = _fate(thing), text or ""
    if text in EMPTIED:
        state, text = EMPTIED[text], ""
    return PostRecord(
        thread=ThreadKey(key),
        key=PostKey(key),
        key_basis=KeyBasis.SOURCE,
        parent=None,
        kind=PostKind.QUESTION,
        byline=author,
        title=_unescape(title) if escaped else title,
        text=_unescape(text) if escaped else text,
        markup=Markup.REDDIT,
        posted_at=from_epoch(thing.get("created_utc")),
        ref=ref,
        edge=Edge.SOURCE,
        state=state,
        facts=_submission_facts(thing, escaped) or None,
    )


def _fullname(thing: Thing, prefix: str) -> str | None:
    """The id with the kind before it; dumps leave out the one or the other."""
    id_, name = thing.get("id"), thing.get("name")
    if isinstance(id_, str) and id_:
        return prefix + id_
    return name if isinstance(name, str) and name.startswith(prefix) else None


def _parent(thing: Thing, thread: str) -> object:
    """What a comment answers, by its fullname.

    Pushshift's answers of 2022 and 2023 have null in comments directly below the submission, and in the
    others the number that the parent's id is in base 36 (https://github.com/voussoir/timesearch/issues/19).
    A comment without the field does not say what it answers.
    """
    parent = thing.get("parent_id", "")
    if parent is None:
        return thread
    if type(parent) is int and 0 < parent <= _LARGEST_NUMBER:
        return COMMENT + _in_base_36(parent)
    return parent


def _in_base_36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _BASE_36[digit] + digits
    return digits


def _unescape(text: str) -> str:
    if "&" not in text:
        return text
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")  # last, or &amp;lt; would be <


def _fate(thing: Thing) -> PostState:
    """What became of a submission whose text, if it had any, is still given."""
    category = thing.get("removed_by_category")
    if not isinstance(category, str) or not category:
        return PostState.PRESENT
    return PostState.DELETED if category in _REMOVED_BY_AUTHOR else PostState.REMOVED


def _submission_facts(thing: Thing, escaped: bool) -> dict[str, Fact]:
    facts = _facts(thing, escaped)
    url = thing.get("url")
    if thing.get("is_self") is False and isinstance(url, str):
        _put(facts, "link", word(_address(_unescape(url) if escaped else url)))
    return facts


def _facts(thing: Thing, escaped: bool) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    score = thing.get("score")
    _put(facts, "score", number(score) if isinstance(score, int) else None)
    for field, name in _WORDS:
        words = thing.get(field)
        if words and isinstance(words, str):
            _put(facts, name, word(_unescape(words) if escaped else words))
    for field, name in _FLAGS:
        if thing.get(field) is True:
            facts[name] = True
    if edited := thing.get("edited"):
        _put_edited(facts, edited)
    permalink = thing.get("permalink")
    if permalink and isinstance(permalink, str):
        _put(facts, "address", word(_address(permalink)))
    return facts


def _put(facts: dict[str, Fact], name: str, fact: Fact | None) -> None:
    if fact is not None:
        facts[name] = fact


def _put_edited(facts: dict[str, Fact], edited: object) -> None:
    """Old posts say only whether they were edited, later ones when."""
    moment = from_epoch(edited)
    if moment is not None:
        facts["edited_at"] = moment.isoformat()
    elif edited is True:
        facts["edited"] = True


def _address(address: str) -> str:
    return _SITE + address if address.startswith("/") else address


def capital(place: str) -> str:
    """A place, in words, at the beginning of a sentence."""
    return place[0].upper() + place[1:]


def keep(post: PostRecord, place: str) -> PostRecord | Unreadable:
    """The post, if it can be kept. `place` is where it stands, in words."""
    bounded = within_bounds(post)
    if isinstance(bounded, Unreadable):
        return replace(bounded, reason=f"{capital(place)}: {bounded.reason}")
    return bounded


def remark(thing: Thing, post: PostRecord, place: str, remarks: Remarks) -> Iterator[Note]:
    """Yield what the archivist should know of this post. `place` is where it stands, in words."""
    date = thing.get("created_utc")
    if post.posted_at is None and date is not None and remarks.is_first("dates"):
        text = f"From {place} on there are dates that cannot be read; the first is {_shortly(date)}."
        yield Note(ref=post.ref, text=text)
    if post.parent is None and post.kind is not PostKind.QUESTION and thing.get("parent_id"):
        text = f"In {place}, {post.key} is said to answer itself. It is kept as one whose parent is not known."
        yield Note(ref=post.ref, text=text)


def _shortly(value: object) -> str:
    words = repr(value)
    return words if len(words) <= 40 else words[:40] + "…"
