"""How often each category was taken for each other."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
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


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
