"""Which sentence tells: the one whose words decide, of all sentences of a text.

A person marks one place in a text that says the same thing in several sentences, mostly the first. So
each sentence is held against the others: by the facts in it, by what it was weighed as, and by
where it stands among those that are evidence.
"""

import numpy as np

from archive.domain.assessment.pooling import CLASSES, Floats, Integers, evidence, firsts

_LEAST = 1e-6  # a chance, so that its logarithm is finite

# Beside the facts of a sentence.
TOLD = (
    "evidence",
    *(f"weighed as {one}" for one in CLASSES),
    "sentences before",
    "evidence before",
    "evidence behind",
    "evidence in the one before",
    "evidence in the one behind",
)


def told_of(chances: Floats, texts: Integers) -> Floats:
    """Return a row of `TOLD` for each sentence.

    :param chances: a row of `CLASSES` for each sentence, sentences in order.
    :param texts: the number of the text in which each sentence stands, ascending.
    """
    if not len(texts):
        return np.zeros((0, len(TOLD)))
    sure = evidence(chances)
    before, behind = np.zeros_like(sure), np.zeros_like(sure)
    places = np.zeros_like(sure)
    bounds = firsts(texts)
    for first, last in zip(bounds, (*bounds[1:], len(sure)), strict=True):
        here = sure[first:last]
        before[first + 1 : last] = np.maximum.accumulate(here)[:-1]
        behind[first : last - 1] = np.maximum.accumulate(here[::-1])[::-1][1:]
        places[first:last] = np.log1p(np.arange(last - first))
    one_before, one_behind = np.zeros_like(sure), np.zeros_like(sure)
    together = texts[1:] == texts[:-1]
    one_before[1:], one_behind[:-1] = sure[:-1] * together, sure[1:] * together
    logs = np.log(np.maximum(chances, _LEAST))
    return np.column_stack((np.log(np.maximum(sure, _LEAST)), logs, places, before, behind, one_before, one_behind))
