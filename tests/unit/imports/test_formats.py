"""Which format a file is in, by its bytes."""

import tracemalloc
from io import BytesIO
from pathlib import Path

import pytest

from archive.domain.records import Checkpoint, Markup, Skipped, Unreadable
from imports import FORMATS, Format, UnknownFormatError, choose_format, containers, seven_zip
from imports.archives import find_lister
from tests.unit.imports.accounting import assert_covers, posts_of
from tests.unit.imports.conftest import ORIGINAL

_MIB = 1024 * 1024
_FIXTURES = Path(__file__).parents[2] / "fixtures" / "imports"
_ENDLESS = 256 * _MIB  # far more than a reader may hold


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
        (b'<posthistory>\n<row Id="1"', "stack-exchange-history"),
        (b"<badges />", "stack-exchange-other"),
        (b"<!-- of posts.xml -->\n<!ELEMENT posts (row*)>\n", "stack-exchange-other"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!ATTLIST row Id CDATA #REQUIRED>', "stack-exchange-other"),
        (b"<!ELEMENTS are what?\n\nby ann_1\n", "plain"),
        (b'[Serious] Why?\n\nby ann_1\n\n{"a": 1}\n', "plain"),
        (b'{"What" is this?\n\nby ann_1\n', "plain"),
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


@pytest.mark.parametrize(
    "head",
    [
        b'{"question": "Why?", "answers": []}\n{"question": "How?"}\n',
        b'\xef\xbb\xbf\n{"question": "' + b"a" * 70_000,
        b'[{"question": "Why?"}]',
        b'{\n "question": "Why?",\n "answers": []\n}',
    ],
)
def test_json_that_no_format_fits_is_told_which_forms_are_known(head: bytes) -> None:
    with pytest.raises(UnknownFormatError, match="in no known form of JSON lines, or of a JSON document") as told:
        choose_format(head)
    for known in FORMATS:
        assert (known.title in str(told.value)) is known.is_json


def test_the_document_type_beside_a_dump_is_left_out_for_a_reason() -> None:
    raw = b"<!ELEMENT posts (row*)>\n<!ATTLIST row Id CDATA #REQUIRED>\n"
    (item,) = choose_format(raw).read(BytesIO(raw), original=ORIGINAL)
    assert isinstance(item, Skipped)
    assert item.reason.startswith("It declares how XML beside it is written (a DTD).")
    assert item.ref.length == len(raw)


def test_a_format_can_be_forced_by_its_name() -> None:
    for known in FORMATS:
        assert choose_format(b"anything", name=known.name) is known
    with pytest.raises(UnknownFormatError, match=r"auto, .*jsonl, plain"):
        choose_format(b"anything", name="word")


def test_the_table_names_the_formats_that_leave_open_how_texts_are_written() -> None:
    asking = set[str]()
    for path in sorted(path for path in _FIXTURES.rglob("*") if path.is_file() and path.suffix != ".7z"):
        raw = path.read_bytes()
        known = choose_format(raw.replace(b"\0", b""))
        plain, other = (
            posts_of(list(known.read(BytesIO(raw), original=ORIGINAL, markup=markup)))
            for markup in (Markup.PLAIN, Markup.MARKDOWN)
        )
        if [post.markup for post in plain] != [post.markup for post in other]:
            asking.add(known.name)
    assert asking == {known.name for known in FORMATS if known.asks_markup}


def test_archives_are_told_from_their_bytes() -> None:
    assert find_lister(b"PK\x03\x04....") is find_lister(b"PK\x05\x06") is containers.list_members
    assert find_lister(b"7z\xbc\xaf\x27\x1c\0\4....") is seven_zip.list_members
    for other in (b"PKzip is what?", b"7z is what?", b"Rar!\x1a\x07\x01", b""):
        assert find_lister(other) is None


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_no_reader_holds_a_file_of_one_endless_line(known: Format, tmp_path: Path) -> None:
    path = tmp_path / "endless"
    with path.open("wb") as file:
        file.truncate(_ENDLESS)
    tracemalloc.start()
    try:
        with path.open("rb") as file:
            items = list(known.read(file, original=ORIGINAL))
        assert tracemalloc.get_traced_memory()[1] < 140 * _MIB
    finally:
        tracemalloc.stop()
    assert_covers(items, _ENDLESS)
    assert [type(item) for item in items if not isinstance(item, Checkpoint)] == [Unreadable]


def test_no_line_of_json_takes_much_more_memory_than_its_size() -> None:
    raw = b'{"id": "a", "text": "x", "a": [' + b"[]," * 1_300_000 + b"0]}\n"
    tracemalloc.start()
    try:
        list(choose_format(b"", name="reddit").read(BytesIO(raw), original=ORIGINAL))
        assert tracemalloc.get_traced_memory()[1] < 160 * _MIB
    finally:
        tracemalloc.stop()
