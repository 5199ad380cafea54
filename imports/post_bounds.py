"""What a post of a dump must keep to, whatever its format: what the database and the pages can hold."""

from collections.abc import Iterator, Mapping
from itertools import chain

import orjson

from archive.domain.records import Edge, Facts, PostRecord, Unreadable
from imports.limits import (
    MAX_BYLINE_CHARACTERS,
    MAX_FACTS_BYTES,
    MAX_KEY_CHARACTERS,
    MAX_POST_BYTES,
    MAX_TITLE_CHARACTERS,
)

# What a file can say of how its posts hang together, and whether a post can name a parent with it. The rest is the
# archive's own: a decision of a person stands in the ledger, and comes from no file.
_MAY_NAME_A_PARENT: Mapping[Edge, bool] = {
    Edge.LAYOUT: True,
    Edge.SOURCE: True,
    Edge.REFERENCES: True,
    Edge.ADDRESSED: True,
    Edge.CUT: False,  # it was cut from its parent
    Edge.UNSAID: False,
}


def within_bounds(post: PostRecord) -> PostRecord | Unreadable:
    """The post; or why it cannot be kept as one, with its place."""
    fault = next(_faults(post), None)
    return post if fault is None else Unreadable(ref=post.ref, reason=fault)


def _faults(post: PostRecord) -> Iterator[str]:
    if post.edge not in _MAY_NAME_A_PARENT:
        yield f"The post’s place is said to be known by “{post.edge}”, which no file can say."
    elif post.parent is not None and not _MAY_NAME_A_PARENT[post.edge]:
        yield f"The post names a parent, and its edge “{post.edge}” says that it has none."
    keys = (post.thread, post.key, post.parent or "", *chain.from_iterable(post.mentions))
    if not post.thread or not post.key or max(map(len, keys)) > MAX_KEY_CHARACTERS:
        yield f"An id of the post is empty or longer than {MAX_KEY_CHARACTERS} characters."
    if len(post.byline or "") > MAX_BYLINE_CHARACTERS:
        yield f"The author’s name is longer than {MAX_BYLINE_CHARACTERS} characters."
    if len(post.title or "") > MAX_TITLE_CHARACTERS:
        yield f"The title is longer than {MAX_TITLE_CHARACTERS:,} characters."
    words = "".join((*keys, post.byline or "", post.title or "", post.text))
    if "\0" in words:
        yield "The post holds NUL characters, which a database cannot keep."
    if not words.isascii() and not _is_unicode(words):
        yield "The post holds halves of surrogate pairs, which are no characters."
    elif len(post.text) * 4 > MAX_POST_BYTES and len(post.text.encode()) > MAX_POST_BYTES:
        yield f"The post is larger than {MAX_POST_BYTES // 2**20} MiB."
    if post.facts:
        yield from _faults_of_facts(post.facts)


def _faults_of_facts(facts: Facts) -> Iterator[str]:
    try:
        size = len(orjson.dumps(facts))
    except orjson.JSONEncodeError:
        yield "What the source says of the post beside its text cannot be kept as JSON."
        return
    if size > MAX_FACTS_BYTES:
        yield f"What the source says of the post beside its text is larger than {MAX_FACTS_BYTES // 1024} KiB."


def _is_unicode(words: str) -> bool:
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True
