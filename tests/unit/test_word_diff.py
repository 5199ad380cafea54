"""Comparing two texts word by word."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.domain.word_diff import MOST_CHARACTERS, Comparison, Fate, Piece, compare, shortened
from tests.stalls import calls

_WORDS = st.lists(st.sampled_from(["a", "be", "the", "dykes", " ", "\n\n", ",", "don’t", "堤", "防", "e\u0301", "🏰"]))
_TEXTS = st.one_of(st.text(max_size=200), _WORDS.map("".join), _WORDS.map(" ".join))


def _said(comparison: Comparison, fate: Fate) -> str:
    return "".join(piece.text for piece in comparison.pieces if piece.fate in (Fate.SAME, fate))


def _marked(old: str, new: str) -> str:
    marks = {Fate.SAME: "{}", Fate.DELETED: "[-{}-]", Fate.INSERTED: "[+{}+]"}
    pieces = shortened(compare(old, new)).pieces
    return "".join(marks[piece.fate].format(piece.text or f"<{piece.left_out}>") for piece in pieces)


@given(_TEXTS, _TEXTS)
def test_joining_the_pieces_gives_both_texts_back(old: str, new: str) -> None:
    comparison = compare(old, new)
    assert (_said(comparison, Fate.DELETED), _said(comparison, Fate.INSERTED)) == (old, new)
    assert comparison.is_same == (old == new)


@given(_TEXTS, _TEXTS)
def test_no_two_neighbours_are_alike_and_none_is_empty(old: str, new: str) -> None:
    pieces = compare(old, new).pieces
    assert all(piece.text for piece in pieces)
    assert all(one.fate is not other.fate for one, other in pairwise(pieces))


@given(_TEXTS, _TEXTS)
def test_shortening_changes_nothing_but_equal_stretches(old: str, new: str) -> None:
    whole, short = compare(old, new), shortened(compare(old, new))
    for fate in (Fate.DELETED, Fate.INSERTED):
        changed = [[piece for piece in side.pieces if piece.fate is fate] for side in (whole, short)]
        assert changed[0] == changed[1]


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("Out of a levy.", "Out of a levy.", "Out of a levy."),
        ("", "New.", "[+New.+]"),
        ("Gone.", "", "[-Gone.-]"),
        ("No, said he.", "Yes, said she.", "[-No-][+Yes+], said [-he-][+she+]."),
        ("The boards paid.", "The water boards paid.", "The [+water +]boards paid."),
        ("A cathedral here.", "A cathedrals here.", "A [-cathedral-][+cathedrals+] here."),  # words, not characters
        ("堤防の費用", "堤坊の費用", "堤[-防-][+坊+]の費用"),
        ("One.\n\nTwo.", "One.\n\nNew.\n\nTwo.", "One.\n\n[+New.\n\n+]Two."),
        # Few equal words between two long changes are read with them.
        ("quick brown fox a lazy dogs", "slow green cat a tired mouse",
         "[-quick brown fox a lazy dogs-][+slow green cat a tired mouse+]"),
    ],
)  # fmt: skip
def test_words_are_marked_as_a_reader_would(old: str, new: str, marked: str) -> None:
    assert _marked(old, new) == marked


def test_of_a_long_equal_stretch_only_the_words_beside_a_change_are_shown() -> None:
    words = [f"w{number}" for number in range(100)]
    marked = _marked(f"old {' '.join(words)} end", f"new {' '.join(words)} last")
    assert marked.startswith("[-old-][+new+] w0 w1 ")
    assert "w11<76> w88" not in marked
    assert "w11<76>w88 " in marked
    assert marked.endswith("w99 [-end-][+last+]")


def test_what_stands_before_the_first_change_is_shortened_from_its_beginning() -> None:
    words = " ".join(f"w{number}" for number in range(100))
    assert shortened(compare(f"{words} old", f"{words} new")).pieces[0] == Piece(Fate.SAME, "", 88)


def test_a_change_far_into_a_long_text_is_found() -> None:
    before = "Some words that stand before. " * 20_000
    comparison = compare(f"{before}One end.", f"{before}Another end.")
    assert not comparison.cut
    assert [piece.text for piece in comparison.pieces if piece.fate is not Fate.SAME] == ["One", "Another"]


def test_texts_that_differ_in_more_than_is_compared_are_cut() -> None:
    comparison = compare("a " * MOST_CHARACTERS, "b " * MOST_CHARACTERS)
    assert comparison.cut
    assert len(_said(comparison, Fate.DELETED)) == MOST_CHARACTERS


def _awkward() -> dict[str, tuple[str, str]]:
    chance = random.Random(7)
    han = [chr(0x4E00 + number) for number in range(20_000)]
    numbers = [f"{number} " for number in range(7_000)]
    return {
        "one word again and again": ("a " * 20_000, "b a " * 10_000),
        "two words in any order": (
            "".join(chance.choices(["a ", "b "], k=20_000)),
            "".join(chance.choices(["a ", "b "], k=20_000)),
        ),
        "all in another order": ("".join(numbers), "".join(chance.sample(numbers, len(numbers)))),
        "every second one": ("".join(f"{char}," for char in han), "".join(f"{char}.x" for char in han)),
        "a mebibyte without a blank": ("x" * 2**20, "x" * (2**20 - 1) + "y"),
        "marks": ("".join(chance.choices("!?", k=40_000)), "".join(chance.choices("!?", k=40_000))),
    }


@pytest.mark.parametrize("name", _awkward())
def test_no_text_costs_more_than_a_page_may(name: str) -> None:
    old, new = _awkward()[name]
    assert calls(lambda: compare(old, new)) < 1_500_000  # a quarter of a second's worth
