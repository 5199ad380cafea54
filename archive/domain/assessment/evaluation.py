"""How well the suggestions agree with labels."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.domain.agreement import Confusion, Scores, alpha_nominal, confusion, exact_share
from archive.domain.assessment.suggestion import Suggestion
from archive.domain.source_quality import Level

_BINS = 10  # of the calibration error


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures over the texts that have a label. A share is None where there was nothing to count."""

    counted: int
    skipped: int  # texts without a label
    exact: float | None
    alpha: float | None  # Krippendorff's, nominal
    sourced: Scores  # pinpoint and cited taken as one, against the rest
    sourced_alpha: float | None
    levels: dict[Level, Scores]
    confusion: Confusion[Level]  # (label, suggestion)
    surest_half: float | None  # exact share in the half with the highest confidence
    calibration_error: float | None  # mean gap between confidence and exact share, over ten bins


def evaluate(labels: Sequence[Level | None], suggestions: Sequence[Suggestion]) -> Evaluation:
    """Compare suggestions with the labels of the same texts, in the same order."""
    judged = [(label, one) for label, one in zip(labels, suggestions, strict=True) if label is not None]
    pairs = [(label, one.level) for label, one in judged]
    sourced = [(label.sourced, level.sourced) for label, level in pairs]
    table = confusion(pairs)
    surest = sorted(judged, key=lambda pair: -pair[1].confidence)[: (len(judged) + 1) // 2]
    return Evaluation(
        counted=len(pairs),
        skipped=len(labels) - len(pairs),
        exact=exact_share(pairs),
        alpha=alpha_nominal(pairs),
        sourced=confusion(sourced).scores(True),
        sourced_alpha=alpha_nominal(sourced),
        levels={level: table.scores(level) for level in Level},
        confusion=table,
        surest_half=exact_share([(label, one.level) for label, one in surest]),
        calibration_error=_calibration_error(judged),
    )


def _calibration_error(judged: Sequence[tuple[Level, Suggestion]]) -> float | None:
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for label, one in judged:
        bins[min(int(one.confidence * _BINS), _BINS - 1)].append((one.confidence, one.level == label))
    gaps = [abs(sum(said for said, _ in one) - sum(right for _, right in one)) for one in bins]
    return sum(gaps) / len(judged) if judged else None
