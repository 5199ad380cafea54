"""Telling names from paragraphs of one line."""

import pytest

from archive.domain.records import DoubtfulLine, LineReading
from imports.name_shapes import SHAPES, usual_words, weigh_shape
from tests.unit.imports.accounting import posts_of
from tests.unit.imports.conftest import ReadText

HEAD = "Why did it fall?\n\nby ann_asks1\n\n"


def _doubtful(read: ReadText, text: str, corrections: dict[int, LineReading] | None = None) -> list[DoubtfulLine]:
    return [item for item in read(text.encode(), corrections) if isinstance(item, DoubtfulLine)]


@pytest.mark.parametrize(
    "name", ["u/somebody", "snake_case", "Camel_Case9", "wordsandmore12", "innerCapital", "longlowercasename"]
)
def test_the_shape_of_a_handle_speaks_for_a_name(name: str) -> None:
    assert weigh_shape(name).weight >= 3


@pytest.mark.parametrize(
    "line", ["No.", "Indeed", "Edit:", "Sources", "TLDR", "TL;DR", "1941", "20th", "***", "A short text", "x"]
)
def test_usual_paragraphs_of_one_word_speak_against_a_name(line: str) -> None:
    assert weigh_shape(line).weight <= -3


def test_every_section_of_the_word_list_has_a_rule() -> None:
    assert set(usual_words()) == {rule.words for rule in SHAPES if rule.words}


def test_each_usual_word_is_listed_once_in_small_letters() -> None:
    words = [word for section in usual_words().values() for word in section]
    assert len(words) == len(set(words))
    assert not [word for word in words if word != word.casefold()]


def test_an_ordinary_word_is_a_name_where_nothing_else_can_be(read: ReadText) -> None:
    posts = posts_of(read(b"Why?\n\nby ann_asks1\nIndeed\n\nThe wall was old.\n\nann_asks1\n\nThanks.\n"))
    assert [post.byline for post in posts] == ["ann_asks1", "Indeed", "ann_asks1"]


def test_a_name_cannot_follow_a_name(read: ReadText) -> None:
    posts = posts_of(read((HEAD + "bob_b2\n\nyesindeed_1\n\ncid_c3\n\nSo it is.\n").encode()))
    assert [(post.byline, post.text) for post in posts[1:]] == [("bob_b2", "yesindeed_1"), ("cid_c3", "So it is.")]


def test_a_word_below_a_sure_name_is_no_doubt(read: ReadText) -> None:
    assert not _doubtful(read, HEAD + "bob_b2\n\nRps\n\nSo it is.\n")


def test_a_name_cannot_end_the_thread(read: ReadText) -> None:
    posts = posts_of(read((HEAD + "bob_b2\n\nThe wall was old.\n\ncid_c3\n").encode()))
    assert [(post.byline, post.text) for post in posts[1:]] == [("bob_b2", "The wall was old.\n\ncid_c3")]


def test_a_display_name_is_found_where_the_layout_leaves_no_doubt(read: ReadText) -> None:
    posts = posts_of(read("Why?\n\nby Jane Doe\nÉmile Durand\n\nThe wall was old.\n\nJane Doe\n\nThanks.\n".encode()))
    assert [post.byline for post in posts] == ["Jane Doe", "Émile Durand", "Jane Doe"]


def test_names_in_other_scripts_are_found(read: ReadText) -> None:
    posts = posts_of(
        read("なぜ？\n\nby 山田太郎\nНаблюдатель\n\nСтена была старой.\n\n山田太郎\n\nありがとう。\n".encode())
    )
    assert [post.byline for post in posts] == ["山田太郎", "Наблюдатель", "山田太郎"]


def test_a_heading_whose_word_is_in_the_sentences_is_text(read: ReadText) -> None:
    text = HEAD + "bob_b2\n\nThe wall was old.\n\nMasonry\n\nRoman masonry was poured, and this masonry was not.\n"
    assert len(posts_of(read(text.encode()))) == 2


def test_a_line_that_may_be_either_is_listed_with_its_place_and_reasons(read: ReadText) -> None:
    text = HEAD + "bob_b2\n\nThe wall was old.\n\nRps\n\nIt fell by itself.\n"
    (line,) = _doubtful(read, text)
    assert (line.text, line.number, line.ref.offset) == ("Rps", 9, text.index("Rps"))
    assert 0.5 <= line.confidence < 0.93
    assert line.reasons == ("is a short word",)
    assert not line.corrected


def test_a_correction_turns_a_name_into_text_and_back(read: ReadText) -> None:
    text = HEAD + "bob_b2\n\nThe wall was old.\n\nIt fell.\n\nCid\n\nBy itself.\n"
    for reading, authors in (
        (LineReading.NAME, ["ann_asks1", "bob_b2", "Cid"]),
        (LineReading.TEXT, ["ann_asks1", "bob_b2"]),
    ):
        corrections = {text.index("Cid"): reading}
        assert [post.byline for post in posts_of(read(text.encode(), corrections))] == authors
        (line,) = _doubtful(read, text, corrections)
        assert (line.corrected, line.reading, line.confidence) == (True, reading, 1.0)


def test_a_correction_can_make_an_empty_post(read: ReadText) -> None:
    text = HEAD + "bob_b2\n\ncid_c3\n\nThe wall was old.\n"
    names = {text.index("bob_b2"): LineReading.NAME, text.index("cid_c3"): LineReading.NAME}
    assert [(post.byline, post.text) for post in posts_of(read(text.encode(), names))[1:]] == [
        ("bob_b2", ""),
        ("cid_c3", "The wall was old."),
    ]


def test_corrections_go_by_bytes_also_beyond_ascii(read: ReadText) -> None:
    text = "Où ça ?\n\nby zoë_1\n\nbob_b2\n\nÀ côté.\n\nRps\n\nEncore.\n"
    place = len(text[: text.index("Rps")].encode())
    assert len(posts_of(read(text.encode(), {place: LineReading.NAME}))) == 3
    assert len(posts_of(read(text.encode(), {place: LineReading.TEXT}))) == 2
