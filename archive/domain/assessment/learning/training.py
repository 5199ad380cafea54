"""Training: the sentences are learned first; the texts learn from what their sentences came to.

What a text is told of its sentences while it is learned from must not come from weights that have
seen the text: so the sentences are learned several times, each time without a part of the texts.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack

from archive.domain.assessment.learning.corpus import Corpus
from archive.domain.assessment.learning.folds import folds
from archive.domain.assessment.learning.regression import Weights, fit
from archive.domain.assessment.model import BIAS, LEVELS, Model
from archive.domain.assessment.pooling import CLASSES, POOLED, Floats, Integers, pooled

MIN_TEXTS = 25  # in which a gram must stand
_SENTENCES_C, _TEXTS_C = 0.3, 0.05  # by grouped cross-validation
_SENTENCE_STEPS, _TEXT_STEPS = 60, 200
_PARTS = 3  # of the texts, each left out once while sentences are learned


class Learned(NamedTuple):
    """Both regressions."""

    sentences: Weights
    texts: Weights


class Outcome(NamedTuple):
    """What learned weights make of texts."""

    chances: Floats  # a row a text, a column a level
    sentences: Floats  # a row a sentence, a column a class


def learn(corpus: Corpus, chosen: Integers) -> Learned:
    """Learn from some of the texts. The same texts give the same weights."""
    chosen = chosen[corpus.weights[chosen] > 0]
    told = np.zeros((len(chosen), len(POOLED)))
    for apart in folds([corpus.groups[n] for n in chosen], _PARTS):
        others = np.setdiff1d(np.arange(len(chosen)), apart)
        weights = _learn_sentences(corpus, chosen[others])
        told[apart] = _told(corpus, weights, chosen[apart])[0]
    texts = fit(
        hstack([corpus.texts[chosen], csr_matrix(told)]).tocsr(),
        corpus.levels[chosen],
        classes=len(LEVELS),
        weights=corpus.weights[chosen],
        c=_TEXTS_C,
        steps=_TEXT_STEPS,
    )
    return Learned(_learn_sentences(corpus, chosen), texts)


def apply(corpus: Corpus, learned: Learned, chosen: Integers) -> Outcome:
    """What learned weights make of some of the texts."""
    told, sentences = _told(corpus, learned.sentences, chosen)
    return Outcome(learned.texts.chances(hstack([corpus.texts[chosen], csr_matrix(told)]).tocsr()), sentences)


def as_model(
    corpus: Corpus, learned: Learned, *, language: str, temperature: float, tested: Sequence[tuple[int, int]]
) -> Model:
    """Learned weights with the names of what they weigh."""
    sentences, texts = learned.sentences.features.tolist(), learned.texts.features.tolist()
    facts, told = len(corpus.text_names), len(corpus.text_names) + len(corpus.gram_names)
    of_grams = zip(sentences[len(corpus.sentence_names) :], texts[facts:told], strict=True)
    return Model(
        language=language,
        temperature=temperature,
        tested=tuple(tested),
        grams={name: one + two for name, (one, two) in zip(corpus.gram_names, of_grams, strict=True)},
        of_sentences={BIAS: learned.sentences.bias.tolist()}
        | dict(zip(corpus.sentence_names, sentences[: len(corpus.sentence_names)], strict=True)),
        of_text={BIAS: learned.texts.bias.tolist()} | dict(zip(corpus.text_names, texts[:facts], strict=True)),
        of_pooled=dict(zip(POOLED, texts[told:], strict=True)),
    )


def _learn_sentences(corpus: Corpus, chosen: Integers) -> Weights:
    rows, places = corpus.sentences_of(chosen)
    rows, places = rows[corpus.is_heard[rows]], places[corpus.is_heard[rows]]
    return fit(
        corpus.sentences[rows],
        corpus.classes[rows],
        classes=len(CLASSES),
        weights=corpus.weights[chosen][places],
        c=_SENTENCES_C,
        steps=_SENTENCE_STEPS,
    )


def _told(corpus: Corpus, weights: Weights, chosen: Integers) -> tuple[Floats, Floats]:
    rows, places = corpus.sentences_of(chosen)
    chances = weights.chances(corpus.sentences[rows])
    return pooled(chances, places, len(chosen)), chances
