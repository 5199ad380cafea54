"""Lessons: what is learned from labelled texts, and how well it stands the test."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from archive.domain.assessment.evaluation import Evaluation, evaluate
from archive.domain.assessment.learning.corpus import Corpus, corpus_of
from archive.domain.assessment.learning.labelled import Labelled
from archive.domain.assessment.learning.training import MIN_TEXTS, as_model, learn
from archive.domain.assessment.learning.validation import cross_validate, fit_temperature, suggestions
from archive.domain.assessment.model import LEVELS, Model
from archive.domain.assessment.suggestion import Suggestion

Say = Callable[[int, int], None]  # how many parts of a test are done, and of how many


class Trial(NamedTuple):
    """How weights did on texts that they had not seen."""

    corpus: Corpus
    texts: list[Labelled]  # that were tested
    suggestions: list[Suggestion]  # for each of them
    evaluation: Evaluation
    temperature: float  # under which confidence is honest


def cross_validated(labelled: Sequence[Labelled], *, say: Say) -> Trial:
    """Suggest a level for each text by weights that have seen no text of its group."""
    corpus = corpus_of(labelled, min_texts=MIN_TEXTS)
    validated = cross_validate(corpus, say=say)
    temperature = fit_temperature(corpus, validated)
    said = list(suggestions(corpus, validated, temperature))
    texts = [labelled[n] for n in validated.texts]
    levels = [LEVELS[corpus.levels[n]] for n in validated.texts]
    return Trial(corpus, texts, said, evaluate(levels, said, [one.evidence for one in texts]), temperature)


def learned(trial: Trial, *, language: str) -> Model:
    """The weights that all texts of a corpus teach, with how honest their confidence was in the trial."""
    corpus = trial.corpus
    everything = learn(corpus, np.arange(len(corpus.levels)))
    tested = [(one.texts, one.right) for one in trial.evaluation.bins]
    return as_model(corpus, everything, language=language, temperature=trial.temperature, tested=tested)
