"""Utterances of ConvoKit corpora."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.domain.records import Edge, KeyBasis, Markup, PostKind, PostState
from imports import choose_format, convokit
from imports.convokit import read_posts
from tests.unit.imports.accounting import posts_of
from tests.unit.imports.conftest import ORIGINAL
from tests.unit.imports.resuming import FIXTURES, lines_like, notes_of, read_all, read_fixture, reasons_of


@pytest.mark.parametrize("name", ["old_and_new_names.jsonl", "bad_utterances.jsonl"])
def test_the_bytes_tell_the_format(name: str) -> None:
    assert choose_format((FIXTURES / "convokit" / name).read_bytes()).name == "convokit"


def test_utterances_are_read_under_the_old_names_and_the_new() -> None:
    question, answer, reply = posts_of(read_fixture(read_posts, "convokit/old_and_new_names.jsonl"))
    assert [(post.key, post.parent, post.kind, post.thread, post.byline) for post in (question, answer, reply)] == [
        ("q1", None, PostKind.QUESTION, "q1", "adal"),
        ("a1", "q1", PostKind.ANSWER, "q1", "wick"),
        ("r1", "a1", PostKind.REPLY, "q1", "[deleted]"),
    ]
    assert (answer.text, answer.markup, answer.title) == ("The *clerk*.", Markup.PLAIN, None)
    assert (answer.key_basis, answer.edge) == (KeyBasis.SOURCE, Edge.SOURCE)
    assert answer.posted_at == datetime(2023, 11, 14, 22, 16, 40, 500_000, tzinfo=UTC)
    assert (question.facts, answer.facts) == ({"score": 5, "pinned": True}, {"score": -1, "author_flair": "Ports"})
    assert (reply.state, reply.text, reply.posted_at, reply.facts) == (PostState.REMOVED, "", None, None)


def test_the_archivist_says_how_the_texts_are_written() -> None:
    raw = (FIXTURES / "convokit/old_and_new_names.jsonl").read_bytes()
    posts = posts_of(list(read_posts(BytesIO(raw), original=ORIGINAL, markup=Markup.REDDIT)))
    assert {post.markup for post in posts} == {Markup.REDDIT}


def test_bad_utterances_are_set_aside_and_their_neighbours_are_read() -> None:
    items = read_fixture(read_posts, "convokit/bad_utterances.jsonl")
    assert [(post.key, post.parent, post.byline) for post in posts_of(items)] == [
        ("q1", None, "adal"),
        ("b6", None, "adal"),
        ("7", "gone", "12"),
    ]
    assert reasons_of(items) == [
        "Line 2 names no utterance, or no conversation that it belongs to.",
        "Line 3 names no utterance, or no conversation that it belongs to.",
        "Line 4 replies to something that is no id.",
        "Line 5 has no “text” that is text.",
        "Line 6 is by a speaker who is no name.",
    ]
    assert notes_of(items) == [
        "Line 7: the utterance “b6” names itself as its parent.",
        "Line 7 is the first whose time cannot be read.",
    ]


def test_ids_are_case_sensitive_and_kept_as_they_are() -> None:
    line = b'{"id": "%s", "root": "R", "user": "u", "reply_to": "R", "text": "x"}\n'
    assert [post.key for post in posts_of(read_all(read_posts, line % b"aB0" + line % b"Ab0" + line % b" a "))] == [
        "aB0",
        "Ab0",
        " a ",
    ]


_SAMPLE = {"id": "a", "conversation_id": "q", "speaker": "s", "reply-to": "q", "timestamp": 1, "text": "x", "meta": {}}


@given(st.binary() | lines_like(_SAMPLE, {"id": "a", "root": "q", "user": "s", "reply_to": "a", "text": "[deleted]"}))
def test_any_bytes_are_covered_and_gone_on_with(raw: bytes) -> None:
    read_all(read_posts, raw)
    convokit.is_convokit(raw)
