"""How far two values lie apart: the squared differences that Krippendorff's alpha weighs disagreement by.

Nominal, ordinal and interval as in: Klaus Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), step D.
Each takes how often every value was given, for one set of data or for many of them at once (…, values), and returns
the squared differences (…, values, values): 0 for a value and itself, and the same both ways.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Difference = Callable[[Numbers], Numbers]


def nominal(margins: Numbers) -> Numbers:
    """Any difference counts in full."""
    values = margins.shape[-1]
    return np.broadcast_to(1 - np.eye(values), (*margins.shape[:-1], values, values))


def ordinal(margins: Numbers) -> Numbers:
    """Two values differ by how many lie between them in order, half of their own included."""
    return _squared(_places(margins))


def interval(numbers: Sequence[float]) -> Difference:
    """Two values differ as the numbers do that they stand for."""
    apart = _squared(np.asarray(numbers, dtype=float))
    return lambda margins: np.broadcast_to(apart, (*margins.shape[:-1], *apart.shape))


def mixed(spine: int) -> Difference:
    """The first values have an order, and any other is as far from each as the ends of that order are from each other.

    On the spine the difference is ordinal, by what was given on it alone, as a share of that from its first value to
    its last. A value that nobody gave still has its place, so that one vote more or less moves nothing by a leap.
    """

    def difference(margins: Numbers) -> Numbers:
        places = _places(margins[..., :spine])
        whole = places[..., -1:] - places[..., :1]  # 0 where nobody gave a value of the spine
        apart = np.array(nominal(margins))
        apart[..., :spine, :spine] = _squared(places / np.where(whole > 0, whole, 1))
        return apart

    return difference


def _places(margins: Numbers) -> Numbers:
    """The middle of each value's stretch, were all values laid in order."""
    return np.asarray(np.cumsum(margins, axis=-1) - margins / 2)


def _squared(places: Numbers) -> Numbers:
    return np.asarray((places[..., :, None] - places[..., None, :]) ** 2)
