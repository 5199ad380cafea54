"""Agreement, checked against examples that Krippendorff published."""

import pytest

from archive.domain.agreement import alpha_nominal, confusion, exact_share

# Krippendorff (2011), part C: four observers, twelve units, missing values as None.
FOUR_OBSERVERS = [
    (1, 1, None, 1),
    (2, 2, 3, 2),
    (3, 3, 3, 3),
    (3, 3, 3, 3),
    (2, 2, 2, 2),
    (1, 2, 3, 4),
    (4, 4, 4, 4),
    (1, 1, 2, 1),
    (2, 2, 2, 2),
    (None, 5, 5, 5),
    (None, None, 1, 1),
    (None, None, 3, None),
]
# Part A: two observers, ten units, two values.
TWO_VALUES = list(zip("0100000010", "1110010000", strict=True))
# Part B: two observers, twelve units, five values.
FIVE_VALUES = list(zip("aabbdcccedda", "babbbccceddd", strict=True))


def test_alpha_of_two_observers_and_two_values() -> None:
    assert alpha_nominal(TWO_VALUES) == pytest.approx(0.095238, abs=1e-6)


def test_alpha_of_two_observers_and_many_values() -> None:
    assert alpha_nominal(FIVE_VALUES) == pytest.approx(0.692, abs=5e-4)


def test_alpha_of_many_observers_with_missing_values() -> None:
    assert alpha_nominal(FOUR_OBSERVERS) == pytest.approx(0.743421, abs=1e-6)


def test_alpha_is_one_for_perfect_agreement() -> None:
    assert alpha_nominal([("a", "a"), ("b", "b")]) == 1


def test_alpha_is_below_zero_for_agreement_worse_than_chance() -> None:
    assert alpha_nominal([("a", "b"), ("b", "a")]) == pytest.approx(-0.5)


@pytest.mark.parametrize("units", [[], [("a", None)], [("a", "a"), ("a", "a")]])
def test_there_is_no_alpha_where_there_was_nothing_to_disagree_on(units: list[tuple[str | None, ...]]) -> None:
    assert alpha_nominal(units) is None


def test_a_unit_with_one_value_counts_for_nothing() -> None:
    assert alpha_nominal([*TWO_VALUES, ("1", None)]) == alpha_nominal(TWO_VALUES)


def test_exact_share() -> None:
    assert exact_share([("a", "a"), ("a", "b")]) == 0.5
    assert exact_share([]) is None


def test_precision_recall_and_f1_of_a_category() -> None:
    scores = confusion([("a", "a"), ("a", "b"), ("b", "a"), ("b", "a")]).scores("a")
    assert scores.precision == pytest.approx(1 / 3)
    assert (scores.recall, scores.support) == (0.5, 2)
    assert scores.f1 == pytest.approx(0.4)


def test_a_category_that_never_was_and_never_was_said_has_no_scores() -> None:
    scores = confusion([("a", "a")]).scores("z")
    assert (scores.precision, scores.recall, scores.f1, scores.support) == (None, None, None, 0)
