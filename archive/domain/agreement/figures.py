"""How far moderators agree who read the same answers independently: every figure of it, from their votes."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import TypeVar

from archive.domain.agreement.alpha import Interval, alpha, interval_of, ratings
from archive.domain.agreement.confusion import Confusion, confusion
from archive.domain.agreement.differences import Difference, mixed, nominal, ordinal
from archive.domain.ids import PublicId, UserId
from archive.domain.source_quality import Level

ENOUGH = 50  # answers below which chance would speak louder than moderators do
_K = TypeVar("_K", date, int)
_LEVELS = tuple(sorted(Level, key=lambda level: level.rank is None))  # the spine first, in its order
_SPINE = tuple(level for level in _LEVELS if level.rank is not None)


@dataclass(frozen=True, slots=True)
class Reading:
    """The first blind vote of one moderator on one text."""

    moderator: UserId
    level: Level
    at: datetime  # aware, UTC
    codebook: int  # its version


@dataclass(frozen=True, slots=True)
class ReadTwice:
    """An answer that moderators read independently."""

    post: PublicId
    readings: Sequence[Reading]  # the oldest first; two at least, of different moderators

    @property
    def levels(self) -> Sequence[Level]:
        """What was said of it, in the order in which it was said."""
        return [reading.level for reading in self.readings]

    @property
    def is_same(self) -> bool:
        """Whether all said the same."""
        return len(set(self.levels)) == 1

    @property
    def version(self) -> int | None:
        """Of the codebook by which all read it; None where they read it by several."""
        versions = {reading.codebook for reading in self.readings}
        return versions.pop() if len(versions) == 1 else None

    @property
    def month(self) -> date:
        """The first day of the month, UTC, in which the second vote came."""
        return self.readings[1].at.date().replace(day=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """How far votes on some answers agree."""

    answers: int
    same: int  # answers of which all said the same
    alpha: float | None  # None where there was nothing to disagree on, or the answers are too few
    interval: Interval | None  # in which alpha lies by 95 %; None where that cannot be said

    @property
    def enough(self) -> bool:
        """Whether there are answers enough for the figures to be shown."""
        return self.answers >= ENOUGH

    @property
    def share(self) -> float:
        """The share of answers of which all said the same."""
        return self.same / self.answers if self.answers else 0.0


@dataclass(frozen=True, slots=True)
class Measure:
    """A way to weigh that two levels differ."""

    name: str
    short: str  # for a plot
    meaning: str
    difference: Difference
    values: Sequence[Hashable]  # in order
    as_value: Callable[[Level], Hashable | None]  # None: the level is left out


MEASURES = (
    Measure(
        "Nominal, all eight levels", "Nominal", "any difference counts in full", nominal, _LEVELS, lambda level: level
    ),
    Measure(
        "Mixed, all eight levels",
        "Mixed",
        "a step on the spine counts less than four, any other difference in full",
        mixed(len(_SPINE)),
        _LEVELS,
        lambda level: level,
    ),
    Measure(
        "Ordinal, on the spine",
        "Ordinal, spine",
        "a step apart counts less than four; votes for levels off the spine are left out",
        ordinal,
        _SPINE,
        lambda level: level if level in _SPINE else None,
    ),
    Measure(
        "Sourced or not",
        "Sourced or not",
        "Cited, with page and Cited against the rest",
        nominal,
        (True, False),
        lambda level: level.sourced,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Every figure of some answers that were read independently."""

    whole: Figures  # nominal
    measures: Sequence[tuple[Measure, Figures]]
    table: Confusion[Level]  # first vote, second vote
    levels: Sequence[tuple[Level, Figures]]  # each against all others, of answers to which somebody gave it
    pairs: Sequence[tuple[UserId, UserId, Figures]]  # those who read most together first
    months: Sequence[tuple[date, Figures]]  # the oldest first
    versions: Sequence[tuple[int, Figures]]  # of the codebook, the oldest first


def agreement_of(answers: Sequence[ReadTwice]) -> Agreement:
    """All figures. Those of fewer than ENOUGH answers have no alpha."""
    measures = [(measure, _measured(answers, measure)) for measure in MEASURES]
    return Agreement(
        whole=measures[0][1],
        measures=measures,
        table=confusion((answer.levels[0], answer.levels[1]) for answer in answers),
        levels=[(level, _against_the_rest(answers, level)) for level in Level],
        pairs=_pairs(answers),
        months=[(month, _plain(some)) for month, some in _grouped((answer.month, answer) for answer in answers)],
        versions=[
            (version, _plain(some))
            for version, some in _grouped((answer.version, answer) for answer in answers if answer.version is not None)
        ],
    )


def _plain(answers: Sequence[ReadTwice]) -> Figures:
    return _measured(answers, MEASURES[0])


def _measured(answers: Sequence[ReadTwice], measure: Measure) -> Figures:
    units = []
    for answer in answers:
        values = [value for level in answer.levels if (value := measure.as_value(level)) is not None]
        if len(values) > 1:
            units.append(values)
    return _figures(units, measure.values, measure.difference)


def _against_the_rest(answers: Sequence[ReadTwice], level: Level) -> Figures:
    """Of one level: its alpha is of all answers, since most of what it is to be told from are answers without it."""
    given = [answer for answer in answers if level in answer.levels]
    same = sum(answer.is_same for answer in given)
    if len(given) < ENOUGH:
        return Figures(len(given), same, None, None)
    figures = _figures([[one == level for one in answer.levels] for answer in answers], (True, False), nominal)
    return Figures(len(given), same, figures.alpha, figures.interval)


def _pairs(answers: Sequence[ReadTwice]) -> Sequence[tuple[UserId, UserId, Figures]]:
    together: dict[tuple[UserId, UserId], list[tuple[Level, Level]]] = defaultdict(list)
    for answer in answers:
        for pair in combinations(sorted(answer.readings, key=lambda reading: reading.moderator), 2):
            together[pair[0].moderator, pair[1].moderator].append((pair[0].level, pair[1].level))
    found = [(one, other, _figures(votes, _LEVELS, nominal)) for (one, other), votes in together.items()]
    return sorted(found, key=lambda pair: (-pair[2].answers, pair[0], pair[1]))


def _figures(units: Sequence[Sequence[Hashable]], values: Sequence[Hashable], difference: Difference) -> Figures:
    same = sum(len(set(unit)) == 1 for unit in units)
    if len(units) < ENOUGH:
        return Figures(len(units), same, None, None)
    said = ratings(units, values)
    return Figures(len(units), same, alpha(said, difference), interval_of(said, difference))


def _grouped(answers: Iterable[tuple[_K, ReadTwice]]) -> Sequence[tuple[_K, Sequence[ReadTwice]]]:
    """The answers of each key, in order of keys."""
    groups: dict[_K, list[ReadTwice]] = defaultdict(list)
    for key, answer in answers:
        groups[key].append(answer)
    return [(key, groups[key]) for key in sorted(groups)]
