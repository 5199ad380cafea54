"""Footnote's own lines of JSON, read and written."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.domain.facts import FACTS, FactShape
from archive.domain.ids import PostKey, ThreadKey
from archive.domain.records import (
    Checkpoint,
    Edge,
    Fact,
    KeyBasis,
    Markup,
    PostKind,
    PostRecord,
    PostState,
    RawRef,
    Unreadable,
)
from imports import choose_format, footnote_jsonl
from imports.footnote_jsonl import read_posts, write_post
from tests.unit.imports.accounting import posts_of
from tests.unit.imports.conftest import ORIGINAL
from tests.unit.imports.resuming import FIXTURES, lines_like, notes_of, read_all, read_fixture, reasons_of

_WORDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12)
_FULL = _WORDS.filter(bool)
_MOMENTS = st.datetimes(timezones=st.just(UTC))
_BY_SHAPE: dict[FactShape, st.SearchStrategy[Fact]] = {
    FactShape.NUMBER: st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False),
    FactShape.WORD: _FULL,
    FactShape.WORDS: st.lists(_FULL, min_size=1, max_size=3),
    FactShape.FLAG: st.booleans(),
    FactShape.MOMENT: _MOMENTS.map(datetime.isoformat),
    FactShape.ADDRESS: _FULL,
    FactShape.FILES: st.lists(
        st.fixed_dictionaries({"name": _FULL, "size": st.integers(0, 2**40), "sha256": _FULL}), min_size=1, max_size=2
    ),
}
_FACTS = st.fixed_dictionaries(
    {}, optional={name: _BY_SHAPE[kind.shape] for name, kind in FACTS.items() if kind.shape in _BY_SHAPE}
)
_POSTS = st.builds(
    PostRecord,
    thread=_FULL.map(ThreadKey),
    key=_FULL.map(PostKey),
    key_basis=st.sampled_from(KeyBasis),
    parent=st.none() | _WORDS.map(PostKey),
    kind=st.sampled_from(PostKind),
    byline=st.none() | _WORDS,
    title=st.none() | _WORDS,
    text=_WORDS,
    markup=st.sampled_from(Markup),
    posted_at=st.none() | _MOMENTS,
    ref=st.just(RawRef(original=ORIGINAL, offset=0, length=0)),
    edge=st.sampled_from([edge for edge in Edge if edge is not Edge.PERSON]),
    state=st.sampled_from(PostState),
    facts=st.none() | _FACTS.filter(bool),
)


def _as_a_reader_would(post: PostRecord) -> PostRecord:
    post = post if post.kind is PostKind.QUESTION else replace(post, title=None)
    return replace(post, parent=None) if post.parent == post.key or post.edge in (Edge.CUT, Edge.UNSAID) else post


@given(_POSTS.map(_as_a_reader_would))
def test_reading_what_was_written_gives_the_same_post_and_the_same_line(post: PostRecord) -> None:
    line = write_post(post)
    (read,) = posts_of(list(read_posts(BytesIO(line), original=ORIGINAL)))
    assert replace(read, ref=post.ref) == post
    assert write_post(read) == line


def test_the_bytes_tell_the_format() -> None:
    assert choose_format((FIXTURES / "footnote_jsonl/bad_posts.jsonl").read_bytes()).name == "footnote"


def test_what_a_line_does_not_say_is_not_known() -> None:
    line = b'{"footnote": 1, "thread": "t", "key": "p", "kind": "answer", "text": "x"}'
    for markup in (Markup.PLAIN, Markup.HTML):
        (post,) = posts_of(list(read_posts(BytesIO(line), original=ORIGINAL, markup=markup)))
        assert (post.parent, post.byline, post.title, post.posted_at, post.facts) == (None,) * 5
        assert (post.state, post.markup) == (PostState.PRESENT, markup)
        assert (post.key_basis, post.edge) == (KeyBasis.SOURCE, Edge.SOURCE)


def test_bad_posts_are_set_aside_and_their_neighbours_are_read() -> None:
    items = read_fixture(read_posts, "footnote_jsonl/bad_posts.jsonl")
    question, named_itself, reply = posts_of(items)
    assert (question.title, question.markup) == ("Who?", Markup.MARKDOWN)
    assert question.posted_at == datetime(2023, 11, 14, 22, 15, tzinfo=UTC)
    assert question.facts == {"score": 4, "tags": ["ports"], "address": "https://example.org/1"}
    assert (named_itself.key, named_itself.parent, named_itself.facts) == ("p8", None, {"pinned": True})
    assert (reply.key, reply.parent) == ("p9", "p1")
    assert reasons_of(items) == [
        "Line 2 is of version 2, and only version 1 can be read.",
        "Line 3 has no “key” that is text.",
        "Line 4 has a word that is not known: 'essay' is not a valid PostKind.",
        "Line 5 has a word that is not known: 'rtf' is not a valid Markup.",
        "Line 6 has a “author” that is not text.",
        "Line 7 has “facts” that are no object.",
        "Line 8 has a title, and is no question.",
    ]


def test_what_is_not_read_is_said_once() -> None:
    assert notes_of(read_fixture(read_posts, "footnote_jsonl/bad_posts.jsonl")) == [
        "Line 9: the post “p8” names itself as its parent.",
        "Line 9 is the first whose time cannot be read.",
        "Line 9 is the first with “score”, which is not read.",
        "Line 9 is the first with “aura”, which is not read.",
        "Line 9 is the first with “mood”, which is not read.",
    ]


@pytest.mark.parametrize("field", ["thread", "key", "parent"])
def test_a_post_past_the_bounds_is_set_aside(field: str) -> None:
    good = b'{"footnote": 1, "thread": "t", "key": "p", "parent": "q", "kind": "answer", "text": "x"}'
    name = f'"{field}": "'.encode()
    assert len(reasons_of(read_all(read_posts, good.replace(name, name + b"x" * 501)))) == 1


@pytest.mark.parametrize(
    ("edge", "parent", "reason"),
    [
        ("person", '"q"', "The post’s place is said to be known by “person”, which no file can say."),
        ("person", "null", "The post’s place is said to be known by “person”, which no file can say."),
        ("cut", '"q"', "The post names a parent, and its edge “cut” says that it has none."),
        ("unsaid", '"q"', "The post names a parent, and its edge “unsaid” says that it has none."),
    ],
)
def test_no_line_passes_for_a_decision_of_a_person_or_has_a_parent_from_which_it_was_cut(
    edge: str, parent: str, reason: str
) -> None:
    line = f'{{"footnote": 1, "thread": "t", "key": "p", "parent": {parent}, "kind": "answer", "text": "x", "edge": "'
    good = b'{"footnote": 1, "thread": "t", "key": "q", "kind": "question", "text": "y"}\n'
    items = read_all(read_posts, good + f'{line}{edge}"}}\n'.encode())
    (refused,) = [item for item in items if isinstance(item, Unreadable)]
    assert (refused.ref.offset, refused.reason) == (len(good), reason)
    assert [post.key for post in posts_of(items)] == ["q"]


def test_reading_begins_again_nowhere_within_a_thread_whose_posts_are_known_by_their_order() -> None:
    line = '{{"footnote": 1, "thread": "{0}", "key": "{1}", "kind": "answer", "text": "x", "key_basis": "{2}"}}\n'
    keys = ("t", "a", "position"), ("t", "b", "position"), ("u", "c", "position"), ("u", "d", "source")
    raw = "".join(line.format(*key) for key in keys).replace("\n", "\n\n", 1).encode()
    items = read_all(read_posts, raw)
    ends = [post.ref.offset + post.ref.length for post in posts_of(items)]
    assert [item.offset for item in items if isinstance(item, Checkpoint)] == ends[1:]


_SAMPLE = {"footnote": 1, "thread": "t", "key": "p", "parent": "q", "kind": "question", "author": "a", "title": "T"}
_SAMPLE |= {
    "text": "x",
    "markup": "plain",
    "posted_at": "x",
    "state": "present",
    "facts": {"tags": ["x", 1], "score": 1},
}


@given(st.binary() | lines_like(_SAMPLE))
def test_any_bytes_are_covered_and_gone_on_with(raw: bytes) -> None:
    read_all(read_posts, raw)
    footnote_jsonl.is_footnote_jsonl(raw)
