"""Words are found in a text whatever their case and accents, and marked in a stretch around the first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.domain.searching.spelling import one_letter_away
from archive.domain.searching.stems import LANGUAGES, stems
from archive.domain.searching.words import WORD, Hits, indexed, parts, snippet
from tests.stalls import calls

_TEXTS = st.text(st.sampled_from("abAB éE\u0301ıİſKßß-_'’\n日ж"), max_size=60)


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Grain and grains, regrain.", {"grain"}, ["Grain"]),
        ("grain_price, grain’s grain", {"grain"}, ["grain", "grain", "grain"]),
        ("Café cafe\u0301 CAFÉ cafés", {"cafe"}, ["Café", "cafe\u0301", "CAFÉ"]),
        ("naïve “naive”", {"naive"}, ["naïve", "naive"]),
        ("Straße STRASSE STRAẞE Strase", {"strasse"}, ["Straße", "STRASSE", "STRAẞE"]),
        ("Война и мир", {"война"}, ["Война"]),
        ("İstanbul a", {"a"}, ["a"]),
        ("a.b a", {"a", "b"}, ["a", "b", "a"]),
        ("nothing", set(), []),
    ],
)
def test_words_are_found_whatever_their_case_and_accents(text: str, words: set[str], marked: list[str]) -> None:
    assert [text[start:end] for start, end in Hits(words).find(text)] == marked


@given(_TEXTS, st.sets(_TEXTS.map(lambda text: indexed("".join(WORD.findall(text)[:1]))), max_size=3))
def test_the_quick_way_finds_what_the_plain_one_does(text: str, words: set[str]) -> None:
    words = {word for word in words if word}
    plain = [match.span() for match in WORD.finditer(text) if indexed(match.group()) in words]
    assert [*Hits(words).find(text)] == plain


@given(_TEXTS, st.sampled_from([set(), {"a"}, {"ab", "b"}]))
def test_a_snippet_is_a_stretch_of_the_text(text: str, words: set[str]) -> None:
    assert "".join(piece for piece, _ in snippet(text, Hits(words))).strip(" …") in text
    assert "".join(piece for piece, _ in parts(text, Hits(words).find(text))) == text


def test_a_snippet_begins_shortly_before_the_first_hit() -> None:
    shown = snippet("word " * 100 + "grain " + "word " * 100, Hits({"grain"}))
    assert shown[0] == ("… ", False)
    assert ("grain", True) in shown
    assert shown[-1] == (" …", False)
    assert sum(len(piece) for piece, _ in shown) < 300


def test_a_word_that_stands_within_thousands_of_others_is_looked_for_once() -> None:
    text = "b c d e f g " * 20 + "xa " * 4_000 + "a"
    assert calls(lambda: snippet(text, Hits("abcdefg"))) < 5 * 4_000


def test_a_slip_is_one_letter() -> None:
    near = one_letter_away("grain")
    assert {"gain", "grani", "brain", "grainy", "agrain"} <= near
    assert not {"grain", "gran1", "train2"} & near
    assert not one_letter_away("abc")
    assert not one_letter_away("abc1")
    assert "война" in one_letter_away("вайна")


def test_endings_go_by_the_rules_of_a_language_and_none_goes_without_one() -> None:
    assert stems(["mending", "mended"], "english") == ["mend", "mend"]
    assert stems(["hauser"], "german") == stems(["haus"], "german")
    assert stems(["mending"], "none") == ["mending"]
    assert {"english", "german", "russian", "none"} <= set(LANGUAGES)
