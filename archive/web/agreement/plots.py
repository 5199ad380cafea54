"""Where the dots, whiskers and lines of a plot of alphas go. All is in the units of the plot's view box."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from archive.domain.agreement.alpha import Interval
from archive.domain.agreement.figures import Figures
from archive.web.agreement.words import decimal
from archive.web.words import month_name

_STEPS = ((0.5, 0.1), (1.0, 0.2), (3.0, 0.5))  # how much of the scale there is at most, and what lies between its lines
_LEFT, _RIGHT = 134.0, 350.0  # the lines that stand for the lowest number and for 1, in a plot of measures
_ROW = 38  # between two measures
_FIRST, _LAST = 52.0, 334.0  # the first and the last month
_BOTTOM, _TOP = 170.0, 10.0
_LABELS = 8  # months that have room for their names


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the scale."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """An alpha with its interval."""

    name: str  # "" where there is no room for it
    across: float  # the way that does not stand for a number
    at: float | None  # None: there is no alpha
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot."""

    lines: Sequence[Line]
    dots: Sequence[Dot]
    height: int
    lowest: str  # of the scale, in words

    @property
    def has_dots(self) -> bool:
        """Whether anything is to be seen on it."""
        return any(dot.at is not None for dot in self.dots)


@dataclass(frozen=True, slots=True)
class _Scale:
    lowest: float
    step: float
    start: float  # of the lowest number
    end: float  # of 1

    def place(self, number: float) -> float:
        share = (number - self.lowest) / (1 - self.lowest)
        return round(self.start + share * (self.end - self.start), 1)

    @property
    def lines(self) -> Sequence[Line]:
        count = round((1 - self.lowest) / self.step)
        numbers = [self.lowest + number * self.step for number in range(count + 1)]
        return [Line(self.place(number), decimal(number, 1)) for number in numbers]

    def dot(self, name: str, across: float, figures: Figures) -> Dot:
        low, high = figures.interval or (None, None)
        return Dot(
            name, across, *(None if number is None else self.place(number) for number in (figures.alpha, low, high))
        )


def measures_plot(rows: Sequence[tuple[str, Figures]]) -> Plot:
    """Alphas below one another, on a scale from left to right."""
    scale = _scale([figures for _, figures in rows], _LEFT, _RIGHT)
    dots = [scale.dot(name, 22 + _ROW * number, figures) for number, (name, figures) in enumerate(rows)]
    return Plot(scale.lines, dots, _ROW * len(rows) + 28, decimal(scale.lowest, 1))


def months_plot(rows: Sequence[tuple[date, Figures]]) -> Plot:
    """Alphas beside one another, the oldest month first, on a scale from below."""
    scale = _scale([figures for _, figures in rows], _BOTTOM, _TOP)
    apart = (_LAST - _FIRST) / max(len(rows) - 1, 1)
    every = ceil(len(rows) / _LABELS)
    dots = [
        scale.dot(
            month_name(month.month)[:3] if number % every == 0 else "", round(_FIRST + apart * number, 1), figures
        )
        for number, (month, figures) in enumerate(rows)
    ]
    return Plot(scale.lines, dots, 200, decimal(scale.lowest, 1))


def _scale(shown: Sequence[Figures], start: float, end: float) -> _Scale:
    """A scale that ends at 1 and has room for every interval."""
    numbers = [number for figures in shown for number in (figures.alpha, *(figures.interval or Interval(1, 1)))]
    least = min((number for number in numbers if number is not None), default=1.0)
    step = next((step for most, step in _STEPS if 1 - least <= most), _STEPS[-1][1])
    lowest = min(1 - round(ceil(round((1 - least) / step, 9)) * step, 9), round(1 - step, 9))
    return _Scale(round(lowest, 9), step, start, end)
