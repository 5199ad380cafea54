"""Weights of words and of runs of classes, laid out so that all of a text are added up at once."""

from collections.abc import Mapping, Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from archive.domain.assessment.features import Features
from archive.domain.assessment.pooling import Floats
from archive.domain.assessment.word_classes import CLASS_NAMES, PARAGRAPH

_CLASSES = len(CLASS_NAMES)
_PAIR = 2  # classes in one
_NUMBERS = {name: number for number, name in enumerate(CLASS_NAMES)}
_Whole = NDArray[np.integer]


class Grams:
    """The weights, a one behind them to count those that are known; row 0 is for those that are not."""

    def __init__(self, table: Mapping[str, Sequence[float]]) -> None:
        width = len(next(iter(table.values()), ()))
        self._rows = np.zeros((len(table) + 1, width + 1), dtype=np.float32)
        self._of_words: dict[str, int] = {}
        runs: list[tuple[tuple[int, ...], int]] = []
        for place, (name, weights) in enumerate(table.items(), start=1):
            self._rows[place] = (*weights, 1)
            classes = name.split(" ")
            if len(classes) == 1:
                self._of_words["\n" if name == PARAGRAPH else name] = place
            elif all(one in _NUMBERS for one in classes):
                runs.append((tuple(_NUMBERS[one] for one in classes), place))
        self._runs = _Runs(runs)

    def sums(self, texts: Sequence[Features]) -> Floats:
        """What the grams of each sentence of all texts come to, and how many of them are known."""
        known = self._of_words.get
        places: list[int] = []
        classes: list[int] = []
        firsts: list[int] = []
        lasts: list[int] = []
        for features in texts:
            offset = len(places)
            places += map(known, features.words, repeat(0))
            classes += features.classes
            firsts += [first + offset for first, _ in features.sentences]
            lasts += [last + offset for _, last in features.sentences]
        left = _left(len(places), np.array(firsts), np.array(lasts))
        found = self._rows[np.array(places) * (left > 0)]
        numbers = np.array(classes, dtype=np.int64)
        pairs, triples = self._runs.places(numbers)
        found[:-1] += self._rows[pairs * (left[:-1] > 1)]
        found[:-2] += self._rows[triples * (left[:-2] > 2)]
        return np.add.reduceat(found, firsts, axis=0).astype(np.float64)


def _left(words: int, firsts: _Whole, lasts: _Whole) -> _Whole:
    """For each word, how many there are from it to the end of its sentence; none for words between sentences."""
    ends = np.zeros(words, dtype=np.int64)
    ends[firsts] = lasts
    left = np.maximum.accumulate(ends) - np.arange(words)
    return np.asarray(np.maximum(left, 0))


class _Runs:
    """Runs of two and three classes: a table for each, so that a look is all it takes to find one."""

    def __init__(self, runs: Sequence[tuple[tuple[int, ...], int]]) -> None:
        pairs = [(run, place) for run, place in runs if len(run) == _PAIR]
        triples = [(run, place) for run, place in runs if len(run) > _PAIR]
        beginnings = {run: number for number, run in enumerate(dict.fromkeys(run[:_PAIR] for run, _ in triples), 1)}
        self._pairs, self._beginnings = (np.zeros((_CLASSES, _CLASSES), dtype=np.int32) for _ in range(2))
        self._triples = np.zeros((len(beginnings) + 1, _CLASSES), dtype=np.int32)
        for run, place in pairs:
            self._pairs[run] = place
        for run, number in beginnings.items():
            self._beginnings[run] = number
        for run, place in triples:
            self._triples[beginnings[run[:_PAIR]], run[_PAIR]] = place

    def places(self, classes: _Whole) -> tuple[_Whole, _Whole]:
        """The rows of the weights of the pair, and of the triple, that begins at each word; 0 where it is not known."""
        first, second = classes[:-1], classes[1:]
        beginnings = self._beginnings[first[:-1], second[:-1]]
        return self._pairs[first, second], self._triples[beginnings, classes[2:]]
