"""Thread pages of Reddit's API: things within things."""

import json
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.domain.records import (
    Checkpoint,
    Item,
    KnownGap,
    Layout,
    Note,
    PostKind,
    PostRecord,
    PostState,
    Skipped,
    Unreadable,
)
from imports import json_places, reddit_listing
from imports.reddit_listing import is_reddit_listing, read_posts
from tests.unit.imports.accounting import assert_covers, posts_of
from tests.unit.imports.conftest import ORIGINAL, ROOT, format_name

_FIXTURES = ROOT / "tests/fixtures/imports/reddit_listing"
_HTML_IN_JSON = ((b"\\u003C", b"<"), (b"\\u003E", b">"), (b"\\u0026", b"&"))  # written both ways in one file


def _fixture(name: str) -> bytes:
    return (_FIXTURES / f"{name}.json").read_bytes()


def _read(raw: bytes, start: int = 0) -> list[Item]:
    items = list(read_posts(BytesIO(raw), original=ORIGINAL, start=start))
    assert_covers(items, len(raw) if start == 0 else start, start=start)
    return items


def _stretch(raw: bytes, post: PostRecord) -> bytes:
    return raw[post.ref.offset : post.ref.offset + post.ref.length]


def _faults(items: list[Item]) -> list[str]:
    return [item.reason for item in items if isinstance(item, Unreadable)]


def _comment(id_: str, parent: str, replies: Any = "") -> dict[str, Any]:
    data = {"id": id_, "link_id": "t3_q", "parent_id": parent, "body": f"I am {id_}.", "replies": replies}
    return {"kind": "t1", "data": data}


def _listing(*things: Any) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"children": list(things)}}


_TREE = {
    "t3_q1": (None, PostKind.QUESTION, "asker_1", "Say &amp; I will."),
    "t1_a": ("t3_q1", PostKind.ANSWER, "user_a", 'Là-bas & ici "A".'),
    "t1_b": ("t1_a", PostKind.REPLY, "user_b", "B, \\ and {[]}."),
    "t1_c": ("t1_a", PostKind.REPLY, "[deleted]", ""),
    "t1_d": ("t1_c", PostKind.REPLY, "user_d", "D."),
    "t1_g": ("t3_q1", PostKind.ANSWER, "user_g", "G."),
}


@pytest.mark.parametrize("name", ["two_listings", "replies_before_the_body"])
def test_a_thread_is_read_in_whatever_order_its_fields_stand(name: str) -> None:
    raw = _fixture(name)
    posts = posts_of(_read(raw))
    assert {post.key: (post.parent, post.kind, post.byline, post.text) for post in posts} == _TREE
    assert {post.thread for post in posts} == {"t3_q1"}
    assert next(post.title for post in posts if post.kind is PostKind.QUESTION) == "Why <here>?"
    assert next(post.state for post in posts if post.key == "t1_c") is PostState.DELETED


@pytest.mark.parametrize("name", ["two_listings", "replies_before_the_body"])
def test_a_post_points_to_a_stretch_that_holds_its_text_and_no_other_post(name: str) -> None:
    raw = _fixture(name)
    for post in posts_of(_read(raw)):
        stretch = orjson.dumps(_stretch(raw, post).decode()).decode()
        assert [key for key in _TREE if f"user_{key[3:]}" in stretch and key != post.key] == []
        if post.key == "t1_b":
            assert rb'"body": "B, \\ and {[]}."' in _stretch(raw, post)


def test_stubs_are_known_gaps_of_one_post_at_least() -> None:
    gaps = [item for item in _read(_fixture("two_listings")) if isinstance(item, KnownGap)]
    assert [(gap.thread, gap.parent, gap.count) for gap in gaps] == [
        ("t3_q1", "t1_a", 4),
        ("t3_q1", "t3_q1", 2),  # it says 0, and lists two
        ("t3_q1", "t1_g", 1),  # “continue this thread” says 0, and lists none
    ]


@pytest.mark.parametrize("count", [None, -3, True, "12", 2**63, 10**30, 2.5])
def test_a_count_that_is_none_gives_way_to_the_ids_that_are_listed(count: Any) -> None:
    stub = {"kind": "more", "data": {"count": count, "parent_id": "t3_q", "children": ["a", "b", "c"]}}
    (gap,) = [item for item in _read(json.dumps(_listing(stub)).encode()) if isinstance(item, KnownGap)]
    assert gap.count == 3


def test_a_capture_without_escapes_is_told_by_its_html() -> None:
    question, answer = posts_of(_read(_fixture("not_escaped")))
    assert (question.title, question.text) == ("Why <here>?", "Say &amp; I will.")
    assert answer.text == "1 &lt; 2, written so"


def test_a_single_listing_and_things_are_read_and_other_kinds_are_skipped() -> None:
    items = _read(_fixture("single_listing"))
    assert [post.key for post in posts_of(items)] == ["t3_q1"]
    assert [item.reason for item in items if isinstance(item, Skipped)] == [
        "The post at byte 331 is neither a submission nor a comment."
    ]
    items = _read(_fixture("things"))
    assert [(post.thread, post.key, post.kind) for post in posts_of(items)] == [("t3_q1", "t1_a", PostKind.ANSWER)]
    assert [(gap.thread, gap.parent) for gap in items if isinstance(gap, KnownGap)] == [("t3_q1", "t1_a")]


def test_a_listing_in_a_list_is_layout_around_its_things() -> None:
    items = _read(json.dumps(_listing(_listing(_comment("a", "t3_q")))).encode())
    assert [post.key for post in posts_of(items)] == ["t1_a"]
    assert {type(item) for item in items} == {Layout, PostRecord, Checkpoint}


def test_a_list_that_a_post_itself_holds_is_part_of_it() -> None:
    post = _comment("a", "t3_q")
    post["data"]["media"] = {"children": [{"kind": "t1", "data": {"body": "no post"}}]}
    raw = json.dumps(_listing(post)).encode()
    (found,) = posts_of(_read(raw))
    assert json.loads(_stretch(raw, found)) == post


@pytest.mark.parametrize("kind", [[], {}, 1, "t2", True])
def test_a_thing_of_an_odd_kind_is_skipped(kind: Any) -> None:
    items = _read(json.dumps(_listing({"kind": kind, "data": {"id": "a"}})).encode())
    assert [type(item) for item in items] == [Layout, Skipped, Layout, Checkpoint]


def test_a_stub_that_names_no_thread_is_set_aside() -> None:
    items = _read(b'{"data": {"things": [{"kind": "more", "data": {"count": 1, "parent_id": "t1_a"}}]}}')
    assert _faults(items) == ["The post at byte 21 stands for more, and names no thread."]


def test_a_thing_that_is_bad_is_set_aside_alone() -> None:
    items = _read(_fixture("one_thing_is_bad"))
    assert [(post.key, post.parent) for post in posts_of(items)] == [
        ("t3_q1", None),
        ("t1_b", "t1_a"),  # below the one that is bad
        ("t1_d", "t3_q1"),
        ("t1_e", None),
    ]
    assert [fault.split(" ", 5)[5] for fault in _faults(items)] == [
        "is not JSON: unexpected character, expected a JSON value.",
        "has no text: its “body” is no string.",
        "has no “data”.",
        "has no “data”.",
    ]
    assert [item.text.split(" ")[0] for item in items if isinstance(item, Note)] == ["From", "In"]
    assert [gap.count for gap in items if isinstance(gap, KnownGap)] == [1]


def test_a_file_that_was_cut_off_keeps_what_came_whole() -> None:
    raw = _fixture("two_listings")
    cut = raw[: raw.index(b'"D."')]
    items = _read(cut)
    assert [post.key for post in posts_of(items)] == ["t3_q1", "t1_b"]
    assert len(_faults(items)) == 3
    assert all(fault.endswith("cannot be read, because the file breaks off.") for fault in _faults(items))
    between = raw[: raw.index(b', {"kind": "t1", "data": {"id": "g"')]
    items = _read(between)
    assert len(posts_of(items)) == 5
    assert _faults(items) == ["The file breaks off."]


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b'"children"', "What stands around the posts is only a string."),
        (b"{}", "The file holds no listing of Reddit’s."),
        (b"[1, 2", "The file breaks off."),
        (b'{"a": "b', "The file breaks off in a string."),
        (b"[}]", "The file closes a bracket that is not open."),
        (b"]", "The file closes a bracket that is not open."),
        (b'{"data": {"children": []}} x', "What stands around the posts is not JSON"),
        (b"[" * 100_001, "The file is nested more than 100,000 levels deep."),
        (b"\xff\xfe{\0", "The file breaks off."),
    ],
)
def test_what_is_no_listing_is_unreadable(raw: bytes, fault: str) -> None:
    (reason,) = _faults(_read(raw))
    assert reason.startswith(fault)


def test_an_empty_listing_and_a_mark_at_the_beginning_are_layout() -> None:
    items = _read(b"\xef\xbb\xbf" + json.dumps(_listing()).encode())
    assert [type(item) for item in items] == [Layout, Checkpoint]
    assert _read(b"") == []


def test_replies_ten_thousand_deep_are_read() -> None:
    depth = 10_000
    opening = "".join(
        json.dumps(_comment(str(n), f"t1_{n - 1}" if n else "t3_q", "HERE"))[: -len('"HERE"}}')]
        + '{"kind": "Listing", "data": {"children": ['
        for n in range(depth)
    )
    raw = ('{"data": {"children": [' + opening + "]}}}}" * depth + "]}}").encode()
    items = _read(raw)
    assert len(posts_of(items)) == depth
    assert _faults(items) == []


def test_more_posts_than_are_allowed_are_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_places, "MAX_JSON_OBJECTS", 3)
    items = _read(json.dumps(_listing(*(_comment(str(n), "t3_q") for n in range(9)))).encode())
    assert len(posts_of(items)) == 3
    assert _faults(items) == ["The file holds more than 3 posts."]


def test_json_that_is_too_large_to_parse_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_places, "MAX_OBJECT_BYTES", 200)
    large = _comment("a", "t3_q") | {"padding": "x" * 200}
    items = _read(json.dumps(_listing(large, _comment("b", "t3_q"), *["x" * 100] * 2)).encode())
    assert [post.key for post in posts_of(items)] == ["t1_b"]
    assert _faults(items) == [
        "The post at byte 42 is larger than 0 MiB.",
        "What stands around the posts is larger than 0 MiB.",
    ]


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reddit_listing, "MAX_THREAD_BYTES", 100)
    assert _faults(_read(_fixture("two_listings"))) == ["The listing is larger than 0 MiB."]


def test_escaped_and_repeated_keys_are_followed() -> None:
    raw = rb"""{"data": {"ch\u0069ldren": [{"data": {"id": "a", "link_id": "t3_q", "body": "first",
        "replies": {"data": {"children": [{"kind": "t1", "data": {"id": "b", "link_id": "t3_q", "body": "B"}}]}},
        "b\u006fdy": "second"}, "kind": "t1"}]}}"""
    inner, outer = posts_of(_read(raw))
    assert (inner.text, outer.text) == ("B", "second")
    assert b"second" in _stretch(raw, outer)
    assert b"first" not in _stretch(raw, outer)


@pytest.mark.parametrize("path", sorted(_FIXTURES.iterdir()), ids=lambda path: path.stem)
def test_reading_goes_on_from_the_checkpoint_at_the_end(path: Path) -> None:
    raw = path.read_bytes()
    items = _read(raw)
    assert items[-1] == Checkpoint(len(raw))
    assert _read(raw, start=len(raw)) == []


@pytest.mark.parametrize(
    ("head", "fits"),
    [
        *((path.read_bytes(), True) for path in sorted(_FIXTURES.iterdir())),
        (b'[{"kind": "Listing", "data": {"modhash": "", "chi', True),
        (b'\xef\xbb\xbf \n{"data":{"after":null,"children":[{"data":{"id', True),
        (b'{"kind": "t1", "data": {"id": "a"}}', False),
        (b'{"text": "\\"kind\\": \\"Listing\\""}', False),
        (b'The "kind": "Listing"', False),
    ],
)
def test_a_listing_is_told_by_its_beginning(head: bytes, fits: bool) -> None:
    assert is_reddit_listing(head[: 64 * 1024]) is fits
    assert (format_name(head) == "reddit-listing") is fits


_TOKENS = st.sampled_from(
    [b"{", b"}", b"[", b"]", b",", b":", b'"', b'"kind"', b'"data"', b'"t1"', b'"children"', b'"body"', b'"id"', b"0"]
)
_CHANGES = st.lists(st.tuples(st.integers(0, 1800), st.binary(max_size=2)), max_size=3)


@given(st.binary() | st.lists(_TOKENS, max_size=60).map(b"".join))
def test_any_bytes_are_covered(raw: bytes) -> None:
    _read(raw)


@given(_CHANGES)
def test_a_damaged_thread_is_covered(changes: list[tuple[int, bytes]]) -> None:
    raw = bytearray(_fixture("two_listings"))
    for place, new in changes:
        raw[place : place + 1] = new
    _read(bytes(raw))


def test_real_threads_agree_with_a_count_over_their_json(shared_data: Path) -> None:
    for path in sorted((shared_data / "threads" / "reddit_api").glob("*.json")):
        raw = path.read_bytes()
        items = _read(raw)
        posts, stubs = _things(json.loads(raw))
        found = posts_of(items)
        assert Counter((post.key, post.byline, post.title) for post in found) == Counter(
            (data["name"], data["author"], data.get("title")) for data in posts
        )
        gone = Counter(data.get("body", data.get("selftext")) in {"[deleted]", "[removed]"} for data in posts)
        assert sum(post.state is not PostState.PRESENT and not post.text for post in found) >= gone[True]
        assert sum(isinstance(item, KnownGap) for item in items) == len(stubs)
        assert _faults(items) == []
        for post in found:
            assert _plain(json.dumps(post.text).encode()) in _plain(_stretch(raw, post)) or not post.text


def _plain(literal: bytes) -> bytes:
    for escape, character in _HTML_IN_JSON:
        literal = literal.replace(escape, character)
    return literal


def _things(pages: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    posts, stubs, waiting = [], [], list(pages)
    while waiting:
        thing = waiting.pop()
        if thing["kind"] == "Listing":
            waiting += thing["data"]["children"]
        else:
            (stubs if thing["kind"] == "more" else posts).append(thing["data"])
            waiting += [thing["data"]["replies"]] if thing["data"].get("replies") else []
    return posts, stubs


def test_hostile_files_are_covered(shared_data: Path) -> None:
    for path in sorted((shared_data / "hostile").glob("[jrt]*/*")):
        assert posts_of(_read(path.read_bytes())) == []
