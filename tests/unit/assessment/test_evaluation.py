import pytest

from archive.cli.evaluation import evaluation_lines
from archive.domain.assessment import Suggestion
from archive.domain.assessment.evaluation import evaluate
from archive.domain.source_quality import Level


def said(level: Level, confidence: float) -> Suggestion:
    return Suggestion(level=level, confidence=confidence, path=(), signals=(), engine="test")


LABELS = [Level.CITED, Level.PINPOINT, Level.UNSOURCED, None, Level.UNSOURCED]
SAID = [
    said(Level.CITED, 0.9),
    said(Level.CITED, 0.3),
    said(Level.UNSOURCED, 0.5),
    said(Level.CITED, 0.9),
    said(Level.TESTIMONY, 0.4),
]


def test_a_text_without_a_label_is_skipped_and_counted() -> None:
    evaluation = evaluate(LABELS, SAID)
    assert (evaluation.counted, evaluation.skipped) == (4, 1)


def test_cited_for_pinpoint_is_wrong_by_level_and_right_by_sourced_or_not() -> None:
    evaluation = evaluate(LABELS, SAID)
    assert evaluation.exact == 0.5
    assert evaluation.sourced.f1 == 1
    assert evaluation.sourced_alpha == 1
    assert evaluation.confusion.count(Level.PINPOINT, Level.CITED) == 1
    assert evaluation.levels[Level.CITED].precision == 0.5


def test_the_surest_half_is_the_half_with_the_highest_confidence() -> None:
    assert evaluate(LABELS, SAID).surest_half == 1


def test_the_calibration_error_is_the_gap_between_confidence_and_share() -> None:
    assert evaluate(LABELS, SAID).calibration_error == pytest.approx((0.1 + 0.3 + 0.5 + 0.4) / 4)


def test_nothing_to_evaluate_gives_no_figures() -> None:
    evaluation = evaluate([None], [said(Level.CITED, 0.9)])
    assert (evaluation.exact, evaluation.alpha, evaluation.surest_half, evaluation.calibration_error) == (None,) * 4


def test_the_table_of_levels_says_what_each_is_called_on_pages() -> None:
    lines = list(evaluation_lines(evaluate(LABELS, SAID)))
    for level in Level:
        assert [line for line in lines if line.startswith(level) and line.endswith(f"  {level.badge}")]
