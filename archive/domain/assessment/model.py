"""The model: weights that turn the features of a text into the chance of each level.

Two regressions, one on the other: each sentence is weighed first, then the text, with what its
sentences came to. A third, smaller one says which sentence decides. Every weight belongs to a
feature that has a name. The file of weights is a table: a first line of JSON, then a line for each
feature: its group, its name, and its weights in thousandths, tab-separated.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from archive.domain.assessment.features import Features
from archive.domain.assessment.gram_weights import Grams
from archive.domain.assessment.pooling import CLASSES, POOLED, Floats, Integers, firsts, pooled
from archive.domain.assessment.suggestion import as_confidence
from archive.domain.assessment.telling import TOLD, told_of
from archive.domain.source_quality import Level

FORMAT = 2
LEVELS = tuple(Level)
# The groups of lines in a file of weights, and the table of the model that each fills.
_GROUPS = {
    "gram": "grams",
    "sentence": "of_sentences",
    "text": "of_text",
    "pooled": "of_pooled",
    "telling": "of_telling",
}
BIAS = "always"
GRAMS_IN_SENTENCE, GRAMS_IN_TEXT = 2.0, 3.0  # how much the words weigh, before the number of words divides it
_UNIT = 1000

Table = Mapping[str, Sequence[float]]  # the weights of each feature


class Weighed(NamedTuple):
    """What a text came to."""

    chances: Floats  # of each level, in the order of `Level`, summing to one
    sentences: Floats  # of each sentence and class
    pooled: Floats  # what the text was told of its sentences
    telling: Floats  # of each sentence: the highest is that of the one that decides

    @property
    def most_telling(self) -> int | None:
        """The number of the sentence that most likely decides; None in a text without sentences."""
        return int(self.telling.argmax()) if len(self.telling) else None


@dataclass(frozen=True)
class Model:
    """Weights, read-only."""

    language: str
    tested: tuple[tuple[int, int], ...]  # for each tenth of confidence: texts not learned from, and how many were right
    temperature: float  # by which the sums are divided, so that nine of ten that are called .9 are right
    grams: Table  # CLASSES, then LEVELS
    of_sentences: Table  # CLASSES
    of_text: Table  # LEVELS
    of_pooled: Table  # LEVELS
    of_telling: Table  # of the facts of a sentence, and of TOLD: one weight

    def weigh(self, texts: Sequence[Features]) -> list[Weighed]:
        """Return what each text came to. Many at once take less time than one after the other."""
        text_of = np.repeat(np.arange(len(texts)), [len(features.sentences) for features in texts])
        sentences, grams_of_texts = self._sentences(texts, text_of)
        told = pooled(sentences, text_of, len(texts))
        told[np.bincount(text_of, minlength=len(texts)) == 0] = 0
        sums = self._of_facts([features.of_text for features in texts], self._text_places, self._text_rows)
        chances = _chances(
            (sums + grams_of_texts + np.einsum("tp,pl->tl", told, self.pooled_weights)) / self.temperature
        )
        ends = np.searchsorted(text_of, np.arange(len(texts) + 1))
        telling = self._telling(texts, sentences, text_of)
        return [
            Weighed(chances[n], sentences[ends[n] : ends[n + 1]], told[n], telling[ends[n] : ends[n + 1]])
            for n in range(len(texts))
        ]

    def _sentences(self, texts: Sequence[Features], text_of: Integers) -> tuple[Floats, Floats]:
        """The chances of the classes of all sentences, and what the grams of each text add to its levels."""
        of_texts = np.zeros((len(texts), len(LEVELS) + 1))
        if not len(text_of):
            return np.zeros((0, len(CLASSES))), of_texts[:, :-1]
        found = self._grams.sums(texts)
        facts = [facts for features in texts for facts in features.of_sentences]
        sums = self._of_facts(facts, self._sentence_places, self._sentence_rows)
        sums += found[:, : len(CLASSES)] * (GRAMS_IN_SENTENCE / np.sqrt(np.maximum(found[:, -1:], 1)))
        first = firsts(text_of)
        of_texts[text_of[first]] = np.add.reduceat(found[:, len(CLASSES) :], first)
        return _chances(sums), of_texts[:, :-1] * (GRAMS_IN_TEXT / np.sqrt(np.maximum(of_texts[:, -1:], 1)))

    def _telling(self, texts: Sequence[Features], sentences: Floats, text_of: Integers) -> Floats:
        """Of each sentence how likely it decides; only for comparing those of one text."""
        known = self.of_telling
        facts = [
            sum(known[fact][0] for fact in facts if fact in known)
            for features in texts
            for facts in features.of_sentences
        ]
        told = np.einsum("st,t->s", told_of(sentences, text_of), self._told_weights)
        return np.asarray(told + np.array(facts, dtype=np.float64))

    @cached_property
    def _told_weights(self) -> Floats:
        return np.array([self.of_telling[name][0] for name in TOLD])

    @staticmethod
    def _of_facts(rows: Sequence[Sequence[str]], known: Mapping[str, int], weights: Floats) -> Floats:
        """What the facts of each row come to, the bias with them."""
        places: list[int] = []
        bounds = []
        for facts in rows:
            bounds.append(len(places))
            places.append(0)
            places += [known[name] for name in facts if name in known]
        return np.asarray(np.add.reduceat(weights[places], bounds, axis=0))

    @cached_property
    def pooled_weights(self) -> Floats:
        """A row for each of `POOLED`, a column for each level."""
        return np.array([self.of_pooled[name] for name in POOLED])

    @cached_property
    def _grams(self) -> Grams:
        return Grams(self.grams)

    @cached_property
    def _text_rows(self) -> Floats:
        return _rows(self.of_text)

    @cached_property
    def _text_places(self) -> dict[str, int]:
        return _numbered(self.of_text)

    @cached_property
    def _sentence_rows(self) -> Floats:
        return _rows(self.of_sentences)

    @cached_property
    def _sentence_places(self) -> dict[str, int]:
        return _numbered(self.of_sentences)

    def to_text(self) -> str:
        """The file of weights."""
        head = {
            "format": FORMAT,
            "language": self.language,
            "temperature": round(self.temperature, 4),
            "tested": self.tested,
        }
        lines = [
            "\t".join((group, name, *(str(round(weight * _UNIT)) for weight in row)))
            for group, table in _GROUPS.items()
            for name, row in getattr(self, table).items()
        ]
        return "\n".join((json.dumps(head, sort_keys=True), *lines)) + "\n"


def two_likeliest(chances: Floats) -> tuple[tuple[Level, float], tuple[Level, float]]:
    """The likeliest level and the next, each with its confidence."""
    next_one, first = chances.argsort(kind="stable")[-2:]
    return (LEVELS[first], as_confidence(chances[first])), (LEVELS[next_one], as_confidence(chances[next_one]))


class UnreadableModelError(ValueError):
    """A file of weights is not one, or of a later format."""


def model_from(text: str) -> Model:
    """Read a file of weights.

    :raises UnreadableModelError: if it is none that this version understands.
    """
    try:
        first, *lines = text.rstrip("\n").split("\n")
        head: dict[str, Any] = json.loads(first)
        tables: dict[str, dict[str, list[float]]] = {group: {} for group in _GROUPS}
        for line in lines:
            group, name, *weights = line.split("\t")
            tables[group][name] = [int(weight) / _UNIT for weight in weights]
        if head["format"] != FORMAT or set(tables["pooled"]) != set(POOLED) or not set(TOLD) <= set(tables["telling"]):
            raise UnreadableModelError("These weights are of another format.")
        return Model(
            head["language"],
            tuple((int(texts), int(right)) for texts, right in head["tested"]),
            head["temperature"],
            **{table: tables[group] for group, table in _GROUPS.items()},
        )
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableModelError(f"These are no weights that this version can read: {error}") from error


def _rows(table: Table) -> Floats:
    """The weights, the bias in the first row."""
    return np.array([table[BIAS], *(row for name, row in table.items() if name != BIAS)])


def _numbered(table: Table) -> dict[str, int]:
    return {name: place for place, name in enumerate((name for name in table if name != BIAS), start=1)}


def _chances(sums: Floats) -> Floats:
    raised = np.exp(sums - sums.max(-1, keepdims=True))
    return np.asarray(raised / raised.sum(-1, keepdims=True))
