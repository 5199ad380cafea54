"""The engine: from a text to its signals and the way through the decision tree."""

from typing import NamedTuple

from archive.domain.assessment.confidence import confidence_in
from archive.domain.assessment.decision import Decision, apply_cap, decide
from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.reading import Reading
from archive.domain.assessment.signals import find_signals
from archive.domain.assessment.suggestion import Signal, Suggestion

ENGINE = "rules-1"  # goes up whenever the same text may come out otherwise


class Examination(NamedTuple):
    """Everything that was seen and decided."""

    hits: list[Hit]
    decision: Decision


def examine(text: str) -> Examination:
    reading = Reading(text)
    hits = apply_cap(find_signals(reading))
    return Examination(hits, decide(reading, hits))


def assess(text: str) -> Suggestion:
    """Propose a level for one answer.

    Any text will do, and the same text always gives the same proposal. Of a text longer than
    `MAX_CHARACTERS` only the beginning is read.
    """
    hits, decision = examine(text)
    return Suggestion(
        level=decision.level,
        confidence=confidence_in(decision.leaf),
        path=decision.path,
        signals=tuple(Signal(hit.start, hit.end, hit.kind, hit.why) for hit in hits),
        engine=ENGINE,
    )
