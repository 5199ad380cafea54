"""Features: what the model weighs, each by a name that a person can read.

Of each sentence: the signals in it, its place and length, its words, and runs of two and three
classes of words. Of the whole text: how often each signal stands in it, whether at the beginning
or the end, and the facts of its shape.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from archive.domain.assessment.facts import facts_of
from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.reading import Reading
from archive.domain.assessment.word_classes import CLASS_NAMES, PARAGRAPH

_COUNTED = (1, 2, 4)  # how often a signal must stand in a text to count once more
_WORDS_A_STEP, _STEPS = 8, 5  # lengths of sentences are told apart in steps of eight words, up to five
_MANY_SENTENCES = 6


class Features(NamedTuple):
    """What is to be weighed of one text."""

    words: list[str]
    classes: list[int]  # of the words
    sentences: Sequence[tuple[int, int]]  # the first word of each, and that behind its last
    of_sentences: list[list[str]]  # the facts of each sentence
    of_text: list[str]  # the facts of the text


def features_of(reading: Reading, classes: list[int], hits: Sequence[Hit]) -> Features:
    """:param hits: the signals, the cap rule applied. Block quotations and footers do not vote."""
    hits = [hit for hit in hits if hit.kind != "block_quote"]
    of_sentences, of_text = list(_of_sentences(reading, hits)), list(_of_text(reading, hits))
    return Features(reading.words, classes, reading.sentences, of_sentences, of_text)


def grams(features: Features) -> Iterator[list[str]]:
    """Yield the words and the runs of classes of each sentence, by their names."""
    for first, last in features.sentences:
        named = [CLASS_NAMES[number] for number in features.classes[first:last]]
        words = [PARAGRAPH if word == "\n" else word for word in features.words[first:last]]
        pairs = [f"{a} {b}" for a, b in pairwise(named)]
        triples = [f"{a} {b} {c}" for a, b, c in zip(named, named[1:], named[2:], strict=False)]
        yield [*words, *pairs, *triples]


def _of_sentences(reading: Reading, hits: Sequence[Hit]) -> Iterator[list[str]]:
    by_sentence: dict[int, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_sentence[hit.sentence].append(hit)
    sentences = reading.sentences
    last_place = len(sentences) - 1
    common = f"sentences {min(len(sentences), _MANY_SENTENCES)}"
    for place, (first, last) in enumerate(sentences):
        facts = [common, _length(min(_STEPS, (last - first) // _WORDS_A_STEP))]
        if place == 0:
            facts.append("opens the text")
        if place == last_place:
            facts.append("ends the text")
        here = by_sentence.get(reading.sentence_of(first))
        yield facts if here is None else [*facts, *_of_hits(here)]


def _of_hits(hits: Sequence[Hit]) -> list[str]:
    facts: dict[str, None] = {}
    for hit in hits:
        signal = _signal(hit.kind, hit.strength)
        facts[f"{signal}, twice" if signal in facts else signal] = None
        facts[hit.why] = None
    return list(facts)


def _of_text(reading: Reading, hits: Sequence[Hit]) -> Iterator[str]:
    for fact, count in facts_of(reading, hits).items():
        yield from (_counted(fact, least) for least in range(1, count + 1))
    for (kind, strength), count in Counter((hit.kind, hit.strength) for hit in hits).items():
        yield from (_counted(_signal(kind, strength), least) for least in _COUNTED if count >= least)
    ends = len(reading.sentences) - 1
    yield from {hit.why: None for hit in hits}
    yield from {f"opens: {_signal(hit.kind, hit.strength)}": None for hit in hits if hit.sentence == 0}
    yield from {f"ends: {_signal(hit.kind, hit.strength)}": None for hit in hits if hit.sentence >= ends}


@lru_cache(maxsize=1_000)
def _signal(kind: str, strength: int) -> str:
    return f"{kind} {strength}"


@lru_cache(maxsize=1_000)
def _counted(fact: str, least: int) -> str:
    return f"{fact} ≥{least}"


@lru_cache(maxsize=10)
def _length(step: int) -> str:
    return f"length {step}"
