"""Labels for texts that are kept elsewhere: a text is known by a hash of its words, however it is marked up.

A list holds a line for each text: key, level, confidence of the coder (1 to 3), and the words that
decide as `first-last` (counted from 0, the last exclusive) or `@n` for the address that decides,
tab-separated; lines that begin with # are for people.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple

from archive.domain.assessment.learning.labelled import Labelled
from archive.domain.assessment.looking import Look, look
from archive.domain.assessment.reading import Reading
from archive.domain.records import Markup
from archive.domain.source_quality import Level

_UNSURE = 1  # the confidence of a label that is not learned from
_KEY = 16  # hexadecimal digits


class Label(NamedTuple):
    """What a list says of a text."""

    level: Level
    confidence: int
    evidence: str  # as in the list


class LabelLineError(ValueError):
    """A line of a list is none."""


def read_labels(lines: Iterable[str]) -> dict[str, Label]:
    """The labels by the keys of their texts.

    :raises LabelLineError: naming the line that is none.
    """
    labels = {}
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            try:
                key, level, confidence, words = line.rstrip("\n").split("\t")
                labels[key] = Label(Level(level), int(confidence), words)
            except ValueError as error:
                raise LabelLineError(f"line {number}: not a key, a level, a confidence and words: {error}") from error
    return labels


def key_of(reading: Reading) -> str:
    """By what a text is known."""
    return sha256(" ".join(reading.words[n] for n in _spoken(reading)).encode()).hexdigest()[:_KEY]


def labelled_with(labels: Mapping[str, Label], texts: Iterable[tuple[str, Markup, str]]) -> Iterator[Labelled]:
    """Yield those texts that have a label, each once.

    :param texts: each with its markup and its group.
    """
    waiting = dict(labels)
    for text, markup, group in texts:
        seen = look(text, markup)
        label = waiting.pop(key_of(seen.reading), None)
        if label is not None:
            yield Labelled(
                text=text,
                markup=markup,
                level=label.level,
                evidence=tuple(_evidence(seen, label.evidence)),
                group=group,
                weight=0.0 if label.confidence <= _UNSURE else 1.0,
            )


def _evidence(seen: Look, told: str) -> Iterator[tuple[int, int]]:
    reading = seen.reading
    if told.startswith("@"):
        yield from (seen.place(*address) for address in reading.addresses[int(told[1:]) :][:1])
    elif told:
        first, last = map(int, told.split("-"))
        spoken = _spoken(reading)[first:last]
        if spoken:
            yield seen.place(*reading.stretch(spoken[0], spoken[-1] + 1))


def _spoken(reading: Reading) -> list[int]:
    """The places of the words, without the marks between them."""
    return [place for place, word in enumerate(reading.words) if word[0].isalnum()]
