"""The signs by which formats of JSON are told, at the beginning of a file."""

import pytest

from imports import choose_format
from imports.json_heads import outer_objects
from tests.stalls import finishing


def _keys(head: bytes) -> list[set[str]]:
    return [set(found.keys) for found in outer_objects(head)]


def test_only_the_keys_of_outermost_objects_count() -> None:
    assert _keys(b'{"a": {"b": 1}, "c": ["d", {"e": 1}], "f": "g"}\n{"h": ":"}') == [{"a", "c", "f"}, {"h"}]
    assert _keys(b'[\n{"a": {"b": 1}},\n{"c": 1}]') == [{"a"}, {"c"}]


def test_a_line_or_document_that_is_cut_off_counts_as_far_as_it_goes() -> None:
    assert _keys(b'{"a": 1, "b": {"c": "x') == [{"a", "b"}]
    assert _keys(b'noise\n{"a": "x\n{"te\\u0078t": 1}') == [{"a"}, {"text"}]
    assert _keys(b"Why?\n\nby ann_1\n") == []


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b'{"text": "Why?", "meta": {"topic_id": 1, "post_number": 2}}', "jsonl"),
        (b'{"id": 1, "type": "thread", "text": "Why?"}', "jsonl"),
        (b'{"text": "{\\"post_stream\\": 1}"}', "jsonl"),
        (b'What is {"post_stream"}?\n\nby ann_1\n', "plain"),
        (b'noise\n{"id": 1, "type": "comment", "by": "a"}', "hacker-news"),
        (b'{"post_stream": {"posts": [{"id": 1, "cooked": "' + b"x" * 1000, "discourse"),
    ],
)
def test_formats_are_told_apart(head: bytes, name: str) -> None:
    assert choose_format(head).name == name


@pytest.mark.parametrize("before", [b'{"a": 1, "', b'[\n{"a": 1, "'])
def test_a_string_that_breaks_off_is_looked_for_once_whatever_is_escaped_in_it(before: bytes) -> None:
    head = before + b'\\"' * 500_000  # a head is shorter
    with finishing():
        assert _keys(head) == [{"a"}]
