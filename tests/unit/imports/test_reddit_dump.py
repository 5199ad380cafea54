"""Reddit dumps: submissions and comments, a line each."""

import html
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.domain.records import (
    Checkpoint,
    Item,
    KeyBasis,
    Layout,
    Markup,
    Note,
    PostKind,
    PostRecord,
    PostState,
    Unreadable,
)
from imports.reddit_dump import is_reddit_dump, read_posts
from tests.unit.imports.accounting import assert_covers, posts_of
from tests.unit.imports.conftest import ORIGINAL, ROOT, format_name


def _fixture(name: str) -> bytes:
    return (ROOT / "tests/fixtures/imports/reddit_dump" / name).read_bytes()


def _read(raw: bytes, start: int = 0) -> list[Item]:
    items = list(read_posts(BytesIO(raw), original=ORIGINAL, start=start))
    assert_covers(items, len(raw), start=start)
    return items


def _posts(name: str) -> dict[str, PostRecord]:
    return {post.key: post for post in posts_of(_read(_fixture(name)))}


def _notes(items: Sequence[Item]) -> list[str]:
    return [item.text for item in items if isinstance(item, Note)]


def test_fields_of_all_years_are_read() -> None:
    posts = _posts("fields_of_all_years.ndjson")
    assert {key: (post.thread, post.parent, post.kind) for key, post in posts.items()} == {
        "t3_17863": ("t3_17863", None, PostKind.QUESTION),
        "t1_c13": ("t3_17863", None, PostKind.REPLY),  # it does not say what it answers
        "t1_c14": ("t3_17863", "t3_17863", PostKind.ANSWER),  # null is directly below
        "t1_c15": ("t3_17863", "t1_c14", PostKind.REPLY),
        "t1_9ixqk": ("t3_17863", "t1_cc4", PostKind.REPLY),  # 15988 in base 36
        "t3_1kfp0aa": ("t3_1kfp0aa", None, PostKind.QUESTION),
    }
    assert [post.byline for post in posts.values()] == [
        "brine_odile",
        "quillon_marsh",
        None,
        "[deleted]",
        "tide_table_7",
        "coldframe_iris",
    ]
    assert posts["t3_17863"].posted_at == datetime(2005, 12, 12, 5, 26, 28, tzinfo=UTC)
    assert posts["t1_c14"].posted_at == datetime(2005, 12, 12, 5, 54, 8, tzinfo=UTC)
    assert {post.key_basis for post in posts.values()} == {KeyBasis.SOURCE}
    assert {post.markup for post in posts.values()} == {Markup.REDDIT}


def test_texts_are_unescaped_exactly_once_and_only_as_reddit_escapes() -> None:
    posts = _posts("fields_of_all_years.ndjson")
    assert (posts["t3_1kfp0aa"].title, posts["t3_1kfp0aa"].text) == ("Is &lt;i&gt; <allowed> here?", "A > B &amp; C")
    assert posts["t1_9ixqk"].text == "In Blackman&#39;s survey of 1982, pp. 79-104."


def test_html_that_is_not_escaped_shows_that_the_text_is_not_either() -> None:
    line = {"id": "a", "link_id": "t3_q", "body": "1 &lt; 2", "body_html": "<div>1 &amp;lt; 2</div>"}
    (post,) = posts_of(_read(orjson.dumps(line)))
    assert post.text == "1 &lt; 2"
    (post,) = posts_of(_read(orjson.dumps(line | {"body_html": "&lt;div&gt;"})))
    assert post.text == "1 < 2"


def test_what_a_dump_says_beside_the_text_is_kept() -> None:
    posts = _posts("fields_of_all_years.ndjson")
    assert {key: post.facts for key, post in posts.items()} == {
        "t3_17863": {
            "score": 41,
            "link": "https://example.org/harbour?a=1&b=2",
            "address": "https://www.reddit.com/r/harbours/comments/17863/how_deep/",
        },
        "t1_c13": {"score": 2},
        "t1_c14": {"score": -3, "edited": True},
        "t1_c15": None,
        "t1_9ixqk": {
            "role": "moderator",
            "author_flair": "R&D diver",
            "pinned": True,
            "edited_at": "2022-12-24T00:10:00+00:00",
            "address": "https://www.reddit.com/r/harbours/comments/17863/how_deep/9ixqk/",
        },
        "t3_1kfp0aa": {"flair": "Meta & rules", "mature": True},
    }


@pytest.mark.parametrize(
    "beside",
    [
        {"score": "lots"},
        {"score": True},
        {"score": 2**63},
        {"score": 1.5},
        {"author_flair_text": ""},
        {"author_flair_text": ["x"]},
        {"author_flair_text": "a\0b"},
        {"author_flair_text": "x" * 2001},
        {"stickied": "yes"},
        {"edited": False},
        {"edited": "soon"},
        {"edited": [1]},
        {"permalink": 7},
        {"is_self": False, "url": None},
    ],
)
def test_what_is_no_fact_is_left_out_and_the_post_is_kept(beside: dict[str, object]) -> None:
    for thing in ({"id": "a", "link_id": "t3_q", "body": "b"}, {"id": "a", "title": "t"}):
        (post,) = posts_of(_read(orjson.dumps(thing | beside)))
        assert post.facts is None


def test_deleted_and_removed_are_states_and_no_texts() -> None:
    posts = _posts("states.ndjson")
    assert {key: (post.state, post.text) for key, post in posts.items()} == {
        "t3_a1": (PostState.DELETED, ""),
        "t3_a2": (PostState.REMOVED, ""),
        "t3_a3": (PostState.REMOVED, ""),
        "t3_a4": (PostState.DELETED, "Still here."),
        "t1_b1": (PostState.DELETED, ""),
        "t1_b2": (PostState.REMOVED, ""),
        "t1_b3": (PostState.PRESENT, "[removed] is what it says."),
        "t1_b4": (PostState.REMOVED, ""),
    }


def test_a_bad_line_is_set_aside_with_its_reason_and_its_neighbours_are_read() -> None:
    items = _read(_fixture("broken_lines.ndjson"))
    assert [post.key for post in posts_of(items)] == ["t1_ok1", "t1_ok2"]
    assert [type(item) for item in items if not isinstance(item, Checkpoint)].count(Layout) == 1
    reasons = [item.reason for item in items if isinstance(item, Unreadable)]
    wanted = [
        "Line 1 is not JSON",
        "Line 3 is not JSON",
        "Line 4 is not a JSON object.",
        "Line 5 is not JSON",
        "Line 6 has no id that is a string.",
        "Line 7 has no id that is a string.",
        "Line 8 names no thread",
        "Line 9 has no text",
        "Line 10 names its parent by something that is no id.",
        "Line 11 names its author by something that is no string.",
        "Line 12 is neither a submission nor a comment",
        "Line 13 has no title",
        "Line 14 has no text",
        "Line 15: The post holds NUL",
        "Line 16 has no id that is a string.",
    ]
    assert len(reasons) == len(wanted)
    assert all(reason.startswith(start) for reason, start in zip(reasons, wanted, strict=True)), reasons


def test_dates_that_cannot_be_read_are_told_once_and_not_made_up() -> None:
    items = _read(_fixture("unreadable_dates.ndjson"))
    assert [post.posted_at is None for post in posts_of(items)] == [True, True, True, True, False]
    assert _notes(items) == ["From line 3 on there are dates that cannot be read; the first is 1500000000000."]


def test_a_post_that_answers_itself_loses_its_parent_and_other_odd_parents_stay() -> None:
    items = _read(_fixture("odd_parents.ndjson"))
    assert {post.key: (post.parent, post.kind) for post in posts_of(items)} == {
        "t1_s1": (None, PostKind.REPLY),
        "t1_s2": ("t3_other", PostKind.REPLY),
        "t1_S1": ("t1_nobody", PostKind.REPLY),
    }
    (note,) = _notes(items)
    assert note.startswith("In line 1, t1_s1 is said to answer itself.")


def test_a_post_points_to_its_line() -> None:
    raw = b"\xef\xbb\xbf" + _fixture("fields_of_all_years.ndjson")
    lines = raw.splitlines(keepends=True)
    for post, line in zip(posts_of(_read(raw)), lines, strict=True):
        assert raw[post.ref.offset : post.ref.offset + post.ref.length] == line.removeprefix(b"\xef\xbb\xbf")


@pytest.mark.parametrize("name", ["fields_of_all_years", "states", "broken_lines", "odd_parents"])
def test_reading_goes_on_from_every_checkpoint(name: str) -> None:
    raw = _fixture(f"{name}.ndjson")
    items = _read(raw)
    for place, item in enumerate(items):
        if isinstance(item, Checkpoint):
            assert _read(raw, start=item.offset) == items[place + 1 :]


@pytest.mark.parametrize(
    ("head", "fits"),
    [
        (_fixture("fields_of_all_years.ndjson"), True),
        (_fixture("broken_lines.ndjson"), True),
        (b'\xef\xbb\xbf{"link_id":"t3_a","id":"b","body":"cut off in the mid', True),
        (b'{"name": "t3_a", "title": "T", "selftext": "' + b"x" * 70_000, True),
        (b'{"id":"a","title":"T","subreddit":"s"}\n', True),
        (b'{"id":"a","title":"T"}\n', False),
        (b'{"id":"a","title":"T","text":"Why?","subreddit":"s"}\n', False),
        (b'{"text":"{\\"id\\":1,\\"link_id\\":2,\\"body\\":3"}', False),
        (b'[{"id":"a","link_id":"t3_b","body":"c"}]', False),
        (b"", False),
    ],
)
def test_a_dump_is_told_by_its_first_lines(head: bytes, fits: bool) -> None:
    assert is_reddit_dump(head[: 64 * 1024]) is fits
    assert (format_name(head) == "reddit") is fits


_VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just([]) | st.just({})
_LINES = st.dictionaries(
    st.sampled_from(
        ["id", "name", "link_id", "parent_id", "body", "title", "selftext", "author", "created_utc", "edited", "score"]
    ),
    _VALUES,
).map(lambda thing: orjson.dumps(thing) if _writable(thing) else b"{")


def _writable(thing: dict[str, object]) -> bool:
    return all(not isinstance(value, int) or abs(value) < 2**63 for value in thing.values())


@given(st.binary() | st.lists(_LINES | st.binary(max_size=9), max_size=6).map(b"\n".join))
def test_any_bytes_are_covered_and_resumed(raw: bytes) -> None:
    items = _read(raw)
    for place, item in enumerate(items):
        if isinstance(item, Checkpoint):
            rest = [other for other in items[place + 1 :] if not isinstance(other, Note)]
            assert [other for other in _read(raw, start=item.offset) if not isinstance(other, Note)] == rest


def test_a_real_dump_agrees_with_a_count_over_its_lines(shared_data: Path) -> None:
    zstd = shutil.which("zstd")
    if zstd is None:
        pytest.skip("no program zstd, which unpacks the dump")
    path = shared_data / "threads" / "reddit_pushshift" / "RC_2005-12.zst"
    raw = subprocess.run([zstd, "-dcq", "--long=31", path], capture_output=True, check=True).stdout
    things = [orjson.loads(line) for line in raw.splitlines()]
    posts = posts_of(_read(raw))
    assert [post.key for post in posts] == ["t1_" + thing["id"] for thing in things]
    assert Counter(post.parent for post in posts) == Counter(thing["parent_id"] for thing in things)
    assert Counter(post.kind == PostKind.ANSWER for post in posts) == Counter({True: 746, False: 329})
    gone = {"[deleted]": PostState.DELETED, "[removed]": PostState.REMOVED}
    for post, thing in zip(posts, things, strict=True):
        assert post.state is gone.get(thing["body"], PostState.PRESENT)
        assert post.text == ("" if thing["body"] in gone else html.unescape(thing["body"]))


def test_hostile_lines_end_as_posts_or_in_quarantine(shared_data: Path) -> None:
    counts = {}
    for path in sorted((shared_data / "hostile").glob("[jtuv]*/*")):
        items = _read(path.read_bytes())
        counts[path.name] = (len(posts_of(items)), sum(isinstance(item, Unreadable) for item in items))
    assert counts["reddit_hostile.ndjson"] == (29, 33)
    assert counts["invalid_utf8.ndjson"] == (1, 5)
    assert counts["crlf.ndjson"] == counts["no_final_newline.ndjson"] == (2, 0)
    for name, posts in {"casefold_100": 100, "cycle_1000": 1000, "dupdiff_200": 400, "missing_root_500": 500}.items():
        assert counts[f"{name}.ndjson"] == (posts, 0)
