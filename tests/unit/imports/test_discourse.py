"""Topics and posts of Discourse forums."""

from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.domain.facts import FACTS
from archive.domain.records import Edge, KeyBasis, KnownGap, Markup, PostKind, PostState, Skipped
from imports import choose_format, discourse
from imports.discourse import read_posts
from tests.unit.imports.accounting import posts_of
from tests.unit.imports.resuming import FIXTURES, lines_like, notes_of, read_all, read_fixture, reasons_of, stretch_of

_NAMES = sorted(path.name for path in (FIXTURES / "discourse").iterdir())


@pytest.mark.parametrize("name", _NAMES)
def test_the_bytes_tell_the_format(name: str) -> None:
    assert choose_format((FIXTURES / "discourse" / name).read_bytes()).name == "discourse"


def test_a_page_of_a_topic_yields_its_posts_and_counts_those_it_does_not_give() -> None:
    items = read_fixture(read_posts, "discourse/page_of_a_topic.json")
    posts = posts_of(items)
    assert [(post.key, post.parent, post.kind, post.thread) for post in posts] == [
        ("77/1", None, PostKind.QUESTION, "77"),
        ("77/2", "77/1", PostKind.ANSWER, "77"),
        ("77/4", "77/2", PostKind.REPLY, "77"),
        ("77/6", "77/3", PostKind.REPLY, "77"),
    ]
    assert {(post.key_basis, post.edge) for post in posts} == {(KeyBasis.SOURCE, Edge.SOURCE)}
    (gap,) = [item for item in items if isinstance(item, KnownGap)]
    assert (gap.thread, gap.parent, gap.count) == ("77", None, 3)
    assert [item.reason for item in items if isinstance(item, Skipped)] == [
        "Line 15 says only what was done to the topic: closed.enabled."
    ]


def test_the_markdown_of_a_post_is_taken_where_it_is_given() -> None:
    raw = (FIXTURES / "discourse/page_of_a_topic.json").read_bytes()
    question, answer, *_ = posts_of(read_all(read_posts, raw))
    assert (question.text, question.markup) == ("<p>Who kept the harbour books?</p>", Markup.HTML)
    assert (answer.text, answer.markup) == ("The port's **clerk**.", Markup.MARKDOWN)
    assert b"**clerk**" in stretch_of(raw, answer)
    assert b"post_stream" not in stretch_of(raw, question)


def test_what_the_topic_says_stands_with_the_question() -> None:
    question, answer, *_ = posts_of(read_fixture(read_posts, "discourse/page_of_a_topic.json"))
    assert (question.title, question.byline) == ("Who kept the harbour books?", "adal")
    assert (answer.title, answer.byline) == (None, "wick")
    assert question.posted_at == datetime(2023, 11, 14, 22, 15, tzinfo=UTC)
    assert question.facts == {
        "score": 12.4,
        "role": "admin",
        "author_flair": "Archivist",
        "tags": ["ports", "clerks"],
        "link": "https://example.org/books",
    }
    assert answer.facts == {"score": 3, "accepted": True, "edited_at": "2023-11-15T08:00:00+00:00"}


def test_a_topic_names_the_accepted_answer_too() -> None:
    posts = [{"post_number": number, "raw": "x"} for number in (1, 2)]
    topic = {"post_stream": {"posts": posts}, "id": 5, "accepted_answer": {"post_number": 2}, "pinned": True}
    question, answer = posts_of(read_all(read_posts, orjson.dumps(topic)))
    assert (question.facts, answer.facts) == ({"pinned": True}, {"accepted": True})


def test_a_post_that_names_another_topic_than_it_stands_in_belongs_there() -> None:
    topic = {"post_stream": {"posts": [{"post_number": 2, "raw": "x", "topic_id": 9}]}, "id": 5}
    assert [post.key for post in posts_of(read_all(read_posts, orjson.dumps(topic)))] == ["9/2"]


def test_several_topics_a_file_keep_their_posts_apart() -> None:
    topics = [
        {"post_stream": {"posts": [{"id": 1, "post_number": 1, "raw": "x"}], "stream": [1, 2]}, "id": 5, "title": "A"},
        {"post_stream": {"posts": [{"id": 2, "post_number": 1, "raw": "y"}], "stream": [2]}, "id": 6, "title": "B"},
    ]
    for raw in (
        b"\n".join(map(orjson.dumps, topics)),
        orjson.dumps(topics),
        orjson.dumps(topics, option=orjson.OPT_INDENT_2),
    ):
        items = read_all(read_posts, raw)
        assert [(post.key, post.title, post.text) for post in posts_of(items)] == [("5/1", "A", "x"), ("6/1", "B", "y")]
        assert [(gap.thread, gap.count) for gap in items if isinstance(gap, KnownGap)] == [("5", 1)]


def test_deleted_and_hidden_posts_keep_what_the_source_gives() -> None:
    posts = posts_of(read_fixture(read_posts, "discourse/deleted_and_hidden.jsonl"))
    assert [(post.state, post.text) for post in posts] == [
        (PostState.PRESENT, "<p>Gone?</p>"),
        (PostState.DELETED, "<p>(post deleted by author)</p>"),
        (PostState.REMOVED, ""),
        (PostState.REMOVED, ""),
        (PostState.DELETED, ""),
    ]
    assert posts[0].title == "Gone?"


def test_bad_posts_are_set_aside_and_their_neighbours_are_read() -> None:
    items = read_fixture(read_posts, "discourse/bad_posts.jsonl")
    assert [(post.key, post.parent, post.posted_at is None) for post in posts_of(items)] == [
        ("79/1", None, False),
        ("79/7", None, True),
        ("79/8", "79/7", True),
    ]
    assert reasons_of(items) == [
        "Line 2 holds a post without a number, or without a topic.",
        "Line 3 holds a post without a number, or without a topic.",
        "Line 4 holds a post with neither “raw” nor “cooked” text.",
        "Line 5 holds a post whose “raw” is not text.",
        "Line 6 holds a post whose “reply_to_post_number” is no number of a post.",
    ]
    assert notes_of(items) == [
        "Line 7: post 79/7 names itself as its parent.",
        "Line 7 is the first whose time cannot be read.",
    ]


def test_one_broken_post_does_not_spoil_its_page() -> None:
    items = read_fixture(read_posts, "discourse/latest_posts.json")
    assert [(post.key, post.kind, post.title) for post in posts_of(items)] == [
        ("81/2", PostKind.ANSWER, None),
        ("82/1", PostKind.QUESTION, "Third"),
    ]
    (reason,) = reasons_of(items)
    assert reason.startswith("Line 2: a post is not JSON")


def test_what_is_no_topic_is_set_aside() -> None:
    assert reasons_of(read_all(discourse.read_posts, b'[{"errors": ["x"]}]')) == [
        "Line 1 holds neither a topic nor a post."
    ]


_POST = {"id": 1, "topic_id": 1, "post_number": 2, "username": "a", "raw": "x", "cooked": "y", "created_at": "x"}
_SAMPLES = (
    {**_POST, "reply_to_post_number": 1, "deleted_at": "x", "deleted_by": {"username": "a"}, "version": 2},
    {
        "post_stream": {"posts": [_POST, {**_POST, "post_number": 1}], "stream": [1, 2]},
        "id": 1,
        "title": "T",
        "tags": ["x"],
    },
    {"latest_posts": [_POST], "id": 1, "accepted_answer": {"post_number": 2}, "post_type": 3, "score": 1.5},
)


@given(st.binary() | lines_like(*_SAMPLES))
def test_any_bytes_are_covered_and_gone_on_with(raw: bytes) -> None:
    for post in posts_of(read_all(read_posts, raw)):
        assert set(post.facts or ()) <= FACTS.keys()
    discourse.is_discourse(raw)
