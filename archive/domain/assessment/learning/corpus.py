"""A corpus: the features of labelled texts, as matrices."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack

from archive.domain.assessment.features import features_of, grams
from archive.domain.assessment.learning.labelled import Labelled
from archive.domain.assessment.looking import look
from archive.domain.assessment.model import GRAMS_IN_SENTENCE, GRAMS_IN_TEXT, LEVELS
from archive.domain.assessment.pooling import CLASSES, NO_EVIDENCE, Floats, Integers
from archive.domain.assessment.rules import rules_for
from archive.domain.assessment.word_classes import classes_of
from archive.domain.source_quality import Level

_SPOKEN_FOR = (Level.UNSOURCED, Level.NOT_ANSWER)  # by all sentences of a text, not by one


@dataclass(frozen=True)
class Corpus:
    """Matrices over labelled texts; the texts themselves are not kept."""

    texts: csr_matrix  # facts of the text, then grams
    sentences: csr_matrix  # facts of the sentence, then grams
    text_names: list[str]
    sentence_names: list[str]
    gram_names: list[str]
    rules: np.ndarray  # of each text and rule, whether it holds
    levels: Integers
    classes: Integers  # of each sentence
    sentence_spans: list[tuple[int, int]]  # characters of its text
    is_evidence: np.ndarray  # of each sentence
    is_heard: np.ndarray  # of each sentence: whether it is known what class it is of
    text_of: Integers  # the text of each sentence
    groups: list[str]
    weights: Floats
    is_tested: np.ndarray

    def sentences_of(self, chosen: Integers) -> tuple[Integers, Integers]:
        """The sentences of some texts, and for each the place of its text among those."""
        place = np.full(len(self.levels), -1)
        place[chosen] = np.arange(len(chosen))
        places = place[self.text_of]
        return np.flatnonzero(places >= 0), places[places >= 0]


def corpus_of(labelled: Sequence[Labelled], *, min_texts: int) -> Corpus:
    """Read the texts. :param min_texts: in how many a gram must stand to be weighed."""
    read, rules = [], []
    spans: list[tuple[int, int]] = []
    is_touched: list[bool] = []
    for one in labelled:
        seen = look(one.text, one.markup)
        read.append(features_of(seen.reading, classes_of(seen.reading), seen.hits))
        rules.append(rules_for(seen.reading, seen.hits))
        own = [seen.place(*seen.reading.around(number)) for number in range(len(seen.reading.sentences))]
        is_touched += [any(start < end and begin < stop for start, stop in one.evidence) for begin, end in own]
        spans += own
    said = [list(grams(features)) for features in read]
    known = Counter(gram for sentences in said for gram in {gram for sentence in sentences for gram in sentence})
    numbers = {gram: n for n, gram in enumerate(sorted(gram for gram, count in known.items() if count >= min_texts))}
    of_text, text_names = _facts(features.of_text for features in read)
    of_sentences, sentence_names = _facts(facts for features in read for facts in features.of_sentences)
    by_text, by_sentence = _grams(said, numbers)
    levels = np.array([LEVELS.index(one.level) for one in labelled])
    text_of = np.repeat(np.arange(len(read)), [len(sentences) for sentences in said])
    is_evidence = np.array(is_touched, dtype=bool)
    spoken_for = np.isin(levels, [LEVELS.index(level) for level in _SPOKEN_FOR])[text_of]
    return Corpus(
        texts=hstack([of_text, by_text]).tocsr(),
        sentences=hstack([of_sentences, by_sentence]).tocsr(),
        text_names=text_names,
        sentence_names=sentence_names,
        gram_names=list(numbers),
        rules=np.array(rules, dtype=bool),
        levels=levels,
        classes=np.where(is_evidence | spoken_for, levels[text_of], CLASSES.index(NO_EVIDENCE)),
        sentence_spans=spans,
        is_evidence=is_evidence,
        is_heard=spoken_for | np.isin(text_of, text_of[is_evidence]),
        text_of=text_of,
        groups=[one.group for one in labelled],
        weights=np.array([one.weight for one in labelled]),
        is_tested=np.array([one.is_tested for one in labelled]),
    )


def _facts(rows: Iterable[Iterable[str]]) -> tuple[csr_matrix, list[str]]:
    names: dict[str, int] = {}
    columns: list[int] = []
    ends = [0]
    for facts in rows:
        columns += [names.setdefault(fact, len(names)) for fact in dict.fromkeys(facts)]
        ends.append(len(columns))
    return csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(ends) - 1, len(names))), list(names)


def _grams(said: Sequence[Sequence[Sequence[str]]], known: dict[str, int]) -> tuple[csr_matrix, csr_matrix]:
    by_text, by_sentence = _Rows(len(known), GRAMS_IN_TEXT), _Rows(len(known), GRAMS_IN_SENTENCE)
    for sentences in said:
        by_text.add(known[gram] for sentence in sentences for gram in sentence if gram in known)
        for sentence in sentences:
            by_sentence.add(known[gram] for gram in sentence if gram in known)
    return by_text.matrix(), by_sentence.matrix()


class _Rows:
    """Counts of grams, divided by the root of their number."""

    def __init__(self, width: int, scale: float) -> None:
        self._width, self._scale = width, scale
        self._columns: list[int] = []
        self._values: list[float] = []
        self._ends = [0]

    def add(self, columns: Iterable[int]) -> None:
        found = list(columns)
        self._columns += found
        self._values += [self._scale / max(len(found), 1) ** 0.5] * len(found)
        self._ends.append(len(self._columns))

    def matrix(self) -> csr_matrix:
        shape = (len(self._ends) - 1, self._width)
        made = csr_matrix((self._values, self._columns, self._ends), shape=shape)
        made.sum_duplicates()
        return made
