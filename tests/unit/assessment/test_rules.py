"""The rules above the weights: what moves from where to where, and when it stays."""

import numpy as np
import pytest

from archive.domain.assessment import assess
from archive.domain.assessment.model import LEVELS
from archive.domain.assessment.rules import RULES, apply_rules
from archive.domain.source_quality import Level

EVEN = np.full(len(LEVELS), 1 / len(LEVELS))


@pytest.mark.parametrize("number", range(len(RULES)), ids=lambda number: RULES[number].because)
def test_a_rule_moves_chances_and_loses_none(number: int) -> None:
    rule = RULES[number]
    before = EVEN.copy()
    if rule.likeliest is not None:
        before[LEVELS.index(rule.likeliest)] += 0.1
    after, _ = apply_rules(before, [n == number for n in range(len(RULES))])
    assert after.sum() == pytest.approx(before.sum())
    assert after[LEVELS.index(rule.given)] > before[LEVELS.index(rule.given)]
    assert all(after[LEVELS.index(level)] == 0 for level in rule.taken if level is not rule.given)


def test_no_rule_that_does_not_hold_changes_anything() -> None:
    after, said = apply_rules(EVEN, [False] * len(RULES))
    assert (after == EVEN).all()
    assert said == ()


def test_a_rule_that_decides_says_so() -> None:
    path = assess("They were hated already in Nero's day (Tac. Ann. 13.50), and the emperor thought of ending it.").path
    assert "By rule: a number leads to the work" in path


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("What does Gal 3:28 mean? I never understood it, and nobody I ask can tell me.", Level.NOT_ANSWER),
        (
            "Unlike what ChatGPT says. Ellwood, *Salt and the Crown* (1987), ISBN 978-0-306-40615-7, p. 12.",
            Level.PINPOINT,
        ),
    ],
)
def test_a_number_is_no_answer_by_itself_and_a_chatbot_spoils_no_other_reference(text: str, level: Level) -> None:
    assert assess(text).level is level


def test_nothing_is_certain() -> None:
    assert assess("https://example.org/salt").confidence <= 0.95


def test_a_time_is_a_place_only_in_what_is_heard_or_watched() -> None:
    said = "The harbour master wrote it all down in *The Book of the Tides of Ostermoor*"
    assert assess(f"{said}, but I had to stop at 4:50 when the library closed.").level is not Level.PINPOINT
    assert assess(f"{said}. See the documentary *Salt and the Crown* (1987), at 4:50.").level is Level.PINPOINT
