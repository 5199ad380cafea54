"""Weights of words and of runs of classes, laid out so that all of a text are added up at once."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from archive.domain.assessment.features import Features
from archive.domain.assessment.pooling import Floats
from archive.domain.assessment.word_classes import CLASS_NAMES, PARAGRAPH

_CLASSES = len(CLASS_NAMES)
_NUMBERS = {name: number for number, name in enumerate(CLASS_NAMES)}
_Whole = NDArray[np.int64]


class Grams:
    """The weights, a one behind them to count those that are known; row 0 is for those that are not."""

    def __init__(self, table: Mapping[str, Sequence[float]]) -> None:
        width = len(next(iter(table.values()), ()))
        self._rows = np.zeros((len(table) + 1, width + 1), dtype=np.float32)
        self._of_words: dict[str, int] = {}
        runs: dict[int, list[tuple[int, int]]] = {2: [], 3: []}
        for place, (name, weights) in enumerate(table.items(), start=1):
            self._rows[place] = (*weights, 1)
            classes = name.split(" ")
            if len(classes) == 1:
                self._of_words["\n" if name == PARAGRAPH else name] = place
            elif all(one in _NUMBERS for one in classes):
                runs[len(classes)].append((_key([_NUMBERS[one] for one in classes]), place))
        self._pairs, self._triples = _Runs(runs[2]), _Runs(runs[3])

    def sums(self, texts: Sequence[Features]) -> Floats:
        """What the grams of each sentence of all texts come to, and how many of them are known."""
        known = self._of_words.get
        places: list[int] = []
        classes: list[int] = []
        firsts: list[int] = []
        lasts: list[int] = []
        for features in texts:
            offset = len(places)
            places += [known(word, 0) for word in features.words]
            classes += features.classes
            firsts += [first + offset for first, _ in features.sentences]
            lasts += [last + offset for _, last in features.sentences]
        left = _left(len(places), np.array(firsts), np.array(lasts))
        found = self._rows[np.array(places) * (left > 0)]
        numbers = np.array(classes, dtype=np.int64)
        pairs = numbers[:-1] * _CLASSES + numbers[1:]
        found[: len(pairs)] += self._rows[self._pairs.places(pairs) * (left[: len(pairs)] > 1)]
        triples = pairs[:-1] * _CLASSES + numbers[2:]
        found[: len(triples)] += self._rows[self._triples.places(triples) * (left[: len(triples)] > 2)]
        return np.add.reduceat(found, firsts, axis=0).astype(np.float64)


def _left(words: int, firsts: _Whole, lasts: _Whole) -> _Whole:
    """For each word, how many there are from it to the end of its sentence; none for words between sentences."""
    ends = np.zeros(words, dtype=np.int64)
    ends[firsts] = lasts
    left = np.maximum.accumulate(ends) - np.arange(words)
    return np.asarray(np.maximum(left, 0))


class _Runs:
    """Runs of classes by their keys."""

    def __init__(self, runs: Sequence[tuple[int, int]]) -> None:
        ordered = sorted(runs)
        self._keys = np.array([key for key, _ in ordered] or [-1])
        self._places = np.array([place for _, place in ordered] or [0])

    def places(self, keys: _Whole) -> _Whole:
        """The rows of their weights; 0 for those that are not known."""
        at = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[at] == keys, self._places[at], 0)


def _key(classes: Sequence[int]) -> int:
    key = 0
    for number in classes:
        key = key * _CLASSES + number
    return key
