"""Mails in mbox files: where each begins, how they hang together, and what is kept of broken ones."""

import random
import tracemalloc
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.domain.records import Checkpoint, Edge, Item, KeyBasis, Markup, PostKind, PostRecord
from imports import mail_boundaries, mail_threads, mbox
from tests.stalls import finishing
from tests.unit.imports.accounting import posts_of
from tests.unit.imports.conftest import ORIGINAL
from tests.unit.imports.mails import FIXTURES, OPENING, fixture_bytes, notes_of, read_mbox, reasons_of, the_post

QUESTION, ANSWER, REPLY = PostKind.QUESTION, PostKind.ANSWER, PostKind.REPLY
LARGE = b"From: a@b\nMessage-ID: <large@x>\n\n" + b"x" * 5_000 + b"\n\n"
SMALL = b"From: a@b\nMessage-ID: <small@x>\n\nhi\n\n"


def _tree(items: list[Item]) -> dict[str, tuple[str, str | None, PostKind]]:
    return {post.key: (post.thread, post.parent, post.kind) for post in posts_of(items)}


def test_a_thread_is_read_from_references_and_in_reply_to() -> None:
    items = read_mbox("thread.mbox")
    tree = _tree(items)
    assert {key: place for key, place in tree.items() if key != "d@x"} == {
        "q@x": ("q@x", None, QUESTION),
        "a@x": ("q@x", "q@x", ANSWER),
        "b@x": ("q@x", "a@x", REPLY),
        "c@x": ("q@x", "b@x", REPLY),
    }
    question, answer = posts_of(items)[:2]
    assert (question.title, question.byline, question.text) == (
        "Harbour tolls",
        "Ilse Brandt",
        "Who collected the tolls?",
    )
    assert (question.posted_at, answer.posted_at) == (
        datetime(2008, 3, 4, 9, tzinfo=UTC),
        datetime(2008, 3, 4, 11, 30, tzinfo=UTC),
    )
    assert (answer.title, answer.byline, answer.markup) == (None, "Tom Quill", Markup.MAIL)
    assert (answer.edge, answer.key_basis) == (Edge.REFERENCES, KeyBasis.SOURCE)
    assert answer.facts == {"message_id": "a@x"}


def test_a_subject_makes_no_thread_and_the_archivist_is_told() -> None:
    items = read_mbox("thread.mbox")
    assert _tree(items)["d@x"] == ("d@x", None, QUESTION)
    assert any(note.startswith("1 mail, the first at byte 873: the subject is a reply’s") for note in notes_of(items))


@pytest.mark.parametrize(
    "name",
    [
        "thread.mbox",
        "replies_before_their_question.mbox",
        "root_is_missing.mbox",
        "cycle.mbox",
        "references_differ.mbox",
    ],
)
def test_the_order_of_mails_does_not_matter(name: str) -> None:
    mails = [OPENING + mail for mail in fixture_bytes(name).split(OPENING)[1:]]
    tree = _tree(read_mbox(b"".join(mails)))
    shuffled = random.Random(7)
    for _ in range(10):
        shuffled.shuffle(mails)
        assert _tree(read_mbox(b"".join(mails))) == tree


def test_replies_may_stand_before_their_question() -> None:
    assert _tree(read_mbox("replies_before_their_question.mbox")) == {
        "c@x": ("q@x", "a@x", REPLY),
        "a@x": ("q@x", "q@x", ANSWER),
        "q@x": ("q@x", None, QUESTION),
    }


def test_a_missing_root_is_the_first_that_any_mail_names_and_its_subject_is_kept() -> None:
    items = read_mbox("root_is_missing.mbox")
    assert _tree(items) == {
        "c@x": ("q@x", "b@x", REPLY),
        "b2@x": ("q@x", "b@x", REPLY),
        "a2@x": ("q@x", "q@x", ANSWER),
    }
    assert [post.facts["subject"] for post in posts_of(items) if post.facts] == ["Re: Harbour tolls"] * 3


def test_a_cycle_ends_and_is_one_thread() -> None:
    assert _tree(read_mbox("cycle.mbox")) == {
        "1@x": ("1@x", "2@x", QUESTION),
        "2@x": ("1@x", "1@x", ANSWER),
        "3@x": ("1@x", "2@x", REPLY),
    }


def test_a_mail_that_names_itself_begins_a_thread() -> None:
    items = read_mbox("names_itself.mbox")
    assert _tree(items) == {"1@x": ("1@x", None, QUESTION)}
    assert notes_of(items) == [
        "The mail at byte 0 names itself as what it answers; it is taken for the beginning of a thread."
    ]


def test_a_thread_may_be_deep_and_stand_upside_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_threads, "_MOST_REMEMBERED", 100)
    monkeypatch.setattr(mail_threads, "_AT_ONCE", 10)
    chain = [f"Message-ID: <{number}@x>\nIn-Reply-To: <{number - 1}@x>\n\nhi\n\n" for number in range(10_000, 0, -1)]
    raw = b"".join(OPENING + mail.encode() for mail in chain)
    with finishing():
        assert {post.thread for post in posts_of(read_mbox(raw))} == {"0@x"}


def test_another_text_with_a_taken_id_is_a_post_of_its_own_and_the_same_text_a_duplicate() -> None:
    items = read_mbox("same_id_other_text.mbox")
    first, other, again = posts_of(items)
    assert (first.key, again.key) == ("1@x", "1@x")
    assert other.key.startswith("sha256:")
    assert (other.thread, other.text, other.facts) == (other.key, "two", {"message_id": "1@x"})
    assert len(notes_of(items)) == 1


def test_mails_without_an_id_are_known_by_their_bytes_and_a_long_id_by_its_hash() -> None:
    none, empty, blank, long, reply = posts_of(read_mbox("no_id.mbox"))
    keys = [post.key for post in (none, empty, blank)]
    assert all(key.startswith("sha256:") for key in keys)
    assert len(set(keys)) == 3
    assert long.key.startswith("id-sha256:")
    assert (reply.thread, reply.parent, reply.kind) == (long.key, long.key, ANSWER)


def test_lines_that_begin_with_from_do_not_split_a_mail() -> None:
    first, second = posts_of(read_mbox("from_in_body_not_quoted.mbox"))
    assert (first.key, second.key) == ("1@x", "2@x")
    assert first.text.count("\nFrom ") == 4
    assert first.text.endswith("From ilse@quay.example\nto the board")


def test_a_separator_stands_below_a_blank_line() -> None:
    (first, second) = posts_of(read_mbox(OPENING + b"From: a@b\n\nIt began:\n" + OPENING + SMALL + OPENING + SMALL))
    assert first.text == f"It began:\n{(OPENING + SMALL).decode().rstrip()}"
    assert second.key == "small@x"


def test_quoted_from_lines_lose_one_sign_and_the_archivist_is_told() -> None:
    items = read_mbox("from_in_body_quoted.mbox")
    assert posts_of(items)[0].text == "Dates:\nFrom 1301 on.\n>From above, quoted.\n> From no separator."
    (note,) = notes_of(items)
    assert note.startswith("1 mail, the first at byte 0: a line begins with “>From ”, and one “>” was taken off")


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("separator_without_date.mbox", ["1@x", "2@x"]),
        ("no_last_line_end.mbox", ["1@x", "2@x"]),
        ("blank_lines_first.mbox", ["1@x"]),
        ("crlf.mbox", ["1@x", "2@x"]),
        ("damaged_header_line.mbox", ["1@x"]),
    ],
)
def test_odd_files_yield_their_mails(name: str, keys: list[str]) -> None:
    assert [post.key for post in posts_of(read_mbox(name))] == keys


def test_line_ends_make_no_difference() -> None:
    crlf = posts_of(read_mbox("crlf.mbox"))
    lf = posts_of(read_mbox(fixture_bytes("crlf.mbox").replace(b"\r\n", b"\n")))
    assert [(post.key, post.title, post.text) for post in crlf] == [(post.key, post.title, post.text) for post in lf]
    assert crlf[0].text == "one\nFrom two"


def test_only_dates_that_can_be_read_and_name_a_zone_are_given() -> None:
    items = read_mbox("bad_dates.mbox")
    morning = datetime(2008, 3, 4, 10, tzinfo=UTC)
    assert [post.posted_at for post in posts_of(items)] == [
        *(morning, None, None, None, None, None, None, morning, morning, None, morning)
    ]
    assert [note for note in notes_of(items) if "Date" in note] == [
        "6 mails, the first at byte 200: the Date cannot be read or names no zone, and is left out."
    ]


def test_what_is_no_mail_is_set_aside_and_the_next_one_read() -> None:
    items = read_mbox(b"\x00\xff garbage\nmore of it\n\n" + OPENING + SMALL)
    assert reasons_of(items) == ["The mail at byte 0 has no header, so it is no mail."]
    assert the_post(items).key == "small@x"


@pytest.mark.parametrize("large", [LARGE, LARGE * 10, LARGE.rstrip(b"\n")], ids=["large", "larger", "last"])
def test_a_mail_that_is_too_large_is_refused_without_holding_it(monkeypatch: pytest.MonkeyPatch, large: bytes) -> None:
    monkeypatch.setattr(mail_boundaries, "MAX_MESSAGE_BYTES", 4_000)
    monkeypatch.setattr(mail_boundaries, "_READ_AT_ONCE", 100)
    items = read_mbox(OPENING + SMALL + OPENING + large + (b"" if large.endswith(b"x") else OPENING + SMALL))
    assert [reason.partition(" is ")[2] for reason in reasons_of(items)] == ["larger than 64 MiB."]
    assert {post.key for post in posts_of(items)} == {"small@x"}


def test_a_mail_that_is_too_large_takes_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_boundaries, "MAX_MESSAGE_BYTES", 10_000)
    monkeypatch.setattr(mail_boundaries, "_READ_AT_ONCE", 10_000)
    file = BytesIO(OPENING + b"From: a@b\n\n" + b"x" * 5_000_000)
    tracemalloc.start()
    try:
        (stretch,) = mail_boundaries.read_stretches(file, 0)
        assert tracemalloc.get_traced_memory()[1] < 200_000  # bytes
    finally:
        tracemalloc.stop()
    assert (stretch.raw, stretch.length) == (None, len(file.getvalue()))


@pytest.mark.parametrize("at_once", [1, 7, 64, 1_000])
def test_it_does_not_matter_where_the_file_is_cut_while_reading(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    names = ("thread.mbox", "crlf.mbox", "from_in_body_not_quoted.mbox", "blank_lines_first.mbox")
    whole = [read_mbox(name) for name in names]
    monkeypatch.setattr(mail_boundaries, "_READ_AT_ONCE", at_once)
    assert [read_mbox(name) for name in names] == whole
    monkeypatch.setattr(mail_boundaries, "MAX_MESSAGE_BYTES", 230)  # some pass it, some do not
    for name in names:
        lengths = [item.ref.length for item in read_mbox(name) if isinstance(item, PostRecord)]
        assert all(length <= 230 for length in lengths)


def test_a_header_that_is_too_long_is_refused() -> None:
    items = read_mbox(OPENING + b"Subject: " + b"x\n " * 40_000 + b"\n\nhi\n\n" + OPENING + SMALL)
    assert reasons_of(items) == ["The mail at byte 0 has a header that is longer than 102,400 bytes."]
    assert the_post(items).key == "small@x"


@pytest.mark.parametrize("path", sorted((FIXTURES / "mbox").iterdir()), ids=lambda path: path.stem)
def test_reading_goes_on_from_every_checkpoint(path) -> None:  # type: ignore[no-untyped-def]
    raw = path.read_bytes()
    items = read_mbox(raw)
    places = [place for place, item in enumerate(items) if isinstance(item, Checkpoint)]
    assert places
    for place in places:
        checkpoint = items[place]
        assert isinstance(checkpoint, Checkpoint)
        assert read_mbox(raw, start=checkpoint.offset) == items[place + 1 :]


def test_an_unfinished_reading_gives_its_database_back() -> None:
    reading = mbox.read_posts(BytesIO(fixture_bytes("thread.mbox")), original=ORIGINAL)
    next(reading)
    reading.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (OPENING + b"From: a@b\n", True),
        (b"\xef\xbb\xbf\r\n" + OPENING.replace(b"\n", b"\r\n") + b"Return-Path: <a@b>\r\n", True),
        (b"From - Sat Jan 01 00:00:00 2000\nX-Mozilla-Status: 0001\n", True),
        (b"From ilse at quay.example  Tue Mar  4 10:00:00 2008\nFrom: ilse at quay.example (Ilse)\n", True),
        (b"From a@b\nReceived: from x\n", True),
        (b"From x\nFrom: a@b\n", True),
        (b"From the start\n\nby ann_1\n", False),
        (b"From x\nNote: a memoir\n", False),
        (b"From Tue Mar 4 10:00 on\nno header follows\n", False),
        (b"From ", False),
        (b"", False),
    ],
)
def test_an_mbox_file_is_told_by_its_first_lines(head: bytes, expected: bool) -> None:
    assert mbox.is_mbox(head) is expected


_LINES = st.sampled_from(
    [
        *(b"From a@b Tue Mar  4 10:00:00 2008", b"From a@b", b">From x", b"", b" folded", b"text", b"--B", b"--B--"),
        *(b"From: Ann <a@b>", b"Message-ID: <1@x>", b"Message-ID: <2@x>", b"References: <1@x> <2@x>", b"\xff\x00"),
        *(b"In-Reply-To: <2@x>", b"Content-Type: multipart/mixed; boundary=B", b"Subject: Re: =?utf-8?b?4?="),
        *(b"Content-Transfer-Encoding: base64", b"Content-Type: text/plain; format=flowed", b"Date: Mon, 1 Jan 24"),
    ]
)
_MBOX_LIKE = st.lists(st.tuples(_LINES | st.binary(max_size=6), st.sampled_from([b"\n", b"\r\n", b"\n\n"]))).map(
    lambda lines: b"".join(line + end for line, end in lines)
)


@given(st.binary() | _MBOX_LIKE)
@settings(max_examples=500)
def test_any_bytes_are_covered_and_reading_goes_on_from_every_checkpoint(raw: bytes) -> None:
    items = read_mbox(raw)
    for place, item in enumerate(items):
        if isinstance(item, Checkpoint):
            assert read_mbox(raw, start=item.offset) == items[place + 1 :]
