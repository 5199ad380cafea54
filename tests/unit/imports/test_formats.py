"""Which format a file is in, by its bytes."""

import pytest

from imports import FORMATS, UnknownFormatError, choose_format, containers, seven_zip
from imports.archives import find_lister


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"Why?\n\nby ann_1\n", "plain"),
        (b"", "plain"),
        (b"{curly} is this?\n\nby ann_1\n", "plain"),
        ("Why?\n\nby ann_1\n".encode("utf-16"), "plain"),
        (b'{"text": "Why?"}\n', "jsonl"),
        (b'\xef\xbb\xbf\n{"id": 1, "text": "Why?"}', "jsonl"),
        (b'broken\n{"text": "Why?"}\n', "jsonl"),
        (b'{"text": "' + b"a" * 100, "jsonl"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\r\n<posts>\r\n  <row Id="1" PostTy', "stack-exchange"),
        (b"<!-- a --><!DOCTYPE posts SYSTEM 'posts.dtd'>\n<posts>\n</posts>", "stack-exchange"),
        (b'<!DOCTYPE posts [<!ENTITY a "' + b"a" * 100, "stack-exchange"),
        (b'<comments><row Id="1"', "stack-exchange-comments"),
        (b'<posthistory>\n<row Id="1"', "stack-exchange-other"),
        (b"<badges />", "stack-exchange-other"),
        (b"<posts>\n\nby ann_1\n", "plain"),
        (b'<posts><post href="x"/></posts>', "plain"),
        (b"<feed><row/></feed>", "plain"),
        (b"What is <posts><row/> for?\n\nby ann_1\n", "plain"),
    ],
)
def test_the_bytes_tell_the_format(head: bytes, name: str) -> None:
    assert choose_format(head).name == name


@pytest.mark.parametrize(
    ("head", "what"),
    [(b"\x7fELF\x02\x01", "a program"), (b"PK\x03\x04", "a zip archive"), (b"%PDF-1.7", "a PDF"), (b"a\0b", "NUL")],
)
def test_what_cannot_be_read_is_named(head: bytes, what: str) -> None:
    with pytest.raises(UnknownFormatError, match=what):
        choose_format(head)


def test_a_format_can_be_forced_by_its_name() -> None:
    for known in FORMATS:
        assert choose_format(b"anything", name=known.name) is known
    with pytest.raises(UnknownFormatError, match=r"auto, .*jsonl, plain"):
        choose_format(b"anything", name="word")


def test_archives_are_told_from_their_bytes() -> None:
    assert find_lister(b"PK\x03\x04....") is find_lister(b"PK\x05\x06") is containers.list_members
    assert find_lister(b"7z\xbc\xaf\x27\x1c\0\4....") is seven_zip.list_members
    for other in (b"PKzip is what?", b"7z is what?", b"Rar!\x1a\x07\x01", b""):
        assert find_lister(other) is None
