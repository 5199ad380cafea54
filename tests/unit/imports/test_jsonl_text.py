"""Threads from JSON lines, and the way back to the raw bytes between the quotes."""

import json
from io import BytesIO

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.domain.records import Checkpoint, Item, Layout, LineReading, Note, Skipped, Unreadable
from imports import json_lines, jsonl_text, limits
from tests.stalls import finishing
from tests.unit.imports.accounting import assert_covers, posts_of
from tests.unit.imports.conftest import ORIGINAL

THREAD = "Où ça ?\n\nby zoë_1\nbob_b2\n\nÀ “côté” 🏛.\n\nRps\n\nIt fell."


def _read(raw: bytes, start: int = 0, corrections: dict[int, LineReading] | None = None) -> list[Item]:
    return list(jsonl_text.read_threads(BytesIO(raw), original=ORIGINAL, start=start, corrections=corrections or {}))


def _unescape(raw: bytes, item: Item) -> str:
    ref = item.ref  # type: ignore[union-attr]
    text = orjson.loads(b'"' + raw[ref.offset : ref.offset + ref.length] + b'"')
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize("ensure_ascii", [True, False])
def test_each_post_points_to_the_raw_bytes_of_its_line(ensure_ascii: bool) -> None:
    raw = b"".join(
        json.dumps({"text": THREAD.replace("ça", place)}, ensure_ascii=ensure_ascii).encode() + b"\n"
        for place in ("là", "ici")
    )
    items = _read(raw)
    posts = posts_of(items)
    assert [_unescape(raw, post) for post in posts] == [
        "Où là ?\n\nby zoë_1",
        "bob_b2\n\nÀ “côté” 🏛.",
        "Rps\n\nIt fell.",
        "Où ici ?\n\nby zoë_1",
        "bob_b2\n\nÀ “côté” 🏛.",
        "Rps\n\nIt fell.",
    ]
    assert_covers(items, len(raw))


def test_unusual_escapes_and_repeated_keys_are_followed() -> None:
    line = rb' {"a": ["text", {"text": "x"}], "te\u0078t": 1, "text": "Wh\u0079?\n\nby \/u\/a_1\n\n\ud83c\udfdb\tok"} '
    items = _read(line)
    (question,) = posts_of(items)
    assert (question.byline, question.text) == ("/u/a_1", "🏛\tok")
    assert _unescape(line, question) == "Why?\n\nby /u/a_1\n\n🏛\tok"
    assert [item.text for item in items if isinstance(item, Note)] == [
        "Only “text” is read; from line 1 on there are other fields, which are not: “a”."
    ]
    assert_covers(items, len(line))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"text": "cut', "Line 2 is not JSON: it ends early, so it may have been cut off."),
        (b'{"text": "\\ud800"}', "Line 2 is not JSON"),
        (b'{"text": "\xff"}', "Line 2 is not JSON"),
        (b'{"text": NaN}', "Line 2 is not JSON"),
        (b"[" * 100_000, "Line 2 is not JSON"),
        (b'["text"]', "Line 2 is not a JSON object."),
        (b'{"body": "x"}', "Line 2 has no field “text” that holds a string."),
        (b'{"text": 7}', "Line 2 has no field “text” that holds a string."),
        (b'{"text": "Why?"}', "Line 2: No line “by <name>”"),
        (b'{"text": "Why?\\n\\nby a_1\\n\\n\\u0000"}', "Line 2: The text holds NUL"),
    ],
)
def test_a_bad_line_is_set_aside_and_its_neighbours_are_read(line: bytes, reason: str) -> None:
    good = orjson.dumps({"text": THREAD})
    raw = b"\n".join([good, line, good])
    items = _read(raw)
    assert len(posts_of(items)) == 6
    (bad,) = [item for item in items if isinstance(item, Unreadable)]
    assert bad.reason.startswith(reason)
    assert_covers(items, len(raw))


def test_blank_lines_and_the_mark_are_layout_and_an_empty_text_is_skipped() -> None:
    raw = b'\xef\xbb\xbf\n \r\n{"text": ""}\n'
    items = _read(raw)
    assert [type(item) for item in items if not isinstance(item, Checkpoint)].count(Layout) >= 3
    assert [item.reason for item in items if isinstance(item, Skipped)] == ["Line 3: The text is empty."]
    assert_covers(items, len(raw))


def test_a_line_that_is_too_long_is_refused_without_holding_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (json_lines, jsonl_text):
        monkeypatch.setattr(module, "MAX_LINE_BYTES", 200)
    good = orjson.dumps({"text": "Why?\n\nby a_1"}) + b"\n"
    raw = b"x" * 1_000_000 + b"\n" + good
    items = _read(raw)
    assert [item.reason for item in items if isinstance(item, Unreadable)] == ["Line 1 is longer than 0 MiB."]
    assert len(posts_of(items)) == 1
    assert_covers(items, len(raw))
    assert limits.MAX_LINE_BYTES == 32 * 1024 * 1024


def test_a_long_line_is_read_as_a_short_one_is(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [THREAD, THREAD.replace("a", "\u00e9"), "{[" + THREAD]
    lines = [json.dumps({"id": 1, "text": "no", "more": ["text"]} | {"text": text}) for text in texts]
    bad = ['{"text": "a\\ud800"}', '{"te\\qxt": "a"}', '{"text": 1}', '{"a": "b"}', '{"text": "a" 7}', "[]", '"text"']
    raw = "\n".join([*lines, *bad]).encode()
    short = _read(raw)
    monkeypatch.setattr(jsonl_text, "_find_text", jsonl_text._find_long_text)
    long = _read(raw)
    assert [item for item in long if not isinstance(item, Unreadable)] == [
        item for item in short if not isinstance(item, Unreadable)
    ]
    assert [item.ref for item in long if isinstance(item, Unreadable)] == [
        item.ref for item in short if isinstance(item, Unreadable)
    ]


def test_the_memory_for_one_line_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl_text, "MAX_OBJECT_BYTES", 100)
    raw = b'{"text": "Why?", "a": [' + b"[]," * 1_000 + b"[]]}"
    assert [item.reason for item in _read(raw) if isinstance(item, Unreadable)] == [
        "Line 1 holds more than 0 MiB beside its text."
    ]


def test_reading_goes_on_from_every_checkpoint() -> None:
    raw = b"\n".join([orjson.dumps({"text": THREAD}), b"bad", b"", orjson.dumps({"text": THREAD})])
    items = _read(raw)
    for place, item in enumerate(items):
        if isinstance(item, Checkpoint):
            assert _read(raw, start=item.offset) == items[place + 1 :]


@pytest.mark.parametrize("before", [b'{"', b'{"text": "'])
def test_a_string_that_never_ends_in_a_long_line_is_looked_for_once(
    before: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl_text, "MAX_OBJECT_BYTES", 30_000)
    raw = before + b'\\"' * 500_000
    with finishing():
        items = _read(raw)
    assert_covers(items, len(raw))
    assert [type(item) for item in items] == [Unreadable, Checkpoint]


def test_corrections_go_by_bytes_of_the_file() -> None:
    line = orjson.dumps({"text": THREAD}) + b"\n"
    raw = line * 2
    items = _read(raw, corrections={len(line) + line.index(b"Rps"): LineReading.TEXT})
    assert [post.byline for post in posts_of(items)] == ["zoë_1", "bob_b2", "Rps", "zoë_1", "bob_b2"]


@given(st.binary() | st.lists(st.text(), max_size=4).map(lambda texts: "\n".join(texts).encode("utf-8", "ignore")))
def test_any_bytes_are_covered(raw: bytes) -> None:
    assert_covers(_read(raw), len(raw))


@given(st.text(), st.booleans())
def test_every_character_of_a_json_string_is_found_at_its_bytes(text: str, ensure_ascii: bool) -> None:
    literal = json.dumps(text, ensure_ascii=ensure_ascii)[1:-1].encode("utf-8", "surrogatepass")
    offsets = jsonl_text.EscapedOffsets(text, literal, base=7)
    places = [offsets.at(index) - 7 for index in range(len(text) + 1)]
    assert places[-1] == len(literal)
    for character, start, end in zip(text, places, places[1:], strict=False):
        assert json.loads(b'"' + literal[start:end] + b'"') == character
