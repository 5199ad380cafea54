"""Lines of JSON or one document: which of them a file holds, and how each is gone through."""

from io import BytesIO

import pytest

from archive.domain.records import Checkpoint, Layout, PostRecord
from imports import discourse, post_lines
from imports.post_lines import begins_document
from imports.remarks import Remarks
from tests.unit.imports.accounting import assert_covers
from tests.unit.imports.conftest import ORIGINAL
from tests.unit.imports.resuming import notes_of, read_all, reasons_of


@pytest.mark.parametrize(
    "head",
    [
        b'{\n  "id": 1',
        b'[\n{"id": 1}',
        b'[{"id": 1}]',
        b'\xef\xbb\xbf{ \r\n "id"',
        b'{"a": [\n1',
        b'{"id": 1,\n "b": 2}',
        b"[",
        b'{"hits": [{"a": 1},\n{"a": 2}',
    ],
)
def test_a_document_is_told_by_its_first_line(head: bytes) -> None:
    assert begins_document(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\n\n",
        b'{"id": 1}\n{"id": 2}',
        b'{"id": 1}',
        b'{"id": 1, "text": "cut,\n{"id": 2}',
        b'{"id": 1,\n{"id": 2}',
        b'{"text": "{',
        b'{"text": "cut {,\nnoise',
        b'{"a": [1,',
        b"[1, 2]\n",
        b"Why?\n",
    ],
)
def test_lines_are_told_from_a_document_also_when_the_first_was_cut_off(head: bytes) -> None:
    assert not begins_document(head)


def test_a_document_that_is_too_long_is_refused_without_holding_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post_lines, "MAX_THREAD_BYTES", 100)
    raw = b'[\n{"id": 1}' + b" " * 3_000_000
    items = list(discourse.read_posts(BytesIO(raw), original=ORIGINAL))
    assert_covers(items, len(raw))
    assert reasons_of(items) == ["The document is longer than 0 MiB. Lines of JSON may be of any number."]


def test_a_document_is_gone_on_with_at_its_end_only() -> None:
    raw = b'[\n{"topic_id": 1, "post_number": 1, "raw": "x"}\n]\n'
    items = read_all(discourse.read_posts, raw)
    assert [type(item) for item in items] == [Layout, PostRecord, Layout, Checkpoint]
    assert items[-1] == Checkpoint(len(raw))


def test_a_note_is_made_once_a_file_also_when_reading_goes_on_in_the_middle() -> None:
    line = b'{"topic_id": 1, "post_number": %d, "raw": "x", "created_at": "%s"}\n'
    raw = b"".join(
        line % (number, time) for number, time in enumerate([b"2024-01-01T00:00Z", b"x", b"y", b"z"], start=1)
    )
    assert notes_of(read_all(discourse.read_posts, raw)) == ["Line 2 is the first whose time cannot be read."]


def test_what_lies_before_is_looked_through_once_and_only_when_a_note_is_due() -> None:
    looks = []

    def look_back() -> set[str]:
        looks.append("look")
        return {"made before"}

    remarks = Remarks(look_back)
    assert looks == []
    assert [remarks.is_first(what) for what in ("made before", "new", "new", "newer")] == [False, True, False, True]
    assert looks == ["look"]


def test_noise_between_the_objects_of_a_document_is_set_aside() -> None:
    raw = b'[{"topic_id": 1, "post_number": 1, "raw": "x"} oops {"topic_id": 1, "post_number": 2, "raw": "y"}]'
    items = read_all(discourse.read_posts, raw)
    assert reasons_of(items) == ["Line 1: what stands here belongs to no post."]
    assert [item.text for item in items if isinstance(item, PostRecord)] == ["x", "y"]
