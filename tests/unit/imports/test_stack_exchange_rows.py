"""Rows of XML: good ones are found around whatever is broken, and nothing in a file can act on its reader."""

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.domain.records import Checkpoint, Item, Layout, Note, Skipped, Unreadable
from imports import companions, stack_exchange_parser, stack_exchange_rows
from imports.companions import Lookup
from imports.stack_exchange import read_posts
from imports.stack_exchange_parser import NoRowError, RowParser, make_expat
from imports.stack_exchange_rows import Broken, Row, read_rows
from tests.unit.imports.accounting import assert_covers, posts_of
from tests.unit.imports.conftest import ORIGINAL
from tests.unit.imports.test_stack_exchange import FOLDER, SITE, notes_of, reasons_of

FIXTURES = sorted([*FOLDER.glob("*.xml"), SITE / "Posts.xml"])
FIRST, LAST = b'<row Id="1" PostTypeId="1" />', b'<row Id="9" PostTypeId="1" />'


def _read(raw: bytes, start: int = 0) -> list[Item]:
    items = list(read_posts(BytesIO(raw), original=ORIGINAL, start=start))
    assert_covers(items, len(raw), start=start)
    return items


def _without_notes(items: list[Item]) -> list[Item]:
    """What a run must repeat: it notes once what it meets, so a later run notes it again."""
    return [item for item in items if not isinstance(item, Note)]


def _keys(items: list[Item]) -> list[str]:
    return [post.key for post in posts_of(items)]


def _around(bad: bytes) -> bytes:
    return b"<posts>\n  " + FIRST + b"\n  " + bad + b"\n  " + LAST + b"\n</posts>\n"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("angle_bracket_in_body", "is not XML: not well-formed"),
        ("quote_in_body", "is not XML: not well-formed"),
        ("html_entity", "is not XML: undefined entity"),
        ("byte_of_latin_1", "is not XML: not well-formed"),
        ("control_character", "is not XML: reference to invalid character number"),
        ("attribute_twice", "is not XML: duplicate attribute"),
        ("text_in_row", "is a row that holds more than its fields"),
        ("element_in_row", "is a row that holds more than its fields"),
        ("doctype_between_rows", "is not XML: not well-formed"),
        ("no_type", "does not say by a number what it is"),
        ("type_in_words", "does not say by a number what it is"),
        ("no_number", "has no number (Id)"),
        ("number_out_of_range", "has no number (Id)"),
        ("number_in_other_digits", "has no number (Id)"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_place_and_its_neighbours_are_read(name: str, reason: str) -> None:
    raw = (FOLDER / f"{name}.xml").read_bytes()
    items = _read(raw)
    assert _keys(items) == ["p1", "p9"]
    (bad,) = [item for item in items if isinstance(item, Unreadable)]
    assert reason in bad.reason
    assert f"byte {bad.ref.offset}" in bad.reason
    stretch = raw[bad.ref.offset : bad.ref.offset + bad.ref.length]
    assert stretch == raw.splitlines()[3].strip()


@pytest.mark.parametrize(
    "name",
    [
        "declares_default",
        "declares_external_entity",
        "declares_growing_entity",
        "declares_parameter_entity",
    ],
)
def test_a_file_that_declares_anything_is_refused_as_a_whole(name: str, no_way_out: None) -> None:
    items = _read((FOLDER / f"{name}.xml").read_bytes())
    assert _keys(items) == []
    assert [reason[:40] for reason in reasons_of(items)] == ["The file begins with declarations of its"]


def test_a_document_type_elsewhere_is_noted_and_never_opened(no_way_out: None) -> None:
    items = _read((FOLDER / "external_doctype.xml").read_bytes())
    assert _keys(items) == ["p1"]
    assert notes_of(items) == [
        "The document type that the file names is another file, which is not opened; nothing depends on it."
    ]


@pytest.fixture
def no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file was opened, or a connection made")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr("builtins.open", refuse)


@pytest.mark.parametrize(
    "declaration",
    [
        b"<!DOCTYPE posts SYSTEM 'posts.dtd'>",
        b"<!DOCTYPE posts [<!ENTITY x 'y'>]>",
        b"<!DOCTYPE posts [<!ATTLIST row Score CDATA '9'>]>",
    ],
)
def test_a_declaration_stops_expat_wherever_it_comes_from(declaration: bytes) -> None:
    parser = make_expat(start=lambda *_: None, end=lambda _: None, other=lambda _: None)
    with pytest.raises(NoRowError, match="is a declaration"):
        parser.Parse(declaration + b"<posts/>", True)


def test_a_declaration_is_no_xml_where_the_parser_stands() -> None:
    parser = RowParser(b"posts", 0)
    fault = parser.feed(memoryview(b"<!DOCTYPE posts [<!ENTITY x 'y'>]>"), is_last=False)
    assert fault is not None
    assert fault.what == "is not XML: not well-formed (invalid token)"


def test_what_stands_between_rows_and_is_none_is_skipped_as_it_is() -> None:
    items = _read((FOLDER / "strangers_between_rows.xml").read_bytes())
    assert _keys(items) == ["p1", "p9"]
    assert [item.reason.partition(" is ")[2] for item in items if isinstance(item, Skipped)] == [
        "no row but <evil>.",
        "no row but text.",
    ]


@pytest.mark.parametrize(("stranger", "name"), [(b"<!-- a -->", "a comment"), (b"<?a b?>", "an instruction")])
def test_comments_and_instructions_are_skipped(stranger: bytes, name: str) -> None:
    items = _read(_around(stranger))
    assert _keys(items) == ["p1", "p9"]
    assert [item.reason for item in items if isinstance(item, Skipped)] == [
        f"What begins at byte 39 is no row but {name}."
    ]


def test_a_row_may_have_a_closing_tag() -> None:
    raw = b'<posts><row Id="1" PostTypeId="1"></row><row Id="2" PostTypeId="1"> </row >' + LAST + b"</posts>"
    items = _read(raw)
    assert [raw[post.ref.offset : post.ref.offset + post.ref.length] for post in posts_of(items)] == [
        b'<row Id="1" PostTypeId="1"></row>',
        b'<row Id="2" PostTypeId="1"> </row >',
        LAST,
    ]


def test_a_file_cut_in_a_row_keeps_the_rows_before() -> None:
    raw = (FOLDER / "cut_in_a_row.xml").read_bytes()
    items = _read(raw)
    assert _keys(items) == ["p1"]
    assert reasons_of(items) == [f"What begins at byte {raw.rindex(b'<row')} is cut off: the file ends in it."]


def test_a_file_cut_after_a_row_is_noted() -> None:
    items = _read((FOLDER / "cut_after_a_row.xml").read_bytes())
    assert (_keys(items), reasons_of(items)) == (["p1"], [])
    assert notes_of(items) == ["The file ends without </posts>: it may have been cut off."]


def test_of_two_documents_in_one_file_both_are_read() -> None:
    items = _read((FOLDER / "two_documents.xml").read_bytes())
    assert _keys(items) == ["p1", "p9"]
    assert [reason.endswith(" stands after the end of the table.") for reason in reasons_of(items)] == [True]


@pytest.mark.parametrize("raw", [b"<posts/>", b"<posts />\n", b"\xef\xbb\xbf<posts></posts>", b"<posts>\n</posts>\n"])
def test_an_empty_table_is_layout(raw: bytes) -> None:
    assert {type(item) for item in _read(raw)} == {Layout}


@pytest.mark.parametrize(
    "raw", [b"", b"hello", b"<!doctype html><html/>", "<posts/>".encode("utf-16"), b"<posts", b"<a/>"]
)
def test_what_is_no_table_is_set_aside_whole(raw: bytes) -> None:
    assert len(reasons_of(_read(raw))) == 1


def test_an_encoding_that_is_declared_and_wrong_is_noted() -> None:
    items = _read(b'<?xml version="1.0" encoding="utf-16"?><posts>' + FIRST + b"</posts>")
    assert _keys(items) == ["p1"]
    assert notes_of(items) == ["The file says that it is in utf-16; it was read as UTF-8."]


def test_a_row_that_is_too_long_is_refused_without_holding_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_exchange_rows, "MAX_ROW_BYTES", 1000)
    monkeypatch.setattr(stack_exchange_rows, "_READ_AT_ONCE", 100)
    longest = 0

    class Watched(stack_exchange_rows._Rows):
        def _forget(self) -> None:
            nonlocal longest
            super()._forget()
            longest = max(longest, len(self._window))

    monkeypatch.setattr(stack_exchange_rows, "_Rows", Watched)
    items = _read(_around(b'<row Id="2" PostTypeId="1" Body="' + b"a" * 100_000 + b'" />'))
    assert _keys(items) == ["p1", "p9"]
    assert [reason.partition(" is ")[2] for reason in reasons_of(items)] == ["longer than 2 MiB."]
    assert longest < 1200


def test_a_row_with_too_many_fields_is_refused() -> None:
    items = _read(_around(b"<row Id='2' " + b" ".join(b"a%d=''" % number for number in range(200)) + b"/>"))
    assert _keys(items) == ["p1", "p9"]
    assert [reason.partition(" has ")[2] for reason in reasons_of(items)] == ["more than 100 fields."]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"<a>" * 50, "is nested deeper than 20 levels"),
        (b"".join(b"<a%d/>" % number for number in range(10_001)), "holds more than 10,000 names"),
    ],
)
def test_what_would_fill_the_memory_is_broken_off(bad: bytes, reason: str) -> None:
    items = _read(_around(bad))
    assert _keys(items) == ["p1", "p9"]
    assert [reason in said for said in reasons_of(items)] == [True]


def test_a_parser_that_met_many_names_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_exchange_parser, "MAX_XML_NAMES", 20)
    monkeypatch.setattr(stack_exchange_rows, "_READ_AT_ONCE", 100)
    most = 0

    class Watched(RowParser):
        @property
        def is_full(self) -> bool:
            nonlocal most
            most = max(most, len(self._expat.intern))
            return super().is_full

        def renewed(self, begin: int) -> RowParser:
            self.close()
            return Watched(self._table, begin)

    monkeypatch.setattr(stack_exchange_rows, "RowParser", Watched)
    rows = b"\n".join(b'<row Id="%d" PostTypeId="1" a%d="" />' % (number, number) for number in range(1, 500))
    assert len(_keys(_read(b"<posts>" + rows + b"</posts>"))) == 499
    assert most < 40


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_it_does_not_matter_where_the_blocks_of_a_file_end(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = path.read_bytes()
    whole = _read(raw)
    for size in (1, 2, 3, 7, 50):
        monkeypatch.setattr(stack_exchange_rows, "_READ_AT_ONCE", size)
        assert _read(raw) == whole


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_reading_goes_on_from_every_checkpoint(path: Path) -> None:
    raw = path.read_bytes()
    items = _read(raw)
    for place, item in enumerate(items):
        if isinstance(item, Checkpoint):
            assert _without_notes(_read(raw, item.offset)) == _without_notes(items[place + 1 :])


_PARTS = st.sampled_from(
    [
        *(
            b"<posts>",
            b"</posts>",
            b"<posts/>",
            b"\n  ",
            b"\r\n",
            b"<row>",
            b"</row>",
            b"<evil>",
            b"</evil>",
            b"<?xml?>",
        ),
        *(b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE posts [", b"]>", b"<!ENTITY x 'y'>", b"&x;", b"&amp;"),
        *(b"<row ", b"/>", b'Id="2"', b"'", b'"', b"<", b">", b"\xff", b"\0", b"\xef\xbb\xbf", b"a"),
        *(FIRST, LAST, b'<row Id="2" PostTypeId="2" ParentId="1" />'),
    ]
)
_NEARLY = st.lists(_PARTS, max_size=30).map(b"".join)


# Expat takes “]]>” and the text before it for one fault or for two, by where the block ends: no matter.
@given(_NEARLY.map(lambda parts: b"<posts>" + parts.replace(b"]]>", b"")), st.integers(1, 30))
@settings(max_examples=300)
def test_blocks_end_anywhere_in_any_bytes(raw: bytes, block: int) -> None:
    whole = _read(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stack_exchange_rows, "_READ_AT_ONCE", block)
        assert _read(raw) == whole


@example(b"<posts/>\0</posts>")
@given(st.binary() | _NEARLY | _NEARLY.map(lambda parts: b"<posts>" + parts))
@settings(max_examples=300)
def test_any_bytes_are_read_to_the_last_one_and_go_on_from_each_checkpoint(raw: bytes) -> None:
    items = _read(raw)
    for place, item in enumerate(items):
        if isinstance(item, Checkpoint):
            assert _without_notes(_read(raw, item.offset)) == _without_notes(items[place + 1 :])


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["Id", "Body", "Title"]), st.text(st.characters(exclude_categories=["C"])))
    ),
    st.integers(1, 60),
)
def test_what_was_written_is_read_again(rows: list[dict[str, str]], block: int) -> None:
    from xml.sax.saxutils import quoteattr

    raw = "".join(f"<row {' '.join(f'{name}={quoteattr(text)}' for name, text in row.items())}/>" for row in rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stack_exchange_rows, "_READ_AT_ONCE", block)
        pieces = list(read_rows(BytesIO(f"<posts>{raw}</posts>".encode()), "posts"))
    assert not [piece for piece in pieces if isinstance(piece, Broken)]
    assert [piece.fields for piece in pieces if isinstance(piece, Row)] == rows


def test_a_lookup_holds_more_than_its_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(companions, "_PAGES_KIB", 64)
    with Lookup((number, f"name {number}") for number in range(100_000)) as names:
        assert [names.get(number) for number in (0, 99_999, 100_000, -1)] == ["name 0", "name 99999", None, None]


def test_a_lookup_takes_the_last_of_two_values_and_names_a_full_disk() -> None:
    with Lookup([(1, "a"), (1, "b")]) as names:
        assert names.get(1) == "b"

    def full() -> Callable[[], None]:
        import sqlite3

        raise sqlite3.OperationalError("database or disk is full")

    with pytest.raises(OSError, match="database or disk is full"):
        Lookup((number, str(full())) for number in range(3))


def test_a_lookup_may_be_closed_by_another_thread_than_that_which_used_it() -> None:
    with ThreadPoolExecutor(1) as thread:
        names = thread.submit(lambda: Lookup([(1, "a")])).result()
        assert thread.submit(names.get, 1).result() == "a"
    with names:
        assert names.get(2) is None
