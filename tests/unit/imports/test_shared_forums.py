"""Hostile inputs, which are no part of the project, through the readers of forums."""

import json
from io import BytesIO
from pathlib import Path

import pytest

from archive.domain.records import PostKind, PostRecord, Unreadable
from imports import convokit, discourse, footnote_jsonl, hacker_news
from imports.reader import Reader
from tests.unit.imports.accounting import assert_covers, posts_of
from tests.unit.imports.conftest import ORIGINAL
from tests.unit.imports.resuming import hostile_files, read_all, reasons_of

_READERS = (hacker_news.read_posts, discourse.read_posts, convokit.read_posts, footnote_jsonl.read_posts)


@pytest.mark.parametrize("read", _READERS, ids=["hacker-news", "discourse", "convokit", "footnote"])
def test_hostile_files_are_read_without_an_exception_and_to_the_last_byte(read: Reader, shared_data: Path) -> None:
    paths = hostile_files(shared_data, "hn", "values", "unicode", "json")
    assert paths
    for path in paths:
        raw = path.read_bytes()
        assert_covers(list(read(BytesIO(raw), original=ORIGINAL)), len(raw))


def test_hostile_items_of_hacker_news_are_read_or_set_aside(shared_data: Path) -> None:
    raw = (shared_data / "hostile" / "hn" / "hn_hostile.jsonl").read_bytes()
    items = read_all(hacker_news.read_posts, raw)
    assert [int(post.key) for post in posts_of(items)] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 11]
    assert len(reasons_of(items)) == 6
    assert len(posts_of(items)) + len(reasons_of(items)) == len(raw.splitlines())


def test_hostile_texts_names_and_times_come_through_as_they_are(shared_data: Path) -> None:
    """Each hostile value as the text, the author and the time of a post of each format."""
    for path in hostile_files(shared_data, "values", "unicode"):
        for line in path.read_bytes().splitlines():
            value = json.loads(line).get("input")
            for number, read in enumerate(_READERS):
                raw = json.dumps(_POSTS_WITH[number](value)).encode()
                items = read_all(read, raw)
                (item,) = [item for item in items if isinstance(item, PostRecord | Unreadable)]
                if isinstance(item, PostRecord):
                    assert item.text == (value or "")
                    assert item.byline in (value, None)
                    assert item.kind is PostKind.QUESTION


_POSTS_WITH = (
    lambda value: {"id": 1, "type": "story", "by": value, "text": value, "time": value, "title": "T"},
    lambda value: {"topic_id": 1, "post_number": 1, "username": value, "raw": value, "created_at": value},
    lambda value: {"id": "1", "root": "1", "user": value, "reply_to": None, "text": value, "timestamp": value},
    lambda value: {
        "footnote": 1,
        "thread": "1",
        "key": "1",
        "kind": "question",
        "author": value,
        "text": value,
        "posted_at": value,
    },
)
