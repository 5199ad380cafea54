"""Which of the lines that stand alone are authors' names, and which are paragraphs of one line.

Each such line is weighed by the rules of `imports.name_shapes` and
`imports.name_places`. What stands next to it counts too:
nobody posts an empty text, so a name cannot follow a name or end the thread. The best reading of
neighbouring lines is therefore found together (Viterbi's algorithm over two states), and the
confidence of one line is how much worse the best reading is that flips it.
"""

import math
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from archive.domain.records import LineReading
from imports.limits import MAX_NAME_CHARACTERS, MAX_NAMES_LOOKED_UP, MAX_PLACES_LOOKED_AT
from imports.name_places import AUTHOR_ELSEWHERE, IN_SENTENCES, SPOKEN_TO, look_around, weigh_place
from imports.name_shapes import PLACEHOLDERS, Evidence, weigh_shape
from imports.thread_layout import ThreadLayout

SURE_MARGIN = 4.0  # log-odds from which a line needs no second look
DOUBT_MARGIN = 2.5  # log-odds below which the archivist is asked: 92 to 8
REPEATED_WEIGHT = 1.0  # log-odds of a shape above which coming again speaks for a name: “Thanks” comes again too
HOPELESS_WEIGHT = -5.0  # log-odds of a shape that no place makes a name, unless it is the asker's
_IMPOSSIBLE = -1e5  # log-odds of a name without a text: only an archivist can say so
_CERTAIN = 1e6  # log-odds of what the archivist said
_PLACEHOLDER_IN_TEXT = -4.0  # log-odds of “[deleted]” as one paragraph among others: it is a whole text


class Verdict(NamedTuple):
    """How one line that stands alone is read."""

    paragraph: int  # which of the layout's paragraphs it is
    name: str  # the line without the blanks around it
    reading: LineReading
    margin: float  # log-odds to the opposite reading, 0 or more
    is_corrected: bool
    evidence: tuple[Evidence, ...]

    @property
    def confidence(self) -> float:
        """The probability of the reading, 0.5 to 1."""
        return 1 / (1 + math.exp(-min(self.margin, 50.0)))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is read so, strongest first, and then what speaks against it."""
        if self.is_corrected:
            return ("the archivist says so",)
        sign = 1 if self.reading is LineReading.NAME else -1
        ranked = sorted(self.evidence, key=lambda item: -abs(item.weight))
        agreeing = tuple(item.why for item in ranked if item.weight * sign > 0)
        opposing = tuple(f"but it {item.why}" for item in ranked if item.weight * sign < 0)
        return (agreeing or ("the lines next to it read better so",)) + opposing

    @property
    def is_doubtful(self) -> bool:
        """Whether the archivist should look, or has looked."""
        return self.is_corrected or self.margin < DOUBT_MARGIN


def judge_lines(text: str, layout: ThreadLayout, corrections: Mapping[int, LineReading]) -> list[Verdict]:
    """Read every line that stands alone. Corrections go by the number of the paragraph."""
    lines = _weigh_lines(text, layout, corrections)
    last = len(layout.paragraphs) - 1
    readings = list(_read_lines(lines, last))
    if _weigh_against_thread(text[layout.head_end :], lines, readings):
        readings = list(_read_lines(lines, last))
    return [
        Verdict(
            paragraph=line.paragraph,
            name=line.name,
            reading=reading,
            margin=margin,
            is_corrected=line.paragraph in corrections,
            evidence=line.evidence,
        )
        for line, (reading, margin) in zip(lines, readings, strict=True)
    ]


@dataclass(slots=True)
class _Line:
    """A line that stands alone, with what speaks for and against its being a name."""

    paragraph: int
    name: str
    evidence: tuple[Evidence, ...]
    weight: float  # log-odds

    def add(self, evidence: Evidence) -> None:
        self.evidence += (evidence,)
        self.weight += evidence.weight


_Reading = tuple[LineReading, float]  # and the margin to the opposite


def _weigh_lines(text: str, layout: ThreadLayout, corrections: Mapping[int, LineReading]) -> list[_Line]:
    alone = [
        (number, text[paragraph.start : paragraph.end].strip())
        for number, paragraph in enumerate(layout.paragraphs)
        if paragraph.is_one_line and (paragraph.end - paragraph.start <= MAX_NAME_CHARACTERS or number in corrections)
    ]
    times = Counter(name for _, name in alone)
    return [
        _Line(number, name, (), _CERTAIN if corrections[number] is LineReading.NAME else -_CERTAIN)
        if number in corrections
        else _weigh_line(text, layout, number, name, times[name])
        for number, name in alone
    ]


def _weigh_line(text: str, layout: ThreadLayout, number: int, name: str, times: int) -> _Line:
    shape = weigh_shape(name)
    if shape.weight <= HOPELESS_WEIGHT and name != layout.asker:
        return _Line(number, name, (shape,), shape.weight)
    is_repeated = times > 1 and shape.weight > REPEATED_WEIGHT
    evidence = (shape, *weigh_place(look_around(text, layout, number, shape, is_repeated=is_repeated)))
    return _Line(number, name, evidence, sum(item.weight for item in evidence))


def _weigh_against_thread(text: str, lines: Sequence[_Line], readings: Sequence[_Reading]) -> bool:
    """Add what the whole thread says about lines that are not sure by themselves; whether it says anything."""
    authors: set[str] = set()
    unsure: dict[str, list[_Line]] = {}
    for line, (reading, margin) in zip(lines, readings, strict=True):
        if margin < SURE_MARGIN and line.name not in PLACEHOLDERS:
            unsure.setdefault(line.name, []).append(line)
        elif reading is LineReading.NAME:
            authors.add(line.name)
    folded = text.casefold() if unsure else ""
    found = {name: _evidence_of_thread(name, authors, text, folded) for name in islice(unsure, MAX_NAMES_LOOKED_UP)}
    for name, evidence in found.items():
        if evidence is not None:
            for line in unsure[name]:
                line.add(evidence)
    return any(found.values())


def _evidence_of_thread(name: str, authors: Container[str], text: str, folded: str) -> Evidence | None:
    if name in authors:
        return AUTHOR_ELSEWHERE
    if f"u/{name}" in text or f"@{name}" in text:
        return SPOKEN_TO
    if _is_in_sentence(name.casefold(), folded):
        return IN_SENTENCES
    return None


def _is_in_sentence(word: str, text: str) -> bool:
    """Whether a word stands among others, and not only on lines of its own; the first places are looked at."""
    position = -1
    for _ in range(MAX_PLACES_LOOKED_AT):
        position = text.find(word, position + 1)
        if position < 0:
            return False
        before, after = text[position - 1 : position], text[position + len(word) : position + len(word) + 1]
        if _is_edge(before) and _is_edge(after) and not (_is_line_end(before) and _is_line_end(after)):
            return True
    return False


def _is_edge(character: str) -> bool:
    return not (character.isalnum() or character in {"_", "-"})


def _is_line_end(character: str) -> bool:
    return character in {"", "\r", "\n"}


def _read_lines(lines: Sequence[_Line], last: int) -> Iterator[_Reading]:
    """Read the lines run by run. `last` is the number of the thread's last paragraph."""
    for run in _runs(lines):
        yield from _best_path(
            [line.weight for line in run],
            [line.name in PLACEHOLDERS for line in run],
            opens=run[0].paragraph == 0,
            ends=run[-1].paragraph == last,
        )


def _runs(lines: Sequence[_Line]) -> Iterator[Sequence[_Line]]:
    """Lines whose paragraphs follow one another: only they depend on one another."""
    start = 0
    for end in range(1, len(lines) + 1):
        if end == len(lines) or lines[end].paragraph != lines[end - 1].paragraph + 1:
            yield lines[start:end]
            start = end


def _best_path(
    weights: Sequence[float], is_placeholder: Sequence[bool], *, opens: bool, ends: bool
) -> Iterator[_Reading]:
    """Read a run of lines together, each with its margin.

    :param opens: whether the by-line stands before the run, and not a paragraph.
    :param ends: whether nothing stands after the run.
    """
    count = len(weights)
    text_to_text = [  # log-odds of reading line i and the paragraph before it as one text
        _PLACEHOLDER_IN_TEXT if here or before else 0.0
        for before, here in zip((False, *is_placeholder), (*is_placeholder, False), strict=True)
    ]
    if opens:
        text_to_text[0] = 0.0
    name_ahead, text_ahead = [0.0] * count, [0.0] * count  # the best of what follows line i
    name_ahead[-1], text_ahead[-1] = (_IMPOSSIBLE, 0.0) if ends else (0.0, text_to_text[count])
    for i in range(count - 2, -1, -1):
        name_next, text_next = weights[i + 1] + name_ahead[i + 1], text_ahead[i + 1]
        name_ahead[i] = max(name_next + _IMPOSSIBLE, text_next)
        text_ahead[i] = max(name_next, text_next + text_to_text[i + 1])
    name_best, text_best = weights[0], text_to_text[0]  # the best that leads to line i and reads it so
    after_name = opens
    for i in range(count):
        if i:
            name_best, text_best = (
                weights[i] + max(name_best + _IMPOSSIBLE, text_best),
                max(name_best, text_best + text_to_text[i]),
            )
        margin = abs(name_best + name_ahead[i] - text_best - text_ahead[i])
        as_name = weights[i] + name_ahead[i] + (_IMPOSSIBLE if after_name and i else 0.0)
        as_text = text_ahead[i] + (0.0 if after_name else text_to_text[i])
        after_name = as_name >= as_text
        yield (LineReading.NAME if after_name else LineReading.TEXT), margin
