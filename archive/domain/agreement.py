"""Agreement: between coders, and between coders and the program.

Krippendorff's alpha as in: Klaus Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011).
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Generic, TypeVar

C = TypeVar("C", bound=Hashable)  # a category


@dataclass(frozen=True, slots=True)
class Scores:
    """How well one category was found."""

    precision: float | None  # None where it was never said
    recall: float | None  # None where it never was
    f1: float | None  # None where it neither was nor was said
    support: int  # how often it was


@dataclass(frozen=True, slots=True)
class Confusion(Generic[C]):
    """How often each category was taken for each other."""

    counts: Counter[tuple[C, C]]  # (what it was, what was said)

    def count(self, truth: C, said: C) -> int:
        return self.counts[truth, said]

    def scores(self, category: C) -> Scores:
        """Precision, recall and F1 of one category."""
        right = self.counts[category, category]
        was = sum(n for (truth, _), n in self.counts.items() if truth == category)
        said = sum(n for (_, said), n in self.counts.items() if said == category)
        return Scores(_share(right, said), _share(right, was), _share(2 * right, was + said), was)


def confusion(pairs: Iterable[tuple[C, C]]) -> Confusion[C]:
    """Count pairs of what it was and what was said."""
    return Confusion(Counter(pairs))


def exact_share(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """The share of pairs that are the same; None where there are no pairs."""
    return _share(sum(a == b for a, b in pairs), len(pairs))


def alpha_nominal(units: Iterable[Sequence[Hashable | None]]) -> float | None:
    """Krippendorff's alpha for categories without an order, for any number of coders.

    :param units: what the coders said of each unit; None where one said nothing.
    :returns: 1 for perfect agreement, 0 for chance, below 0 for worse. None where every value is
        the same or no unit has two: then there was nothing to disagree on.
    """
    coincidences = _coincidences(units)
    totals: dict[Hashable, float] = {}
    for (value, _), n in coincidences.items():
        totals[value] = totals.get(value, 0) + n
    all_values = sum(totals.values())
    expected = all_values**2 - sum(n**2 for n in totals.values())
    if expected <= 0:
        return None
    observed = sum(n for (one, other), n in coincidences.items() if one != other)
    return 1 - (all_values - 1) * observed / expected


def _coincidences(units: Iterable[Sequence[Hashable | None]]) -> dict[tuple[Hashable, Hashable], float]:
    """How often two values were given to one unit; each unit counts as often as it has values."""
    found: dict[tuple[Hashable, Hashable], float] = {}
    for unit in units:
        values = [value for value in unit if value is not None]
        for pair in permutations(values, 2):
            found[pair] = found.get(pair, 0) + 1 / (len(values) - 1)
    return found


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
