"""Items of Hacker News, in the forms of both its interfaces."""

from datetime import UTC, datetime
from io import BytesIO

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.domain.records import Edge, KeyBasis, Layout, Markup, PostKind, PostState
from imports import choose_format, hacker_news, hacker_news_parents
from imports.hacker_news import read_posts
from tests.unit.imports.accounting import posts_of
from tests.unit.imports.conftest import ORIGINAL
from tests.unit.imports.resuming import (
    FIXTURES,
    lines_like,
    notes_of,
    read_all,
    read_fixture,
    reasons_of,
    stretch_of,
)

_NAMES = sorted(path.name for path in (FIXTURES / "hacker_news").iterdir())


@pytest.mark.parametrize("name", _NAMES)
def test_the_bytes_tell_the_format(name: str) -> None:
    assert choose_format((FIXTURES / "hacker_news" / name).read_bytes()).name == "hacker-news"


def test_a_comment_finds_its_story_though_it_comes_first() -> None:
    deep, answer, story = posts_of(read_fixture(read_posts, "hacker_news/comments_before_their_story.jsonl"))
    assert (deep.thread, answer.thread, story.thread) == ("9001", "9001", "9001")
    assert [(post.key, post.parent, post.kind) for post in (deep, answer, story)] == [
        ("9003", "9002", PostKind.REPLY),
        ("9002", "9001", PostKind.ANSWER),
        ("9001", None, PostKind.QUESTION),
    ]
    assert answer.text == "It&#x27;s in the <i>harbour books</i>.<p>Volume 3."
    assert (answer.byline, answer.title, answer.markup) == ("wick", None, Markup.HTML)
    assert (answer.key_basis, answer.edge, answer.state) == (KeyBasis.SOURCE, Edge.REFERENCES, PostState.PRESENT)
    assert answer.posted_at == datetime(2023, 11, 14, 22, 16, 40, tzinfo=UTC)
    assert (story.title, story.text) == ("Ask HN: Who kept the harbour books?", "Who kept them?")
    assert story.facts == {
        "address": "https://news.ycombinator.com/item?id=9001",
        "score": 41,
        "link": "https://example.org/books",
    }


def test_deleted_and_dead_items_keep_what_the_source_gives() -> None:
    _, deleted, dead = posts_of(read_fixture(read_posts, "hacker_news/deleted_and_dead.jsonl"))
    assert (deleted.state, deleted.byline, deleted.text) == (PostState.DELETED, None, "")
    assert (dead.state, dead.byline, dead.text) == (PostState.REMOVED, "spam_r", "Buy this.")


def test_polls_and_jobs_are_questions_and_options_hang_from_their_poll() -> None:
    posts = posts_of(read_fixture(read_posts, "hacker_news/poll.jsonl"))
    assert [(post.kind, post.parent, post.thread) for post in posts] == [
        (PostKind.QUESTION, None, "21"),
        (PostKind.REPLY, "21", "21"),
        (PostKind.REPLY, "21", "21"),
        (PostKind.QUESTION, None, "24"),
    ]


def test_odd_parents_end_in_a_thread_each() -> None:
    items = read_fixture(read_posts, "hacker_news/odd_parents.jsonl")
    assert [(post.key, post.parent, post.thread) for post in posts_of(items)] == [
        ("31", None, "31"),
        ("34", "33", "32"),
        ("33", "32", "32"),
        ("32", "33", "32"),
        ("36", "35", "7777"),
        ("35", "7777", "7777"),
        ("37", None, "37"),
    ]
    assert notes_of(items) == ["Line 1: the item 31 names itself as its parent."]


def test_the_order_of_lines_does_not_matter() -> None:
    for name in ("comments_before_their_story", "odd_parents"):
        lines = (FIXTURES / f"hacker_news/{name}.jsonl").read_bytes().splitlines(keepends=True)

        def tree(lines: list[bytes]) -> set[tuple[object, ...]]:
            items = posts_of(read_all(read_posts, b"".join(lines)))
            return {(post.key, post.parent, post.thread, post.kind) for post in items}

        assert tree(lines) == tree(lines[::-1]) == tree(sorted(lines))


def test_bad_lines_are_set_aside_and_their_neighbours_are_read() -> None:
    items = read_fixture(read_posts, "hacker_news/bad_lines.jsonl")
    assert [(post.key, post.thread) for post in posts_of(items)] == [("41", "41"), ("47", "41")]
    reasons = reasons_of(items)
    assert [reason.split(":")[0] for reason in reasons] == [
        "Line 2 is not JSON",
        "Line 3 has no “id” that numbers an item of Hacker News.",
        "Line 4 has no “id” that numbers an item of Hacker News.",
        "Line 5 has no “id” that numbers an item of Hacker News.",
        "Line 6 holds no story, comment, job or poll",
        "Line 7 has a “text” that is not text.",
        "Line 8 is not JSON",
        "The post holds NUL characters, which a database cannot keep.",
        "Line 10 is not a JSON object.",
        "Line 11 is not a JSON object.",
        "Line 14 has a “parent” that numbers no item of Hacker News.",
    ]


def test_times_that_cannot_be_read_are_said_once() -> None:
    items = read_fixture(read_posts, "hacker_news/unreadable_times.jsonl")
    assert [post.posted_at is None for post in posts_of(items)] == [False, True, True, True]
    assert notes_of(items) == ["Line 2 is the first whose time cannot be read."]


def test_a_nested_item_is_read_from_its_own_bytes_though_its_text_comes_last() -> None:
    raw = (FIXTURES / "hacker_news/nested_text_after_children.json").read_bytes()
    posts = {post.key: post for post in posts_of(read_all(read_posts, raw))}
    assert [(post.key, post.parent, post.kind, post.thread) for post in posts.values()] == [
        ("63", "62", PostKind.REPLY, "61"),
        ("62", "61", PostKind.ANSWER, "61"),
        ("64", "61", PostKind.ANSWER, "61"),
        ("61", None, PostKind.QUESTION, "61"),
    ]
    for key, text in (("61", b'"Who kept them?"'), ("62", rb'books: \"vol. 3\" {["'), ("64", b'"No parent is')):
        assert text in stretch_of(raw, posts[key])
    assert (posts["63"].state, posts["63"].text) == (PostState.DELETED, "")
    assert posts["64"].posted_at == datetime(2023, 11, 14, 22, 18, 20, tzinfo=UTC)
    assert posts["62"].text == 'In the <i>harbour</i> books: "vol. 3" {['


def test_one_broken_child_does_not_spoil_its_thread() -> None:
    items = read_fixture(read_posts, "hacker_news/nested_one_child_broken.jsonl")
    assert [(post.key, post.parent, post.thread) for post in posts_of(items)] == [
        ("71", None, "71"),
        ("73", "72", "71"),
        ("74", None, "74"),
    ]
    broken, *cut = reasons_of(items)
    assert broken.startswith("Line 1: an item is not JSON")
    assert cut == ["Line 3: an item cannot be read, because what it stands in breaks off."] * 2


def test_a_document_that_breaks_off_keeps_what_came_whole_and_nothing_of_the_rest_is_layout() -> None:
    raw = (FIXTURES / "hacker_news/nested_text_after_children.json").read_bytes()
    cut = raw[: raw.index(b'"No parent is')]
    items = read_all(read_posts, cut)
    assert {post.key for post in posts_of(items)} == {"62", "63"}
    assert set(reasons_of(items)) == {
        f"Line {line}: an item cannot be read, because what it stands in breaks off." for line in (1, 10)
    }


def test_what_stands_in_a_broken_item_is_not_put_under_the_one_around_it() -> None:
    inner = b'{"id":2,oops,"children":[{"id":3,"type":"comment","author":"b"}]}'
    raw = b'{"id":1,"type":"story","author":"a","children":[' + inner + b"]}"
    _, comment = posts_of(read_all(read_posts, raw))
    assert (comment.key, comment.parent, comment.thread) == ("3", None, "1")


def test_a_page_of_search_results_is_read() -> None:
    raw = (FIXTURES / "hacker_news/search_page.json").read_bytes()
    items = read_all(read_posts, raw)
    comment, story = posts_of(items)
    assert (comment.key, comment.parent, comment.thread, comment.kind) == ("82", "81", "81", PostKind.ANSWER)
    assert (comment.text, comment.title) == ("In the harbour books.", None)
    assert (story.key, story.thread, story.text, story.title) == ("81", "81", "Who kept them?", "Who?")
    assert isinstance(items[0], Layout)


def test_a_list_of_items_learns_its_parents_too() -> None:
    lines = (FIXTURES / "hacker_news/comments_before_their_story.jsonl").read_bytes().split(b"\n")[:3]
    posts = posts_of(read_all(read_posts, b"[" + b",\n".join(lines) + b"]"))
    assert [post.thread for post in posts] == ["9001", "9001", "9001"]


def test_a_thread_ten_thousand_deep_is_read() -> None:
    depth = 10_000
    begin = b'{"id":%d,"type":"comment","author":"a","text":"x","children":['
    raw = b"".join(begin % number for number in range(1, depth + 1)) + b"]}" * depth
    posts = posts_of(list(read_posts(BytesIO(raw), original=ORIGINAL)))
    assert [(post.key, post.parent) for post in posts] == [
        (str(number), None if number == 1 else str(number - 1)) for number in range(1, depth + 1)
    ]
    assert {post.thread for post in posts} == {"1"}


@pytest.mark.parametrize("url", ["", "x" * 4_001, "http://a\0b", 7])
def test_an_address_that_no_database_can_keep_is_left_out(url: object) -> None:
    (post,) = posts_of(read_all(read_posts, orjson.dumps({"id": 1, "type": "story", "url": url, "score": 2**63})))
    assert post.facts == {"address": "https://news.ycombinator.com/item?id=1"}


def test_past_the_room_for_parents_comments_are_as_if_in_files_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hacker_news_parents, "MAX_PARENT_BLOCKS", 1)
    raw = b"".join(
        orjson.dumps({"id": item, "type": "comment", "parent": item - 1, "text": "x"}) + b"\n"
        for item in (11, 12, 2000)
    )
    items = read_all(read_posts, raw)
    assert [post.thread for post in posts_of(items)] == ["10", "10", "1999"]
    assert [post.mentions for post in posts_of(items)] == [(("11", "10"),), (), (("2000", "1999"),)]
    assert notes_of(items) == []


def test_only_where_the_source_names_the_story_is_it_more_than_inferred() -> None:
    lines = (
        {"id": 2, "type": "comment", "by": "a", "parent": 1},
        {"id": 3, "type": "comment", "by": "a", "parent": 2},
        {"id": 4, "type": "pollopt", "by": "a", "poll": 9},
        {"objectID": "5", "author": "a", "comment_text": "x", "parent_id": 8, "story_id": 7, "_tags": ["comment"]},
        {"objectID": "6", "author": "a", "comment_text": "x", "parent_id": 7, "story_id": 7, "_tags": ["comment"]},
        {"id": 10, "type": "comment", "author": "a", "parent_id": 1, "children": [{"id": 11, "type": "comment"}]},
    )
    posts = posts_of(read_all(read_posts, b"\n".join(map(orjson.dumps, lines))))
    said = {post.key: (post.thread, post.edge, tuple(map(tuple, post.mentions))) for post in posts}
    assert said == {
        "2": ("1", Edge.REFERENCES, (("2", "1"),)),
        "3": ("1", Edge.REFERENCES, ()),
        "4": ("9", Edge.SOURCE, ()),
        "5": ("7", Edge.SOURCE, (("8", "7"),)),
        "6": ("7", Edge.SOURCE, ()),
        "10": ("1", Edge.REFERENCES, (("10", "1"),)),
        "11": ("1", Edge.REFERENCES, ()),
    }


_SAMPLES = (
    {"id": 1, "type": "story", "by": "a", "title": "T", "text": "x", "time": 1, "score": 2, "url": "u", "kids": [2]},
    {"id": 2, "type": "comment", "by": "b", "text": "x", "time": 1, "parent": 1},
    {"id": 3, "type": "comment", "author": "b", "text": "x", "parent_id": 1, "story_id": 1, "children": [{"id": 4}]},
    {"objectID": "5", "author": "b", "comment_text": "x", "parent_id": 1, "_tags": ["comment"], "created_at": "x"},
    {"hits": [{"objectID": "5", "author": "b", "comment_text": "x"}], "nbHits": 1},
)


@given(st.binary() | lines_like(*_SAMPLES))
def test_any_bytes_are_covered_and_gone_on_with(raw: bytes) -> None:
    for post in posts_of(read_all(read_posts, raw)):
        assert post.facts is None or set(post.facts) <= {"address", "score", "link"}
    hacker_news.is_hacker_news(raw)
