"""By what a suggestion came about, as suggestions on trial are counted."""

import pytest

from archive.domain.assessment import assess
from archive.domain.assessment.path import path_name
from archive.domain.assessment.suggestion import Signal, Suggestion
from archive.domain.source_quality import Level


def _suggestion(level: Level | None, *, path: tuple[str, ...] = (), kinds: tuple[str, ...] = ()) -> Suggestion:
    signals = tuple(Signal(0, 1, kind, "") for kind in kinds)
    return Suggestion(level=level, confidence=0.5, path=path, signals=signals, engine="cues-9")


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("I remember that the emperor kept bees.", "Said to be from memory"),
        ("Thanks!", "Thanks or greeting"),
        ("My grandfather was there and told me that it rained.", "Told by a witness"),
        ("It was so because of the war.", "No signal"),
        ("See https://example.org/bees, p. 4.", "A link is the whole answer; a place stands beside the reference"),
    ],
)
def test_a_path_names_the_rule_or_the_signal_that_decided(text: str, path: str) -> None:
    assert path_name(assess(text)) == path


def test_a_rule_stands_before_any_signal() -> None:
    path = ("By rule: one thing", "By rule: another", "Q0 Tries to answer: yes")
    assert path_name(_suggestion(Level.CITED, path=path, kinds=("url",))) == "One thing; another"


def test_a_path_says_which_questions_were_answered_against_a_signal() -> None:
    path = (
        "Q0 Tries to answer: yes",
        "Q1 A reference that can be retrieved: no; “Annals” is named, but not given as at hand",
        "Q3 Said to be remembered, heard or not citable: no; “I read” is outweighed by the rest",
        "Q4 Somebody named as the source: yes, “Smith”",
    )
    found = path_name(_suggestion(Level.ATTRIBUTED, path=path, kinds=("candidate", "recollection", "attribution")))
    assert found == "Named, not cited, against Q1 and Q3"


def test_a_path_holds_no_word_of_the_text_and_is_no_longer_than_its_column() -> None:
    found = path_name(assess("As Zorngibel says in his Wimmelbuch, which I cannot cite now, bees were kept."))
    assert "zorngibel" not in found.lower()
    assert "wimmelbuch" not in found.lower()
    assert len(path_name(_suggestion(Level.CITED, path=tuple(f"By rule: {'a' * 90}" for _ in range(5))))) == 200


def test_where_nothing_is_suggested_there_is_no_path() -> None:
    assert path_name(_suggestion(None, path=("The text is in another language",))) == ""
