"""From what is thought of each sentence to what the text is told of them.

A sentence is weighed as one of nine classes: evidence for a level, or none. Of the sentences of a
text five things are told for each class: how sure the surest is, whether any is, the first, the
last, and how all are in the mean. All are logarithms, so that they can be added up with weights.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from archive.domain.source_quality import Level

NO_EVIDENCE = "no evidence"
CLASSES = (*map(str, Level), NO_EVIDENCE)  # of a sentence
_POOLS = ("the surest", "any", "the first", "the last", "the mean")
POOLED = tuple(f"{pool}: {one}" for pool, one in product(_POOLS, CLASSES))
_LEAST = 1e-6  # a chance, so that its logarithm is finite
_MOST = 0.999
_UNHEARD = -3.0  # what is told of the first and last sentence where there is none
_ENDS_COUNT = 0.5  # the first and the last, beside the others

# Not evidence to be shown: that a text has no source, or answers nothing, is said by all its sentences together.
_SILENT = [CLASSES.index(one) for one in (Level.UNSOURCED, Level.NOT_ANSWER, NO_EVIDENCE)]

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]


def pooled(chances: Floats, texts: Integers, count: int) -> Floats:
    """Return a row of `POOLED` for each text.

    :param chances: a row of `CLASSES` for each sentence, sentences in order.
    :param texts: the number of the text in which each sentence stands, ascending.
    """
    surest = np.full((count, len(CLASSES)), _LEAST)
    none, mean = np.zeros_like(surest), np.zeros_like(surest)
    ends = np.full((2, count, len(CLASSES)), _UNHEARD)
    if len(texts):
        chances = np.maximum(chances, _LEAST)
        logs = np.log(chances)
        first = firsts(texts)
        last = np.append(first[1:], len(texts)) - 1
        heard = texts[first]
        surest[heard] = np.maximum.reduceat(chances, first)
        none[heard] = np.add.reduceat(np.log1p(-np.minimum(chances, _MOST)), first)
        mean[heard] = np.add.reduceat(logs, first) / (last - first + 1)[:, None]
        ends[0, heard], ends[1, heard] = logs[first], logs[last]
    return np.hstack((np.log(surest), np.log(1 - np.exp(none) + _LEAST), *(_ENDS_COUNT * ends), mean))


def firsts(texts: Integers) -> Integers:
    """The first sentence of each text that has one.

    :param texts: the number of the text of each sentence, ascending; one at least.
    """
    return np.append(0, np.flatnonzero(texts[1:] != texts[:-1]) + 1)


def evidence(chances: Floats) -> Floats:
    """How likely each sentence is the one that decides."""
    return np.asarray(1 - chances[:, _SILENT].sum(1))
