"""Grouped cross-validation: what weights make of texts when they have seen none of the same thread."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from archive.domain.assessment.learning.corpus import Corpus
from archive.domain.assessment.learning.folds import folds
from archive.domain.assessment.learning.training import Learned, Outcome, apply, learn
from archive.domain.assessment.model import LEVELS, two_likeliest
from archive.domain.assessment.pooling import Floats, Integers
from archive.domain.assessment.rules import apply_rules
from archive.domain.assessment.suggestion import Suggestion

FOLDS = 5
_TEMPERATURES = [step / 20 for step in range(10, 41)]  # 0.5 to 2


class Validated(NamedTuple):
    """What was said of each text that was tested, by weights that had not seen it."""

    texts: Integers
    chances: Floats  # before temperature and rules
    telling: list[int | None]  # for each text, the number of its most telling sentence


def cross_validate(corpus: Corpus, *, say: Callable[[int, int], None]) -> Validated:
    """Learn from four parts and test on the fifth, five times.

    Texts that are only learned from are in no part, but those of a group that is tested are left out.

    :param say: is told how many parts are done, and of how many.
    """
    tested = np.flatnonzero(corpus.is_tested)
    chances = np.zeros((len(corpus.levels), len(LEVELS)))
    telling: list[int | None] = [None] * len(corpus.levels)
    for done, part in enumerate(folds([corpus.groups[n] for n in tested], FOLDS), start=1):
        left_out = {corpus.groups[n] for n in tested[part]}
        learned = learn(corpus, np.array([n for n, group in enumerate(corpus.groups) if group not in left_out]))
        _test(corpus, learned, tested[part], chances, telling)
        say(done, FOLDS)
    return Validated(tested, chances[tested], [telling[n] for n in tested])


def _test(corpus: Corpus, learned: Learned, texts: Integers, chances: Floats, telling: list[int | None]) -> None:
    outcome: Outcome = apply(corpus, learned, texts)
    chances[texts] = outcome.chances
    sureness = outcome.telling
    rows, places = corpus.sentences_of(texts)
    for row, place, sure in zip(rows, places, sureness, strict=True):
        text = texts[place]
        first = int(np.searchsorted(corpus.text_of, text))
        best = telling[text]
        if best is None or sure > sureness[np.searchsorted(rows, first + best)]:
            telling[text] = int(row) - first


def fit_temperature(corpus: Corpus, validated: Validated) -> float:
    """The temperature under which the chances of the levels that coders gave are highest."""
    logs = np.log(np.maximum(validated.chances, 1e-9))
    truth = corpus.levels[validated.texts]

    def missed(temperature: float) -> float:
        sums = logs / temperature
        sums -= sums.max(1, keepdims=True)
        return float((np.log(np.exp(sums).sum(1)) - sums[np.arange(len(truth)), truth]).sum())

    return min(_TEMPERATURES, key=missed)


def suggestions(corpus: Corpus, validated: Validated, temperature: float) -> Iterator[Suggestion]:
    """What would have been suggested for each text, without the words that explain it."""
    for text, raw, number in zip(validated.texts, validated.chances, validated.telling, strict=True):
        cooled = np.maximum(raw, 1e-9) ** (1 / temperature)
        chances, _ = apply_rules(cooled / cooled.sum(), corpus.rules[text])
        (level, confidence), (second, second_confidence) = two_likeliest(chances)
        yield Suggestion(
            level=level,
            confidence=confidence,
            second=second,
            second_confidence=second_confidence,
            path=(),
            signals=(),
            telling=None
            if number is None
            else corpus.sentence_spans[int(np.searchsorted(corpus.text_of, text)) + number],
            engine="cross-validation",
        )
