"""What the pages of the practice show."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from archive.domain.practice import PracticeAnswer, PracticeRound
from archive.domain.source_quality import Level
from archive.web.moderation.marked_text import Shown, shown

PRACTICE = "/moderation/practice"


class Step(StrEnum):
    """How far an answer is; the word is read out."""

    OPEN = "open"
    RIGHT = "right"
    OTHER = "another level"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLink:
    """One of the answers in the row of numbers."""

    number: int
    address: str
    step: Step


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticePage:
    """One practice answer, and once it has its level, what decides it."""

    round: PracticeRound
    number: int
    answer: PracticeAnswer
    given: Level | None  # None: no level yet, and nothing is told
    text: Shown
    steps: Sequence[StepLink]
    before: str | None  # address of the answer before
    next: str  # address of the next one without a level, or of the summary

    @property
    def right(self) -> bool:
        """Whether the level that was given is the answer's."""
        return self.given is self.answer.level

    @property
    def against(self) -> str:
        """What speaks against the level that was given; "" where that was right, or nothing is said of it."""
        return "" if self.given is None else self.answer.against.get(self.given, "")


def practice_page(there: PracticeRound, number: int) -> PracticePage:
    """The page of an answer, whose number the caller has checked."""
    answer = there.answers[number - 1]
    given = there.given.get(answer.key)
    return PracticePage(
        round=there,
        number=number,
        answer=answer,
        given=given,
        text=shown(answer.answer, answer.spans if given else ()),
        steps=step_links(there),
        before=answer_address(there, number - 1) if number > 1 else None,
        next=_next_address(there, number),
    )


def step_links(there: PracticeRound) -> list[StepLink]:
    """The row of numbers."""
    return [
        StepLink(number=number, address=answer_address(there, number), step=_step(there, answer))
        for number, answer in enumerate(there.answers, start=1)
    ]


def answer_address(there: PracticeRound, number: int) -> str:
    """Where an answer is practised, or read once more."""
    done = there.answers[number - 1].key in there.given
    return f"{PRACTICE}/{there.number}/{number}#{'said-h' if done else 'focus-h'}"


def summary_address(there: PracticeRound) -> str:
    """Where a round is summed up."""
    return f"{PRACTICE}/{there.number}"


def _next_address(there: PracticeRound, number: int) -> str:
    following = there.next_after(number)
    return summary_address(there) if following is None else answer_address(there, following)


def _step(there: PracticeRound, answer: PracticeAnswer) -> Step:
    given = there.given.get(answer.key)
    if given is None:
        return Step.OPEN
    return Step.RIGHT if given is answer.level else Step.OTHER
