"""Multinomial logistic regression: the sum of losses times C, and half the squared weights, both as small as may be.

The same problem that scikit-learn solves under this name.
"""

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
    with threadpool_limits(1):  # its many small sums only wait for each other on a busy machine
        found = minimize(loss, nowhere, jac=True, method="L-BFGS-B", options={"maxiter": steps, "maxcor": 20})
    both = found.x.reshape(features + 1, classes)
    return Weights(both[:-1], both[-1])
