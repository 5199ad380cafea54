"""How often one category was taken for another."""

import pytest

from archive.domain.agreement.confusion import confusion, exact_share


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
