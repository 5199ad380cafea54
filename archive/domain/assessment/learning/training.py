"""Training: the sentences are learned first; the texts learn from what their sentences came to; and which
sentence decides is learned last.

What a text is told of its sentences while it is learned from must not come from weights that have
seen the text: so the sentences are learned several times, each time without a part of the texts.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack

from archive.domain.assessment.learning.corpus import Corpus
from archive.domain.assessment.learning.folds import folds
from archive.domain.assessment.learning.regression import Weights, fit, fit_choice
from archive.domain.assessment.model import BIAS, LEVELS, Model
from archive.domain.assessment.pooling import CLASSES, POOLED, Floats, Integers, pooled
from archive.domain.assessment.telling import TOLD, told_of

MIN_TEXTS = 25  # in which a gram must stand
_SENTENCES_C, _TEXTS_C = 0.3, 0.05  # by grouped cross-validation
_TELLING_C = 0.5  # the same
_SENTENCE_STEPS, _TEXT_STEPS, _TELLING_STEPS = 60, 200, 200
_PARTS = 3  # of the texts, each left out once while sentences are learned


class Learned(NamedTuple):
    """All three regressions."""

    sentences: Weights
    texts: Weights
    telling: Floats  # of the facts of a sentence, then of what is told of it


class Outcome(NamedTuple):
    """What learned weights make of texts."""

    chances: Floats  # a row a text, a column a level
    sentences: Floats  # a row a sentence, a column a class
    telling: Floats  # of each sentence: the highest of a text is that of the one that decides


def learn(corpus: Corpus, chosen: Integers) -> Learned:
    """Learn from some of the texts. The same texts give the same weights."""
    chosen = chosen[corpus.weights[chosen] > 0]
    told = np.zeros((len(chosen), len(POOLED)))
    chances = np.zeros((corpus.sentences.shape[0], len(CLASSES)))
    for apart in folds([corpus.groups[n] for n in chosen], _PARTS):
        others = np.setdiff1d(np.arange(len(chosen)), apart)
        weights = _learn_sentences(corpus, chosen[others])
        told[apart], chances[corpus.sentences_of(chosen[apart])[0]] = _told(corpus, weights, chosen[apart])
    texts = fit(
        hstack([corpus.texts[chosen], csr_matrix(told)]).tocsr(),
        corpus.levels[chosen],
        classes=len(LEVELS),
        weights=corpus.weights[chosen],
        c=_TEXTS_C,
        steps=_TEXT_STEPS,
    )
    return Learned(_learn_sentences(corpus, chosen), texts, _learn_telling(corpus, chosen, chances))


def apply(corpus: Corpus, learned: Learned, chosen: Integers) -> Outcome:
    """What learned weights make of some of the texts."""
    told, sentences = _told(corpus, learned.sentences, chosen)
    chances = learned.texts.chances(hstack([corpus.texts[chosen], csr_matrix(told)]).tocsr())
    rows, places = corpus.sentences_of(chosen)
    return Outcome(chances, sentences, _of_sentences(corpus, rows, places, sentences) @ learned.telling)


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
        of_telling=dict(zip((*corpus.sentence_names, *TOLD), learned.telling[:, None].tolist(), strict=True)),
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


def _learn_telling(corpus: Corpus, chosen: Integers, chances: Floats) -> Floats:
    """:param chances: of all sentences, by weights that have not seen them."""
    rows, places = corpus.sentences_of(chosen)
    return fit_choice(
        _of_sentences(corpus, rows, places, chances[rows]),
        places,
        corpus.is_evidence[rows],
        weights=corpus.weights[chosen][places],
        c=_TELLING_C,
        steps=_TELLING_STEPS,
    )


def _of_sentences(corpus: Corpus, rows: Integers, places: Integers, chances: Floats) -> csr_matrix:
    """What is known of some sentences when it is asked which of them decides."""
    facts = corpus.sentences[rows][:, : len(corpus.sentence_names)]
    return hstack([facts, csr_matrix(told_of(chances, places))]).tocsr()


def _told(corpus: Corpus, weights: Weights, chosen: Integers) -> tuple[Floats, Floats]:
    rows, places = corpus.sentences_of(chosen)
    chances = weights.chances(corpus.sentences[rows])
    return pooled(chances, places, len(chosen)), chances
