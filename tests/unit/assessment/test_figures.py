"""The figures that the engine has reached stay reached. The labelled texts are not part of the project."""

import json
from pathlib import Path

import pytest

from archive.domain.assessment import assess
from archive.domain.assessment.evaluation import evaluate
from archive.domain.source_quality import Level

UNSEEN = Path(__file__).parents[4] / "shared/data/labelled/dev.jsonl"  # the weights were not learned from these


@pytest.mark.skipif(not UNSEEN.exists(), reason=f"the labelled texts are not here: {UNSEEN}")
def test_agreement_with_labels_that_were_not_learned_from_does_not_fall() -> None:
    rows = [json.loads(line) for line in UNSEEN.read_text("utf-8").splitlines()]
    labels = [Level(row["level"]) if row["level"] else None for row in rows]
    evaluation = evaluate(labels, [assess(row["text"]) for row in rows])
    assert evaluation.counted == sum(label is not None for label in labels)
    assert evaluation.exact is not None
    assert evaluation.exact > 0.70
    assert evaluation.alpha is not None
    assert evaluation.alpha > 0.62
    assert evaluation.sourced.f1 is not None
    assert evaluation.sourced.f1 > 0.74
