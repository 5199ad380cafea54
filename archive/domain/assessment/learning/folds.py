"""Grouped folds: texts of one group are always in the same part."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from archive.domain.assessment.pooling import Integers


def folds(groups: Sequence[str], count: int) -> Iterator[Integers]:
    """Yield the places of each part, ascending. The largest groups are dealt first, each to the smallest part."""
    sizes = Counter(groups)
    filled = [0] * count
    part_of: dict[str, int] = {}
    for group in sorted(sizes, key=lambda name: (-sizes[name], name)):
        part_of[group] = filled.index(min(filled))
        filled[part_of[group]] += sizes[group]
    parts = np.array([part_of[group] for group in groups])
    for part in range(count):
        yield np.flatnonzero(parts == part)
