"""An evaluation of the engine, as lines of a table."""

from collections.abc import Iterator

from archive.domain.assessment.evaluation import Evaluation
from archive.domain.source_quality import Level

_WIDTH = 11  # characters of a column


def evaluation_lines(evaluation: Evaluation) -> Iterator[str]:
    """Yield the agreement with the labels, each level's figures, and the confusion table."""
    yield f"texts with a label   {evaluation.counted}"
    if evaluation.skipped:
        yield f"texts without one    {evaluation.skipped}, left out"
    yield f"exact                {_share(evaluation.exact)}"
    yield f"alpha, nominal       {_share(evaluation.alpha)}"
    yield f"sourced or not, F1   {_share(evaluation.sourced.f1)}, alpha {_share(evaluation.sourced_alpha)}"
    yield f"right among two      {_share(evaluation.right_among_two)}"
    yield f"evidence first       {_share(evaluation.evidence_first)}"
    yield f"the surest half      {_share(evaluation.surest_half)}"
    yield f"calibration error    {_share(evaluation.calibration_error)}"
    yield ""
    columns = "".join(name.rjust(_WIDTH) for name in ("texts", "precision", "recall", "F1"))
    yield f"{'level'.ljust(_WIDTH)}{columns}  on pages"
    for level, scores in evaluation.levels.items():
        figures = (str(scores.support), _share(scores.precision), _share(scores.recall), _share(scores.f1))
        yield f"{level.ljust(_WIDTH)}{''.join(figure.rjust(_WIDTH) for figure in figures)}  {level.badge}"
    yield ""
    yield "A row for each level that coders gave, a column for each that was suggested."
    yield " " * _WIDTH + "".join(level.rjust(_WIDTH + 1) for level in Level)
    for truth in Level:
        counts = (str(evaluation.confusion.count(truth, said)) for said in Level)
        yield truth.ljust(_WIDTH) + "".join(count.rjust(_WIDTH + 1) for count in counts)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
