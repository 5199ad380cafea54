from hypothesis import given
from hypothesis import strategies as st

from archive.web.moderation.marked_text import Piece, paragraphs, quote, shown
from archive.web.safe_html import MAX_SHOWN_LENGTH, MAX_SHOWN_LINES
from tests.stalls import calls, finishing


def _pieces(text: str, spans: list[tuple[int, int]] | None = None) -> list[Piece]:
    return [piece for paragraph in paragraphs(text, spans or []) for line in paragraph for piece in line]


def test_blank_lines_part_paragraphs_and_other_line_ends_part_lines() -> None:
    found = paragraphs("one\ntwo\r\n\r\n \t\n\rthree")
    assert [[[piece.text for piece in line] for line in paragraph] for paragraph in found] == [
        [["one"], ["two"]],
        [["three"]],
    ]


def test_a_marked_stretch_is_a_piece_of_its_own_and_carries_its_number() -> None:
    assert _pieces("I read the Memoirs.", [(2, 6)]) == [
        Piece(start=0, text="I ", marked=False, ends=()),
        Piece(start=2, text="read", marked=True, ends=(1,)),
        Piece(start=6, text=" the Memoirs.", marked=False, ends=()),
    ]


def test_stretches_that_overlap_are_cut_at_each_end() -> None:
    assert [(piece.text, piece.ends) for piece in _pieces("abcdef", [(0, 4), (2, 6)])] == [
        ("ab", ()),
        ("cd", (1,)),
        ("ef", (2,)),
    ]


def test_a_stretch_that_ends_in_blanks_has_its_number_after_its_last_word() -> None:
    assert [piece.ends for piece in _pieces("one\n\ntwo", [(0, 5)])] == [(1,), ()]


def test_a_character_that_no_browser_keeps_is_shown_by_another_one() -> None:
    assert _pieces("a\0b")[0].text == "a\ufffdb"


def test_a_text_of_blanks_has_no_paragraph() -> None:
    assert paragraphs(" \n\t\r\n") == []


def test_a_long_text_of_many_lines_and_spans_is_walked_once_and_shown_at_its_beginning() -> None:
    text = "a b c d\n" * 130_000
    spans = [(at, at + 3) for at in range(0, 190_000, 80)]
    assert calls(lambda: shown(text, spans)) < 40 * MAX_SHOWN_LINES
    found = shown(text, spans)
    assert found.cut
    lines = [line for paragraph in found.paragraphs for line in paragraph]
    assert len(lines) == MAX_SHOWN_LINES
    assert sum(piece.marked for line in lines for piece in line) == 1_000


def test_one_long_line_full_of_spans_is_walked_once() -> None:
    spans = [(at, at + 200) for at in range(0, 640_000, 16)]
    with finishing():
        found = _pieces("ab " * 240_000, spans)
    assert sum(len(piece.ends) for piece in found) == len(spans)


def test_a_text_that_a_page_can_hold_is_shown_whole() -> None:
    assert not shown("a\n" * (MAX_SHOWN_LINES - 1)).cut
    assert shown("a\n" * (MAX_SHOWN_LINES + 1)).cut
    assert not shown("a" * MAX_SHOWN_LENGTH).cut
    assert shown("a" * (MAX_SHOWN_LENGTH + 1)).cut
    assert shown("a" * (MAX_SHOWN_LENGTH // 2), share=3).cut


_TEXTS = st.text(st.sampled_from("ab \r\n\t\0é𝔘"), max_size=60)
_SPANS = st.lists(st.tuples(st.integers(-5, 70), st.integers(-5, 70)), max_size=5)


@given(_TEXTS, _SPANS)
def test_every_piece_stands_where_it_says(text: str, spans: list[tuple[int, int]]) -> None:
    for piece in _pieces(text, spans):
        there = text[piece.start : piece.start + len(piece.text)]
        assert there.replace("\0", "\ufffd") == piece.text


@given(_TEXTS, _SPANS)
def test_nothing_but_blanks_is_left_out(text: str, spans: list[tuple[int, int]]) -> None:
    shown = "".join(piece.text for piece in _pieces(text, spans))
    assert "".join(shown.split()) == "".join(text.replace("\0", "\ufffd").split())


def test_a_quote_is_cut_between_words() -> None:
    assert quote("Mostly survivorship.\n We only see", most=22) == "Mostly survivorship. …"
    assert quote("Short.", most=22) == "Short."
