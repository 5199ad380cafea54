"""How well the suggestions agree with labels."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from archive.domain.agreement.alpha import alpha_nominal
from archive.domain.agreement.confusion import Confusion, Scores, confusion, exact_share
from archive.domain.assessment.suggestion import Suggestion
from archive.domain.source_quality import Level

Spans = Sequence[tuple[int, int]]  # characters of a text

_BINS = 10  # of confidence


@dataclass(frozen=True, slots=True)
class Bin:
    """The texts whose confidence lies in one tenth."""

    texts: int
    said: float  # the sum of their confidences
    right: int


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
    right_among_two: float | None
    evidence_first: float | None  # of texts with words that decide, the share whose most telling sentence holds some
    bins: tuple[Bin, ...]  # ten, by confidence
    surest_half: float | None  # exact share in the half with the highest confidence
    calibration_error: float | None  # mean gap between confidence and exact share, over ten bins


def evaluate(
    labels: Sequence[Level | None], suggestions: Sequence[Suggestion], evidence: Sequence[Spans] | None = None
) -> Evaluation:
    """Compare suggestions with the labels of the same texts, in the same order. Texts without either are left out.

    :param evidence: for each text the words that decided, where they are known.
    """
    rows = zip(labels, suggestions, evidence or [()] * len(labels), strict=True)
    judged = [
        _Judged(label, one.level, one.second, one.confidence, _is_evidence(one.telling, spans))
        for label, one, spans in rows
        if label is not None and one.level is not None
    ]
    pairs = [(one.label, one.level) for one in judged]
    sourced = [(label.sourced, level.sourced) for label, level in pairs]
    table = confusion(pairs)
    surest = sorted(judged, key=lambda one: -one.confidence)[: (len(judged) + 1) // 2]
    bins = tuple(_bins(judged))
    return Evaluation(
        counted=len(pairs),
        skipped=len(labels) - len(pairs),
        exact=exact_share(pairs),
        alpha=alpha_nominal(pairs),
        sourced=confusion(sourced).scores(True),
        sourced_alpha=alpha_nominal(sourced),
        levels={level: table.scores(level) for level in Level},
        confusion=table,
        right_among_two=_share([one.label in (one.level, one.second) for one in judged]),
        evidence_first=_share([one.tells for one in judged if one.tells is not None]),
        bins=bins,
        surest_half=exact_share([(one.label, one.level) for one in surest]),
        calibration_error=sum(abs(one.said - one.right) for one in bins) / len(judged) if judged else None,
    )


class _Judged(NamedTuple):
    label: Level
    level: Level
    second: Level | None
    confidence: float
    tells: bool | None


def _is_evidence(telling: tuple[int, int] | None, spans: Spans) -> bool | None:
    if not spans or telling is None:
        return None
    return any(start < telling[1] and telling[0] < end for start, end in spans)


def _bins(judged: Sequence[_Judged]) -> Iterator[Bin]:
    filled: list[list[_Judged]] = [[] for _ in range(_BINS)]
    for one in judged:
        filled[min(int(one.confidence * _BINS), _BINS - 1)].append(one)
    for rows in filled:
        yield Bin(len(rows), sum(one.confidence for one in rows), sum(one.level == one.label for one in rows))


def _share(of: Sequence[bool]) -> float | None:
    return sum(of) / len(of) if of else None
