"""Krippendorff's alpha and its bootstrap interval, for any number of coders, with values missing.

Source: Klaus Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011). Why the interval comes from drawing
units anew, and not from the algorithm of Hayes and Krippendorff (2007): docs/decisions/0023-agreement.md.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive.domain.agreement.differences import Difference, Numbers, nominal

SAMPLES = 1_000
_SEED = 20_111_125  # any; fixed, so that a page says the same when it is loaded again
_LEAST = 0.95  # of the samples must have an alpha, or what is left of them says nothing of its spread


@dataclass(frozen=True, slots=True)
class Ratings:
    """What coders said of units with two values at least; units that were judged alike are kept as one row."""

    kinds: Numbers  # (kinds, values): how often each value was given to a unit of that kind
    times: NDArray[np.int64]  # units of each kind

    @property
    def units(self) -> int:
        """How many units there are."""
        return int(self.times.sum())


class Interval(NamedTuple):
    """Where alpha lies in 95 of 100 samples."""

    low: float
    high: float


def ratings(units: Iterable[Sequence[Hashable | None]], values: Sequence[Hashable]) -> Ratings:
    """Count what was said of each unit.

    :param units: what the coders said of each; None where one said nothing.
    :param values: all that may be said, in order where the difference has one.
    """
    return ratings_of(Counter(map(tuple, units)), values)


def ratings_of(said: Mapping[Sequence[Hashable | None], int], values: Sequence[Hashable]) -> Ratings:
    """The same of units that are counted by what was said of them."""
    kinds: Counter[tuple[int, ...]] = Counter()
    for unit, times in said.items():
        kinds[tuple(unit.count(value) for value in values)] += times
    several = sorted(kind for kind in kinds if sum(kind) > 1)
    return Ratings(
        np.asarray(several, dtype=float).reshape(len(several), len(values)),
        np.asarray([kinds[kind] for kind in several], dtype=np.int64),
    )


def alpha(said: Ratings, difference: Difference) -> float | None:
    """Krippendorff's alpha.

    :returns: 1 for perfect agreement, 0 for chance, below 0 for worse. None where every value is
        the same or no unit has two: then there was nothing to disagree on.
    """
    found = float(_alphas(said, said.times[None, :], difference)[0])
    return None if np.isnan(found) else found


def alpha_nominal(units: Iterable[Sequence[Hashable | None]]) -> float | None:
    """Krippendorff's alpha for categories without an order; see `alpha`."""
    units = list(units)
    values = list(dict.fromkeys(value for unit in units for value in unit if value is not None))
    return alpha(ratings(units, values), nominal)


def interval_of(said: Ratings, difference: Difference, *, samples: int = SAMPLES) -> Interval | None:
    """Between which bounds alpha lies in 95 % of samples of as many units, drawn from these with replacement.

    :returns: None where there is no alpha, or too many samples have none.
    """
    if not said.units:
        return None
    # To draw units is to draw how many there are of each kind, which takes as long for a thousand units as for ten.
    drawn = np.random.default_rng(_SEED).multinomial(said.units, said.times / said.units, size=samples)
    found = _alphas(said, drawn, difference)
    found = found[~np.isnan(found)]
    if len(found) < _LEAST * samples:
        return None
    low, high = np.percentile(found, (2.5, 97.5))
    return Interval(float(low), float(high))


def _alphas(said: Ratings, times: NDArray[np.int64], difference: Difference) -> Numbers:
    """Alpha for each row of how many units there are of each kind; NaN where there is none."""
    values = said.kinds.shape[1]
    pairs = said.kinds[:, :, None] * said.kinds[:, None, :] - said.kinds[:, :, None] * np.eye(values)
    pairs /= (said.kinds.sum(axis=1) - 1)[:, None, None]
    # Not by `@`, whose threads wait for one another where a server has others.
    coincidences = np.einsum("sn,nck->sck", times.astype(float), pairs)
    margins = coincidences.sum(axis=2)
    apart = difference(margins)
    observed = np.einsum("sck,sck->s", coincidences, apart)
    expected = np.einsum("sc,sk,sck->s", margins, margins, apart)
    has_one = expected > 0
    shares = np.divide(observed, expected, out=np.full_like(observed, np.nan), where=has_one)
    return np.asarray(1 - (margins.sum(axis=1) - 1) * shares)
