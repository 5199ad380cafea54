"""The figures that the engine has reached stay reached. The labelled texts are not part of the project."""

import json
from pathlib import Path

import pytest

from archive.domain.assessment import assess
from archive.domain.assessment.evaluation import evaluate
from archive.domain.source_quality import Level

TRAIN = Path(__file__).parents[4] / "shared/data/labelled/train.jsonl"


@pytest.mark.skipif(not TRAIN.exists(), reason=f"the labelled texts are not here: {TRAIN}")
def test_agreement_with_the_training_labels_does_not_fall() -> None:
    rows = [json.loads(line) for line in TRAIN.read_text("utf-8").splitlines()]
    evaluation = evaluate([Level(row["level"]) for row in rows], [assess(row["text"]) for row in rows])
    assert evaluation.exact is not None
    assert evaluation.exact > 0.68
    assert evaluation.alpha is not None
    assert evaluation.alpha > 0.59
    assert evaluation.sourced.f1 is not None
    assert evaluation.sourced.f1 > 0.79
