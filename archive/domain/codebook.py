"""The codebook: what each level means, the questions that lead to one, cases of doubt, and examples.

The words of the badges and the codes of the levels are no part of it: see `source_quality`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.domain.source_quality import Level
from archive.errors import ArchiveError

MAX_MEANING = 1_000  # characters
MAX_QUESTION = 500
MAX_CASE = 300
MAX_OUTCOME = 500
MAX_EXAMPLE = 1_500
MAX_WHY = 500
MAX_REASON = 500
MAX_CASES = 80
MAX_EXAMPLES = 80


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Where an answer to a question leads: to a level, or on to the next question."""

    yes: Level | None
    no: Level | None


# The program's own suggestions follow the questions in this order: their words can be edited, their outcomes cannot.
OUTCOMES = (
    Outcomes(None, Level.NOT_ANSWER),
    Outcomes(Level.PINPOINT, None),
    Outcomes(Level.CITED, None),
    Outcomes(Level.RECOLLECTED, None),
    Outcomes(Level.ATTRIBUTED, None),
    Outcomes(Level.TESTIMONY, None),
    Outcomes(Level.CONJECTURE, Level.UNSOURCED),
)


@dataclass(frozen=True, slots=True)
class EdgeCase:
    """A case of doubt, and what is decided in it."""

    case: str  # what the answer does
    outcome: str  # what follows
    levels: frozenset[Level] = frozenset()  # that it helps to define; none: it is a rule for all, or for none

    @property
    def key(self) -> str:
        """By which it is known among the others."""
        return plain(self.case)

    @property
    def concerned(self) -> frozenset[Level]:
        """The levels that it is about."""
        return self.levels

    @property
    def words(self) -> str:
        """All of it, to be compared."""
        return "\n".join([self.case, self.outcome, *(["Concerns: " + _names(self.levels)] if self.levels else [])])


@dataclass(frozen=True, slots=True)
class Example:
    """A text, its level, and why it has it."""

    level: Level
    text: str
    why: str

    @property
    def key(self) -> str:
        """By which it is known among the others."""
        return plain(self.text)

    @property
    def concerned(self) -> frozenset[Level]:
        """The levels that it is about."""
        return frozenset({self.level})

    @property
    def words(self) -> str:
        """All of it, to be compared."""
        return f"{self.level.badge}\n{self.text}\n{self.why}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """The whole wording of one version."""

    meanings: Mapping[Level, str]  # of every level
    questions: Sequence[str]  # as many as there are OUTCOMES
    cases: Sequence[EdgeCase]
    examples: Sequence[Example]

    @property
    def steps(self) -> Sequence[tuple[str, Outcomes]]:
        """The questions with what follows from them."""
        return list(zip(self.questions, OUTCOMES, strict=True))

    def cases_of(self, level: Level) -> Sequence[EdgeCase]:
        """The cases of doubt that help to define a level."""
        return [case for case in self.cases if level in case.levels]

    def examples_of(self, level: Level) -> Sequence[Example]:
        """The examples of a level."""
        return [example for example in self.examples if example.level is level]


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a wording from being saved."""

    place: str  # the field that it is about: "meaning-cited", "case-3", counted from 0
    sentence: str


class WordingError(ArchiveError):
    """A codebook that cannot be saved as it is."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = faults
        super().__init__(" ".join(fault.sentence for fault in faults))


def find_faults(codebook: Codebook) -> Iterator[Fault]:
    """Yield everything that keeps a wording from being saved."""
    for level in Level:
        yield from _text_faults(
            f"meaning-{level}", codebook.meanings[level], f"“{level.badge}”", "meaning", MAX_MEANING
        )
    for number, question in enumerate(codebook.questions):
        yield from _text_faults(f"question-{number}", question, f"Question {number + 1}", "text", MAX_QUESTION)
    for number, case in enumerate(codebook.cases):
        yield from _text_faults(f"case-{number}", case.case, f"Case {number + 1}", "description", MAX_CASE)
        yield from _text_faults(f"outcome-{number}", case.outcome, f"Case {number + 1}", "outcome", MAX_OUTCOME)
    for number, example in enumerate(codebook.examples):
        yield from _text_faults(f"example-{number}", example.text, f"Example {number + 1}", "text", MAX_EXAMPLE)
        yield from _text_faults(f"why-{number}", example.why, f"Example {number + 1}", "reason why", MAX_WHY)
    yield from _list_faults("case", "cases of doubt", codebook.cases, MAX_CASES)
    yield from _list_faults("example", "examples", codebook.examples, MAX_EXAMPLES)


def plain(text: str) -> str:
    """A text by which it is compared: blanks and line ends are no difference."""
    return " ".join(text.split())


def as_stored(codebook: Codebook) -> dict[str, Any]:
    """The wording as JSON holds it."""
    return {
        "meanings": {level.value: codebook.meanings[level] for level in Level},
        "questions": list(codebook.questions),
        "cases": [
            {
                "case": one.case,
                "outcome": one.outcome,
                "levels": [level.value for level in Level if level in one.levels],
            }
            for one in codebook.cases
        ],
        "examples": [{"level": one.level.value, "text": one.text, "why": one.why} for one in codebook.examples],
    }


def from_stored(stored: Mapping[str, Any]) -> Codebook:
    """The wording that JSON holds.

    :raises LookupError: if something is missing in it.
    :raises ValueError: if it names a level that there is not.
    """
    return Codebook(
        meanings={level: stored["meanings"][level.value] for level in Level},
        questions=tuple(stored["questions"]),
        cases=tuple(
            EdgeCase(one["case"], one["outcome"], frozenset(Level(level) for level in one["levels"]))
            for one in stored["cases"]
        ),
        examples=tuple(Example(Level(one["level"]), one["text"], one["why"]) for one in stored["examples"]),
    )


def _text_faults(place: str, text: str, whose: str, what: str, most: int) -> Iterator[Fault]:
    if not text.strip():
        yield Fault(place, f"{whose} has no {what}.")
    elif len(text) > most:
        yield Fault(place, f"{whose}: its {what} has at most {most:,} characters, and this has {len(text):,}.")


def _list_faults(place: str, what: str, entries: Sequence[EdgeCase | Example], most: int) -> Iterator[Fault]:
    if len(entries) > most:
        yield Fault(f"{place}-{most}", f"There are at most {most} {what}, and these are {len(entries)}.")
    first: dict[str, int] = {}
    for number, entry in enumerate(entries):
        same = first.setdefault(entry.key, number)
        if entry.key and same != number:
            yield Fault(f"{place}-{number}", f"Number {number + 1} of the {what} is the same as number {same + 1}.")


def _names(levels: frozenset[Level]) -> str:
    return "; ".join(level.badge for level in Level if level in levels)
