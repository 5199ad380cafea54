"""What the engine proposes for a text: a level, the words that speak for it, and the way to it."""

from dataclasses import dataclass

from archive.domain.source_quality import Level


@dataclass(frozen=True, slots=True)
class Signal:
    """Something seen in the text."""

    start: int  # characters from the start of the text
    end: int  # characters, exclusive
    kind: str  # a name from the table of kinds, e.g. "url", "locator", "recollection"
    why: str  # a short phrase for people, e.g. "says that it cannot be cited"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposal. It is never shown to readers."""

    level: Level
    confidence: float  # 0 to 1: the share of such suggestions that coders agreed with
    path: tuple[str, ...]  # the way through the decision tree, a sentence a step
    signals: tuple[Signal, ...]  # in order of start
    engine: str  # which version of the engine said so
