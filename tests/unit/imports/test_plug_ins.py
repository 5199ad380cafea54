"""Readers that other packages bring along."""

import errno
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from archive.domain.records import Checkpoint, Item, PostKind, Unreadable
from imports import choose_format, formats, known_formats
from imports.plug_ins import PlugIn, mark
from tests.unit.imports.accounting import assert_covers, posts_of
from tests.unit.imports.conftest import ORIGINAL, ROOT
from tests.unit.imports.packages import Install, reader, room_for_packages
from tests.unit.imports.resuming import read_all, reasons_of

_GUEST_BOOK = b"guest book\n1||ann|Why?\n2|1|ben|Because.\nno entry\n3|1||Nobody knows.\n"
_COVER = "r.Layout(ref=r.RawRef(original=original, offset=start, length=size - start))"
_TWO = "yield r.Layout(ref=r.RawRef(original=original, offset=0, length=2))"
_POST = (
    "r.PostRecord(thread='t', key='k', key_basis=r.KeyBasis.SOURCE, parent=None, kind=r.PostKind.QUESTION, byline=None,"
    " title=None, text='x', markup=r.Markup.PLAIN, posted_at=None,"
    " ref=r.RawRef(original=original, offset=start, length=size - start)"
)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    with room_for_packages(tmp_path, monkeypatch) as install:
        yield install


def _example() -> str:
    page = (ROOT / "docs/importing.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    return code


def _read(name: str, raw: bytes) -> list[Item]:
    return list(choose_format(raw, name=name).read(BytesIO(raw), original=ORIGINAL))


def _broken() -> dict[str, str | None]:
    return {plug_in.name: plug_in.fault for plug_in in formats.find_plug_ins()}


def test_the_reader_of_the_guide_is_short_and_reads_what_it_says(install: Install) -> None:
    _, code = _example().split('"""\n\n')
    assert len([line for line in code.splitlines() if line]) <= 31
    install("guest_book", _example(), entry="GUEST_BOOK")
    format_ = choose_format(_GUEST_BOOK)
    assert (format_.name, _broken()) == ("guest-book", {"guest_book": None})
    items = read_all(format_.read, _GUEST_BOOK)
    assert [(post.key, post.parent, post.kind, post.byline) for post in posts_of(items)] == [
        ("1", None, PostKind.QUESTION, "ann"),
        ("2", "1", PostKind.ANSWER, "ben"),
        ("3", "1", PostKind.ANSWER, None),
    ]
    assert reasons_of(items) == ["An entry has four fields, and this one has 1."]


def test_an_installed_reader_is_asked_before_those_that_take_anything(install: Install) -> None:
    install("guest_book", _example(), entry="GUEST_BOOK")
    assert [known.name for known in known_formats()][-3:] == ["guest-book", "jsonl", "plain"]


def test_a_function_may_give_the_reader(install: Install) -> None:
    install("by_call", reader(f"yield {_COVER}", name="called") + "def give():\n    return READER\n", entry="give")
    assert choose_format(b"called").name == "called"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("import nothing_that_is_there\n", "It cannot be loaded: ModuleNotFoundError: No module named"),
        ("raise SystemExit(1)\n", "It cannot be loaded: SystemExit: 1"),
        ("OTHER = 1\n", "It cannot be loaded: AttributeError"),
        ("def READER():\n    raise ValueError('no')\n", "It cannot be loaded: ValueError: no"),
        ("def READER(one):\n    pass\n", "It cannot be loaded: TypeError"),
        ("READER = 7\n", "It cannot be used: what it gives is of the type int, and not a Format."),
        (reader("yield", name="jsonl"), "It cannot be used: there is another format of the name “jsonl”."),
        (reader("yield", name="auto"), "It cannot be used: there is another format of the name “auto”."),
        (reader("yield", name="No name"), "It cannot be used: its name is not of"),
        (reader("yield", name="a").replace('"T"', '""'), "It cannot be used: its title is not of"),
        (reader("yield", name="a").replace("read=read", "read=1"), "It cannot be used: its “sniff” or “read”"),
        (
            reader("yield", name="a").replace("=read)", "=read, companions=['a'])"),
            "It cannot be used: its “companions”",
        ),
        (reader("yield", name="a").replace("head: head", "head: len(1) or head"), "It does not tell its files"),
        (reader(f"raise OSError({errno.EIO}, 'disk')", name="a"), "It does not read every file: [Errno 5] disk"),
        (reader("raise ValueError('no')", name="a"), "It does not read every file: of 0 bytes, it failed here"),
    ],
)
def test_what_is_wrong_with_a_reader_is_said_and_stops_nothing(install: Install, source: str, fault: str) -> None:
    install("broken", source)
    install("guest_book", _example(), entry="GUEST_BOOK")
    told = _broken()
    assert str(told.pop("broken")).startswith(fault)
    assert told == {"guest_book": None}
    assert choose_format(_GUEST_BOOK).name == "guest-book"
    assert choose_format(b"Why?\n").name == "plain"


def test_of_two_readers_of_one_name_the_first_counts(install: Install) -> None:
    for module in ("first", "second"):
        install(module, reader(f"yield {_COVER}", name="same"))
    assert _broken() == {
        "first": None,
        "second": "It cannot be used: there is another format of the name “same”.",
    }


@pytest.mark.parametrize(
    ("body", "kept", "reason"),
    [
        (
            "yield r.Layout(ref=r.RawRef(original=original, offset=0, length=2))\nraise KeyError('gone')",
            2,
            "failed here: ",
        ),
        ("raise RecursionError", 0, "failed here: RecursionError"),
        ("raise SystemExit(1)", 0, "failed here: SystemExit: 1"),
        ("return\nyield", 0, "ends at byte 0 of 5."),
        ("yield 'a post'", 0, "gave something of the type str, which is no item."),
        ("yield r.Layout(ref=r.RawRef(original=original, offset=1, length=4))", 0, "leaves something out"),
        ("yield r.Layout(ref=r.RawRef(original=original, offset=0, length=9))", 0, "leaves something out"),
        ("yield r.Layout(ref=r.RawRef(original=original, offset=0, length=-1))", 0, "leaves something out"),
        ("yield r.Layout(ref=r.RawRef(original='b' * 64, offset=0, length=5))", 0, "speaks at byte 0 of another"),
        ("yield r.Layout(ref=None)", 0, "failed here: AttributeError"),
        ("yield r.Checkpoint(3)", 0, "says at byte 0 that it has reached byte 3."),
        (f"yield {_COVER}\nyield {_COVER}", 5, "leaves something out"),
        ("yield r.Skipped(ref=r.RawRef(original=original, offset=0, length=5), reason=7)", 0, "gave a Skipped whose"),
    ],
)
def test_the_rest_of_a_file_is_set_aside_where_its_reader_fails(
    install: Install, body: str, kept: int, reason: str
) -> None:
    install("broken", reader(body, name="b-r"))
    items = _read("b-r", b"b-r\n\n")
    assert_covers(items, 5)
    last = items[-1]
    assert isinstance(last, Unreadable)
    assert (last.ref.offset, last.ref.length) == (kept, 5 - kept)
    assert last.reason.startswith(f"The reader “b-r” of the package broken 1.0 {reason}")


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (", facts=7)", "The post’s “facts” is of the type int."),
        (", state='present')", "The post’s “state” is of the type str."),
        (", edge=r.Edge.PERSON)", "The post’s place is said to be known by “person”, which no file can say."),
        (", is_earlier=None)", "The post’s “is_earlier” is of the type NoneType."),
        (", mentions=[('a', 'b')])", "The post’s “mentions” is of the type list."),
        (", mentions=(r.Mention('a', 7),))", "The post’s “mentions” are no tuple of Mention with two keys."),
        (", mentions=(r.Mention('a', 'b' * 501),))", "An id of the post is empty or longer than 500 characters."),
        (", mentions=(r.Mention('a', 'b'),))", None),
        (", facts={'score': 3, 'unknown': 1})", None),
        (")", None),
    ],
)
def test_a_post_that_cannot_be_one_is_set_aside_alone(install: Install, more: str, reason: str | None) -> None:
    install("posts", reader(f"yield {_POST}{more}\nyield r.Checkpoint(size)", name="posts"))
    items = _read("posts", b"posts")
    assert reasons_of(items) == ([] if reason is None else [reason])
    assert items[-1] == Checkpoint(5)
    if reason is None:
        assert [post.facts for post in posts_of(items)] in ([None], [{"score": 3}])


def test_a_reason_that_is_no_unicode_is_made_so(install: Install) -> None:
    reason = "r.Unreadable(ref=r.RawRef(original=original, offset=0, length=size), reason='half \\ud800 é')"
    install("halves", reader(f"yield {reason}", name="halves"))
    assert reasons_of(_read("halves", b"halves")) == ["half ? é"]


def test_a_disk_that_fails_is_not_the_readers_fault(install: Install) -> None:
    install("broken", reader(f"if size == 6:\n    raise OSError({errno.EIO}, 'bad disk')\nyield {_COVER}", name="disk"))
    with pytest.raises(OSError, match="bad disk"):
        _read("disk", b"disk\n\n")


def test_an_installed_reader_has_no_say_in_which_site_a_file_is_of(install: Install) -> None:
    more = "=read, find_numbers=lambda file: 1 / 0, stands_under='posts.xml')"
    install("sites", reader("yield", name="sites").replace("=read)", more))
    (known,) = [known for known in known_formats() if known.name == "sites"]
    assert not known.is_of_one_site


def test_installed_readers_are_told_from_others_by_name_and_version() -> None:
    def plug_in(**changes: Any) -> PlugIn:
        return PlugIn(**{"name": "a", "package": "a 1", "format": None, "fault": None} | changes)

    assert mark(()) == ""
    assert len({mark((plug_in(),)), mark((plug_in(package="a 2"),)), mark((plug_in(name="b"),))}) == 3
