"""Krippendorff's alpha, checked against examples that he published, and against its definition."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from fractions import Fraction
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.domain.agreement.alpha import Interval, Ratings, alpha, alpha_nominal, interval_of, ratings
from archive.domain.agreement.differences import Difference, interval, mixed, nominal, ordinal
from tests.unit.agreement.published import FOUR_OBSERVERS, PUBLISHED, TONES, TWO_VALUES, Units

SPINE = "abcde"
LEVELS = "abcdexyz"  # five in order, and three beside it
DIFFERENCES: dict[str, Callable[[Sequence[Hashable]], Difference]] = {
    "nominal": lambda _: nominal,
    "ordinal": lambda _: ordinal,
    "interval": lambda values: interval([float(str(value)) for value in values]),
}
A_UNIT = st.lists(st.sampled_from([None, *LEVELS]), max_size=5)


def _mixed(units: Sequence[Sequence[str | None]]) -> float | None:
    return alpha(ratings(units, LEVELS), mixed(len(SPINE)))


@pytest.mark.parametrize(("units", "values", "difference", "exact", "printed"), PUBLISHED)
def test_alpha_is_as_published(
    units: Units, values: Sequence[Hashable], difference: str, exact: Fraction, printed: float
) -> None:
    found = alpha(ratings(units, values), DIFFERENCES[difference](values))
    assert found == pytest.approx(float(exact), abs=1e-9)
    assert found == pytest.approx(printed, abs=5.1e-4)


def test_nominal_alpha_asks_for_no_order_of_values() -> None:
    assert alpha_nominal(FOUR_OBSERVERS) == pytest.approx(113 / 152, abs=1e-9)


def test_alpha_is_one_for_perfect_agreement() -> None:
    assert alpha_nominal([("a", "a"), ("b", "b")]) == 1


def test_alpha_is_below_zero_for_agreement_worse_than_chance() -> None:
    assert alpha_nominal([("a", "b"), ("b", "a")]) == pytest.approx(-0.5)


@pytest.mark.parametrize("units", [[], [("a", None)], [("a", "a"), ("a", "a")]])
def test_there_is_no_alpha_where_there_was_nothing_to_disagree_on(units: list[tuple[str | None, ...]]) -> None:
    assert alpha_nominal(units) is None
    assert interval_of(ratings(units, "a"), nominal) is None


def test_a_unit_with_one_value_counts_for_nothing() -> None:
    assert alpha_nominal([*TWO_VALUES, ("1", None)]) == alpha_nominal(TWO_VALUES)


def test_a_value_that_nobody_gave_changes_no_ordinal_alpha() -> None:
    without, within = ratings(FOUR_OBSERVERS, (1, 2, 3, 4, 5)), ratings(FOUR_OBSERVERS, (0, 1, 2, 3, 3.5, 4, 5, 6))
    assert alpha(within, ordinal) == pytest.approx(alpha(without, ordinal), abs=1e-12)


@given(st.lists(A_UNIT, max_size=12))
def test_mixed_alpha_is_that_of_its_definition(units: list[list[str | None]]) -> None:
    found = _mixed(units)
    exact = _by_definition([[value for value in unit if value] for unit in units])
    assert found == (None if exact is None else pytest.approx(float(exact), abs=1e-9))


@given(st.lists(st.lists(st.sampled_from([None, *SPINE]), max_size=5), max_size=12))
def test_mixed_alpha_is_ordinal_where_every_value_is_on_the_spine(units: list[list[str | None]]) -> None:
    assert _mixed(units) == pytest.approx(alpha(ratings(units, SPINE), ordinal), abs=1e-9)


@given(st.lists(st.lists(st.sampled_from([None, "c", "x", "y", "z"]), max_size=5), max_size=12))
def test_mixed_alpha_is_nominal_where_nobody_can_differ_on_the_spine(units: list[list[str | None]]) -> None:
    assert _mixed(units) == pytest.approx(alpha_nominal(units), abs=1e-9)


@given(st.lists(st.integers(0, 50), min_size=len(LEVELS), max_size=len(LEVELS)))
def test_mixed_differences_are_those_of_a_distance(margins: list[int]) -> None:
    squared = mixed(len(SPINE))(np.asarray(margins, dtype=float))
    assert (squared == squared.T).all()
    assert (np.diag(squared) == 0).all()
    assert squared.min() >= 0
    assert squared.max() <= 1
    assert (squared[len(SPINE) :].sum(axis=1) == len(LEVELS) - 1).all()
    apart = np.sqrt(squared)
    for one, other in combinations(range(len(LEVELS)), 2):
        assert (apart[one, other] <= apart[one] + apart[other] + 1e-9).all()


def test_a_step_on_the_spine_weighs_less_than_a_step_off_it() -> None:
    alike = [(level, level) for level in LEVELS for _ in range(5)]
    near, far, off = (_mixed([*alike, pair]) for pair in (("b", "c"), ("a", "e"), ("b", "x")))
    assert near is not None
    assert far is not None
    assert off is not None
    assert near > far
    assert near > off


def test_one_vote_for_an_end_of_the_spine_moves_mixed_alpha_by_no_leap() -> None:
    units = [("b", "b")] * 40 + [("c", "c")] * 40 + [("b", "c")] * 8 + [("x", "x")] * 20
    before, after = _mixed(units), _mixed([*units, ("a", "a")])
    assert before == pytest.approx(after, abs=0.01)


def test_an_interval_is_that_of_units_drawn_anew_one_by_one() -> None:
    values = (0, 1, 2, 3)
    found = interval_of(ratings(TONES, values), ordinal, samples=4_000)
    assert found is not None
    draw = np.random.default_rng(7)
    slowly = []
    for _ in range(4_000):
        sample = [TONES[at] for at in draw.integers(0, len(TONES), len(TONES))]
        slowly.append(alpha(ratings(sample, values), ordinal))
    low, high = np.percentile(np.asarray(slowly, dtype=float), (2.5, 97.5))
    assert found == (pytest.approx(low, abs=0.015), pytest.approx(high, abs=0.015))


def test_an_interval_is_the_same_whenever_it_is_asked_for_and_holds_alpha() -> None:
    said = ratings(TONES, (0, 1, 2, 3))
    found, again = interval_of(said, ordinal), interval_of(said, ordinal)
    assert found == again
    assert found is not None
    assert found.low < 0.7598 < found.high


def test_an_interval_gets_narrower_with_more_units() -> None:
    few, many = (interval_of(ratings(list(TONES) * times, (0, 1, 2, 3)), ordinal) for times in (1, 16))
    assert few is not None
    assert many is not None
    assert (few.high - few.low) / (many.high - many.low) == pytest.approx(4, abs=0.6)


def test_perfect_agreement_has_an_interval_without_width() -> None:
    assert interval_of(ratings([("a", "a")] * 30 + [("b", "b")] * 30, "ab"), nominal) == Interval(1, 1)


def test_there_is_no_interval_where_many_samples_have_no_alpha() -> None:
    said = ratings([("a", "a")] * 60 + [("a", "b")], "ab")
    assert alpha(said, nominal) is not None
    assert interval_of(said, nominal) is None  # the one unit that differs is in two samples of three


def test_units_that_were_judged_alike_are_kept_once() -> None:
    said = ratings([("a", "b", None), ("b", "a", None), ("a", "a", "a"), ("a", None, None)], "ab")
    assert isinstance(said, Ratings)
    assert said.kinds.tolist() == [[1, 1], [3, 0]]
    assert said.times.tolist() == [2, 1]
    assert said.units == 3


def _by_definition(units: list[list[str]]) -> Fraction | None:
    """Mixed alpha pair by pair, in fractions."""
    units = [unit for unit in units if len(unit) > 1]
    counts = Counter(value for unit in units for value in unit)
    n = sum(counts.values())
    expected = sum(counts[a] * counts[b] * _apart(a, b, counts) for a, b in permutations(counts, 2))
    if not expected:
        return None
    observed = sum(_apart(a, b, counts) / (len(unit) - 1) for unit in units for a, b in permutations(unit, 2))
    return 1 - (n - 1) * observed / expected


def _apart(one: str, other: str, counts: Counter[str]) -> Fraction:
    if one == other:
        return Fraction(0)
    if one not in SPINE or other not in SPINE:
        return Fraction(1)
    return (_between(one, other, counts) / _between(SPINE[0], SPINE[-1], counts)) ** 2


def _between(one: str, other: str, counts: Counter[str]) -> Fraction:
    """How many values of the spine lie between two, half of their own included: Krippendorff's ordinal difference."""
    low, high = sorted((one, other))
    inside = sum(counts[value] for value in SPINE if low <= value <= high)
    return inside - Fraction(counts[low] + counts[high], 2)
