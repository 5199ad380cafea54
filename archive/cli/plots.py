"""Plots of an evaluation, as SVG files that a page can show and a person can read as text."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from archive.domain.assessment.evaluation import Evaluation
from archive.domain.source_quality import Level

_STYLE = (
    "<style>text{font:13px system-ui,sans-serif;fill:#222}.axis{stroke:#666;fill:none}.even{stroke:#999;"
    "stroke-dasharray:4 4}.dot{fill:#1f5f8b}.light{fill:#fff}</style>"
)
_SIDE, _LEFT, _TOP = 300, 60, 40  # pixels: of the square of a plot, and before it
_CELL, _NAMES = 62, 110  # pixels: of the confusion table


def draw(evaluation: Evaluation, folder: Path) -> Iterator[str]:
    """Write the plots; yields the name of each file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in (("reliability", _reliability(evaluation)), ("confusion", _confusion(evaluation))):
        (folder / f"{name}.svg").write_text("\n".join(lines) + "\n", "utf-8")
        yield f"{name}.svg"


def _reliability(evaluation: Evaluation) -> Iterator[str]:
    """Confidence beside the share that was right, a dot a tenth."""
    yield from _opening(_LEFT + _SIDE + 120, _TOP + _SIDE + 60, "How often a suggestion was right, by its confidence")
    bottom = _TOP + _SIDE
    yield f'<path class="axis" d="M{_LEFT} {_TOP}V{bottom}H{_LEFT + _SIDE}"/>'
    yield f'<path class="even" d="M{_LEFT} {bottom}L{_LEFT + _SIDE} {_TOP}"/>'
    for tenth in range(0, 11, 2):
        yield f'<text x="{_LEFT - 8}" y="{bottom - tenth * _SIDE / 10 + 4:.0f}" text-anchor="end">{tenth * 10} %</text>'
        yield f'<text x="{_LEFT + tenth * _SIDE / 10:.0f}" y="{bottom + 18}" text-anchor="middle">{tenth * 10} %</text>'
    for one in evaluation.bins:
        if one.texts:
            across, up = one.said / one.texts * _SIDE, one.right / one.texts * _SIDE
            size = 3 + (one.texts / evaluation.counted) ** 0.5 * 14
            yield f'<circle class="dot" cx="{_LEFT + across:.1f}" cy="{bottom - up:.1f}" r="{size:.1f}"/>'
            x, y = _LEFT + across + size + 3, bottom - up + 14
            yield f'<text x="{x:.1f}" y="{y:.1f}">{one.right} of {one.texts}</text>'
    yield f'<text x="{_LEFT + _SIDE / 2:.0f}" y="{bottom + 40}" text-anchor="middle">confidence</text>'
    yield f'<text x="{_LEFT}" y="{_TOP - 16}">right</text>'
    yield "</svg>"


def _confusion(evaluation: Evaluation) -> Iterator[str]:
    """A row for each level that people gave, a column for each that was suggested."""
    width = _NAMES + len(Level) * _CELL + 60  # the last name leans over the edge
    yield from _opening(width, _NAMES + len(Level) * 30 + 20, "Which level was suggested for which")
    for across, said in enumerate(Level):
        x = _NAMES + across * _CELL + _CELL // 2
        yield f'<text transform="translate({x} {_NAMES - 10}) rotate(-35)">{escape(said)}</text>'
    for down, truth in enumerate(Level):
        y = _NAMES + down * 30
        whole = max(evaluation.levels[truth].support, 1)
        yield f'<text x="{_NAMES - 8}" y="{y + 19}" text-anchor="end">{escape(truth)}</text>'
        for across, said in enumerate(Level):
            count = evaluation.confusion.count(truth, said)
            x, share = _NAMES + across * _CELL, count / whole
            yield f'<rect x="{x}" y="{y}" width="{_CELL - 2}" height="28" fill="#1f5f8b" fill-opacity="{share:.2f}"/>'
            look = ' class="light"' if share > 0.5 else ""
            yield f'<text{look} x="{x + _CELL // 2}" y="{y + 19}" text-anchor="middle">{count}</text>'
    yield "</svg>"


def _opening(width: int, height: int, title: str) -> Iterator[str]:
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">'
    yield f"<title>{escape(title)}</title>"
    yield _STYLE
    yield f'<rect width="{width}" height="{height}" fill="#fff"/>'
