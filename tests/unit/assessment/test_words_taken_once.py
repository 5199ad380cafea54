"""Words that are part of one signal are not counted for another, weaker one."""

import pytest

from archive.domain.assessment import assess


def seen(text: str) -> list[tuple[str, str]]:
    return [(signal.kind, text[signal.start : signal.end]) for signal in assess(text).signals]


@pytest.mark.parametrize(
    ("kind", "words", "text"),
    [
        ("not_consulted", "have not read", "There is a newer life of him, which I have not read."),
        ("conjecture", "As far as I know", "As far as I know the guards carried muskets."),
        ("conjecture", "I'm only guessing", "The guards carried muskets, but I'm only guessing."),
        ("recollection", "think I read somewhere", "The guards carried muskets, I think I read somewhere."),
        ("secondhand", "My teacher told", "My teacher told the class that the guards carried muskets."),
    ],
)
def test_a_signal_takes_its_words_from_weaker_ones(kind: str, words: str, text: str) -> None:
    assert seen(text) == [(kind, words)]


def test_a_title_says_nothing_of_the_writer() -> None:
    text = "Read *Along with Our Families* by Marta Ellwood."
    assert seen(text) == [("reference", "Along with Our Families")]


def test_weak_signals_of_which_none_holds_the_other_both_count() -> None:
    assert seen("So I think the guards carried muskets.") == [("testimony", "So I"), ("conjecture", "I think")]


def test_a_question_takes_nothing_from_what_is_said_in_it() -> None:
    assert seen("I think the guards carried muskets, right?") == [
        ("conjecture", "I think"),
        ("question", "I think the guards carried muskets, right?"),
    ]
