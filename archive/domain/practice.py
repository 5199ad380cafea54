"""Practice answers: short answers whose level is known, to learn the codebook on before one's votes count."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from archive.domain.source_quality import Level
from archive.errors import ArchiveError


class PracticeAnsweredError(ArchiveError):
    """A practice answer has its level from this person already, and another one was sent."""

    def __init__(self, *, number: int, first: Level) -> None:
        self.number, self.first = number, first
        super().__init__(
            f"You gave practice answer {number} a level before: “{first.badge}”. The first one counts, "
            "and what you chose now was not kept."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeAnswer:
    """One answer to practise on."""

    key: str
    question: str
    answer: str
    level: Level
    words: Sequence[str]  # that decide; each stands in the answer once
    explanation: str
    against: Mapping[Level, str]  # what speaks against the levels that are likeliest to be chosen instead

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where the words that decide stand: characters of the answer.

        :raises ValueError: if some are not there.
        """
        starts = [(self.answer.index(words), len(words)) for words in self.words]
        return sorted((start, start + length) for start, length in starts)


@dataclass(frozen=True, slots=True)
class LevelScore:
    """How many answers of one level were given it."""

    level: Level
    right: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeRound:
    """One time through the practice answers, as far as it went."""

    number: int  # from 1
    answers: Sequence[PracticeAnswer]
    given: Mapping[str, Level]  # by key of the answer: the first level that was given

    @property
    def done(self) -> bool:
        """Whether every answer has its level."""
        return all(answer.key in self.given for answer in self.answers)

    @property
    def left(self) -> int:
        """How many answers have none."""
        return sum(answer.key not in self.given for answer in self.answers)

    @property
    def wrong(self) -> list[tuple[int, PracticeAnswer, Level]]:
        """The answers that were given another level than theirs: their numbers from 1, and that level."""
        return [
            (number, answer, self.given[answer.key])
            for number, answer in enumerate(self.answers, start=1)
            if answer.key in self.given and self.given[answer.key] is not answer.level
        ]

    @property
    def right(self) -> int:
        """How many were given theirs."""
        return len(self.answers) - self.left - len(self.wrong)

    def next_after(self, number: int) -> int | None:
        """The number of the next answer without a level; where none follows, of the first; None where all have one."""
        open_ = [n for n, answer in enumerate(self.answers, start=1) if answer.key not in self.given]
        return next((n for n in open_ if n > number), open_[0] if open_ else None)

    def by_level(self) -> list[LevelScore]:
        """The score of each level that occurs, in the order of the codebook."""
        return [score for level in Level if (score := self._score(level)).of]

    def _score(self, level: Level) -> LevelScore:
        of_level = [answer for answer in self.answers if answer.level is level]
        right = sum(self.given.get(answer.key) is level for answer in of_level)
        return LevelScore(level, right, len(of_level))


def rounds_of(answers: Sequence[PracticeAnswer], given: Iterable[tuple[int, str, Level]]) -> list[PracticeRound]:
    """The rounds that were begun, in order, and the first one in any case.

    :param given: round, key of the answer, level.
    """
    by_round: dict[int, dict[str, Level]] = {1: {}}
    for number, key, level in given:
        by_round.setdefault(number, {})[key] = level
    return [PracticeRound(number=number, answers=answers, given=by_round[number]) for number in sorted(by_round)]
