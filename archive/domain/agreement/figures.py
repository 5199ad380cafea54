"""How far moderators agree who read the same answers independently: every figure of it, from their votes."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import NamedTuple, TypeVar

from archive.domain.agreement.alpha import Interval, alpha, interval_of, ratings_of
from archive.domain.agreement.confusion import Confusion
from archive.domain.agreement.differences import Difference, mixed, nominal, ordinal
from archive.domain.ids import PublicId, UserId
from archive.domain.source_quality import Level

ENOUGH = 50  # answers below which chance would speak louder than moderators do
Levels = tuple[Level, ...]  # of one answer
Said = Mapping[Levels, int]  # of how many answers the same was said
_K = TypeVar("_K", date, int)
_LEVELS = tuple(sorted(Level, key=lambda level: level.rank is None))  # the spine first, in its order
_SPINE = tuple(level for level in _LEVELS if level.rank is not None)


class Reading(NamedTuple):
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
    def levels(self) -> Levels:
        """What was said of it, in the order in which it was said."""
        return tuple([reading.level for reading in self.readings])

    @property
    def is_same(self) -> bool:
        """Whether all said the same."""
        return len(set(self.levels)) == 1

    @property
    def version(self) -> int | None:
        """Of the codebook by which all read it; None where they read it by several."""
        first = self.readings[0].codebook
        return first if [reading.codebook for reading in self.readings].count(first) == len(self.readings) else None

    @property
    def month(self) -> date:
        """The first day of the month, UTC, in which the second vote came."""
        second = self.readings[1].at
        return date(second.year, second.month, 1)


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
    said = Counter(answer.levels for answer in answers)  # a few hundred at most, however many answers there are
    table: Counter[tuple[Level, Level]] = Counter()
    for levels, times in said.items():
        table[levels[0], levels[1]] += times
    by_month = _grouped((answer.month, answer.levels) for answer in answers)
    by_version = _grouped((version, answer.levels) for answer in answers if (version := answer.version) is not None)
    measures = [(measure, _measured(said, measure)) for measure in MEASURES]
    return Agreement(
        whole=measures[0][1],
        measures=measures,
        table=Confusion(table),
        levels=[(level, _against_the_rest(said, level)) for level in Level],
        pairs=_pairs(answers),
        months=[(month, _measured(some, MEASURES[0])) for month, some in by_month],
        versions=[(version, _measured(some, MEASURES[0])) for version, some in by_version],
    )


def whole_of(answers: Iterable[ReadTwice]) -> Figures:
    """How far votes on all eight levels agree, any difference counting in full."""
    return _measured(Counter(answer.levels for answer in answers), MEASURES[0])


def _measured(said: Said, measure: Measure, *, bounded: bool = True) -> Figures:
    """Figures of the answers of which two votes at least are left."""
    units: Counter[Sequence[Hashable | None]] = Counter()
    for levels, times in said.items():
        values = tuple([value for level in levels if (value := measure.as_value(level)) is not None])
        if len(values) > 1:
            units[values] += times
    answers = units.total()
    same = sum(times for values, times in units.items() if len(set(values)) == 1)
    if answers < ENOUGH:
        return Figures(answers, same, None, None)
    counted = ratings_of(units, measure.values)
    interval = interval_of(counted, measure.difference) if bounded else None
    return Figures(answers, same, alpha(counted, measure.difference), interval)


def _against_the_rest(said: Said, level: Level) -> Figures:
    """Of one level: its alpha is of all answers, since most of what it is to be told from are answers without it."""
    given = {levels: times for levels, times in said.items() if level in levels}
    same = sum(times for levels, times in given.items() if len(set(levels)) == 1)
    answers = sum(given.values())
    if answers < ENOUGH:
        return Figures(answers, same, None, None)
    measure = Measure("", "", "", nominal, (True, False), lambda one: one is level)
    figures = _measured(said, measure)
    return Figures(answers, same, figures.alpha, figures.interval)


def _pairs(answers: Iterable[ReadTwice]) -> Sequence[tuple[UserId, UserId, Figures]]:
    together: dict[tuple[UserId, UserId], Counter[Levels]] = defaultdict(Counter)
    for answer in answers:
        for one, other in combinations(answer.readings, 2):
            in_order = one.moderator < other.moderator
            pair = (one.moderator, other.moderator) if in_order else (other.moderator, one.moderator)
            together[pair][one.level, other.level] += 1
    found = [(*pair, _measured(said, MEASURES[0], bounded=False)) for pair, said in together.items()]
    return sorted(found, key=lambda pair: (-pair[2].answers, pair[0], pair[1]))


def _grouped(answers: Iterable[tuple[_K, Levels]]) -> Sequence[tuple[_K, Said]]:
    """What was said of the answers of each key, in order of keys."""
    groups: dict[_K, Counter[Levels]] = defaultdict(Counter)
    for key, levels in answers:
        groups[key][levels] += 1
    return [(key, groups[key]) for key in sorted(groups)]
