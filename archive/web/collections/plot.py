"""Years as bars: how many threads of a collection began in each. The figures stand in a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.store.calendar import Period

WIDTH, HEIGHT = 320, 64  # units of the drawing, without the line of years below
_MOST_BARS = 60  # more years than these are drawn ten by ten
_GAP, _LEAST = 0.2, 1.5  # of a bar's width; and its height where anything began at all


@dataclass(frozen=True, slots=True)
class Bar:
    """A year, or ten of them."""

    label: str
    threads: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Plot:
    """The drawing."""

    bars: Sequence[Bar]
    first: str  # what stands below its left end
    last: str
    most: int  # threads of the highest bar


def plot_of(years: Sequence[Period]) -> Plot | None:
    """Years from the first to the last, also those in which nothing began; None where there are not two of them."""
    if len(years) < 2:
        return None
    first, last = years[0].number, years[-1].number
    step = 1 if last - first < _MOST_BARS else 10
    begin = first - first % step
    threads = dict.fromkeys(range(begin, last + 1, step), 0)
    for year in years:
        threads[year.number - (year.number - begin) % step] += year.threads
    most, wide = max(threads.values()), WIDTH / len(threads)
    bars = []
    for place, (start, count) in enumerate(threads.items()):
        label = str(start) if step == 1 else f"{start} to {start + step - 1}"
        height = max(_LEAST, HEIGHT * count / most) if count else 0
        bars.append(_bar(label, count, x=place * wide, wide=wide, height=height))
    return Plot([bar for bar in bars if bar.threads], str(first), str(last), most)


def _bar(label: str, threads: int, *, x: float, wide: float, height: float) -> Bar:
    x, y, width = x + wide * _GAP / 2, HEIGHT - height, wide * (1 - _GAP)
    return Bar(label, threads, round(x, 2), round(y, 2), round(width, 2), round(height, 2))
