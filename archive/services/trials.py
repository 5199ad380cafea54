"""Suggestions on trial: what is said of one, whether it is shown, and how each kind does."""

import dataclasses
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.domain.agreement.trials import ENOUGH_OF_A_PATH, NEWEST, Trial
from archive.domain.assessment.path import path_name
from archive.domain.assessment.suggestion import Suggestion
from archive.domain.source_quality import Level
from archive.services.assess import current_engine
from archive.store.blind_votes import count_trial, trial_rows

MOST_VOTES = 20_000  # that the page of all kinds looks at
Tally = dict[tuple[Level, str | None], list[bool]]  # by level and rule path (None: any), whether each vote agreed
_LEVELS = {level: number for number, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class OnTrial:
    """A suggestion as it may be shown, and how such suggestions do."""

    suggestion: Suggestion  # without a level where it is not to be shown
    trial: Trial
    is_withheld: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """Suggestions that came about alike."""

    level: Level
    path: str | None  # None: all suggestions of the level
    trial: Trial
    is_shown: bool  # on the bench


@dataclass(frozen=True, slots=True)
class EngineOnTrial:
    """One version of the engine, and the kinds of its suggestions on which there are blind votes."""

    name: str
    in_use: bool
    kinds: Sequence[Kind]  # by level, all of it first, then the rule paths, those with most votes first

    @property
    def whole(self) -> Trial:
        """All of its suggestions."""
        levels = [kind.trial for kind in self.kinds if kind.path is None]
        return Trial(sum(trial.agreed for trial in levels), sum(trial.votes for trial in levels), by_path=False)


@dataclass(frozen=True, slots=True)
class TrialsPage:
    """Every version of the engine on which there are blind votes, that in use first."""

    engines: Sequence[EngineOnTrial]
    least: int  # percent of the votes that must agree, or such suggestions are not shown; 0: all are shown
    only: int | None  # so many of the newest votes were looked at; None: all


def trial_of(session: Session, suggestion: Suggestion) -> Trial:
    """How often blind votes agreed with suggestions like this one: by its rule path, or by its level where the path has
    too few.
    """
    if suggestion.level is None:
        return Trial(0, 0)
    for path in (path_name(suggestion), None):
        agreed, votes = count_trial(session, engine=suggestion.engine, level=suggestion.level, path=path, newest=NEWEST)
        if votes >= ENOUGH_OF_A_PATH:
            break
    return Trial(agreed, votes, by_path=path is not None)


def on_trial(session: Session, suggestion: Suggestion, *, least: int) -> OnTrial:
    """A suggestion as it may be shown: without its level, and all that leads to it, where such suggestions do badly.

    :param least: percent of blind votes that must have agreed; 0 shows any.
    """
    trial = trial_of(session, suggestion)
    if not trial.fails(least):
        return OnTrial(suggestion, trial, is_withheld=False)
    bare = dataclasses.replace(
        suggestion, level=None, confidence=0.0, second=None, second_confidence=0.0, path=(), telling=None, changes=()
    )
    return OnTrial(bare, trial, is_withheld=True)


def trials_page(session: Session, *, least: int) -> TrialsPage:
    """How each kind of suggestion does."""
    rows = trial_rows(session, most=MOST_VOTES + 1)
    votes: dict[str, Tally] = defaultdict(lambda: defaultdict(list))
    for row in rows[:MOST_VOTES]:
        for path in (row.path, None):
            votes[row.engine][row.suggested, path].append(row.level == row.suggested)
    in_use = current_engine(session)
    names = sorted(votes, key=lambda name: name != in_use)  # otherwise those with the newest votes first
    engines = [EngineOnTrial(name, name == in_use, _kinds(votes[name], least)) for name in names]
    return TrialsPage(engines, least, MOST_VOTES if len(rows) > MOST_VOTES else None)


def _kinds(votes: Tally, least: int) -> Sequence[Kind]:
    trials = {
        (level, path): Trial(sum(agreed[:NEWEST]), len(agreed[:NEWEST]), by_path=path is not None)
        for (level, path), agreed in votes.items()
    }
    found = []
    for (level, path), trial in trials.items():
        judged = trial if trial.votes >= ENOUGH_OF_A_PATH else trials[level, None]
        found.append(Kind(level, path, trial, is_shown=not judged.fails(least)))
    return sorted(
        found, key=lambda kind: (_LEVELS[kind.level], kind.path is not None, -kind.trial.votes, kind.path or "")
    )
