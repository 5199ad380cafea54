"""Multinomial logistic regression: the sum of losses times C, and half the squared weights, both as small as may be.

The same problem that scikit-learn solves under this name. And its kin, which chooses one row of several.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from archive.domain.assessment.pooling import Floats, Integers


class Weights(NamedTuple):
    """What was learned."""

    features: Floats  # a row a feature, a column a class
    bias: Floats  # of each class

    def chances(self, rows: csr_matrix) -> Floats:
        """The chance of each class for each row."""
        sums = rows @ self.features + self.bias
        sums = np.exp(sums - sums.max(1, keepdims=True))
        return np.asarray(sums / sums.sum(1, keepdims=True))


def fit(rows: csr_matrix, truth: Integers, *, classes: int, weights: Floats, c: float, steps: int) -> Weights:
    """Learn to tell the classes apart.

    :param truth: the class of each row.
    :param weights: how much each row counts.
    :param c: how much the rows count against small weights.
    :param steps: at most, of L-BFGS, from zero: the same rows give the same weights.
    """
    features = rows.shape[1]
    turned = rows.T.tocsr()
    wanted = np.zeros((rows.shape[0], classes))
    wanted[np.arange(len(truth)), truth] = 1

    def loss(flat: Floats) -> tuple[float, Floats]:
        both = flat.reshape(features + 1, classes)
        sums = rows @ both[:-1] + both[-1]
        sums -= sums.max(1, keepdims=True)
        raised = np.exp(sums)
        totals = raised.sum(1, keepdims=True)
        missed = c * weights * (np.log(totals[:, 0]) - sums[np.arange(len(truth)), truth])
        slope = (c * weights)[:, None] * (raised / totals - wanted)
        gradient = np.vstack((turned @ slope + both[:-1], slope.sum(0)))
        return float(missed.sum() + (both[:-1] ** 2).sum() / 2), gradient.ravel()

    nowhere = np.zeros((features + 1) * classes)
    both = _least(loss, nowhere, steps).reshape(features + 1, classes)
    return Weights(both[:-1], both[-1])


def fit_choice(rows: csr_matrix, of: Integers, wanted: np.ndarray, *, weights: Floats, c: float, steps: int) -> Floats:
    """Learn which row of each group is wanted; return a weight for each feature.

    :param of: the group of each row, ascending.
    :param wanted: of each row, whether it is; a group without such a row, or without another, teaches nothing.
    :param weights: how much each row's group counts.
    """
    both = (np.bincount(of, weights=wanted) > 0) & (np.bincount(of, weights=~wanted) > 0)
    taught = np.flatnonzero(both[of])
    rows, wanted, weights, of = rows[taught], wanted[taught], weights[taught], of[taught]
    bounds = np.flatnonzero(np.diff(of, prepend=-1))
    group = np.cumsum(np.diff(of, prepend=-1) > 0) - 1
    turned = rows.T.tocsr()

    def loss(told: Floats) -> tuple[float, Floats]:
        sums = rows @ told
        raised = np.exp(sums - np.maximum.reduceat(sums, bounds)[group])
        chances = raised / np.add.reduceat(raised, bounds)[group]
        right = np.maximum(np.add.reduceat(chances * wanted, bounds), 1e-12)
        missed = -c * (weights[bounds] * np.log(right)).sum()
        slope = c * weights * (chances - chances * wanted / right[group])
        return float(missed + (told**2).sum() / 2), turned @ slope + told

    nowhere = np.zeros(rows.shape[1])
    return _least(loss, nowhere, steps) if len(bounds) else nowhere


def _least(loss: Callable[[Floats], tuple[float, Floats]], start: Floats, steps: int) -> Floats:
    """Where the loss is as small as it gets in so many steps."""
    with threadpool_limits(1):  # its many small sums only wait for each other on a busy machine
        found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxcor": 20})
    return np.asarray(found.x)
