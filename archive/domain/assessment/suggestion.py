"""What the engine proposes for a text: a level, the words that speak for it, and the way to it."""

from dataclasses import dataclass

from archive.domain.source_quality import Level

SUREST = 0.95  # of texts of which more was said, one in fifteen came out otherwise
_UNSURE_BELOW = 0.5  # confidence under which another level is as likely


def as_confidence(chance: float) -> float:
    """A chance as it is told: to three digits, and never as certain as no number of labelled texts could make it."""
    return round(min(float(chance), SUREST), 3)


@dataclass(frozen=True, slots=True)
class Signal:
    """Something seen in the text."""

    start: int  # characters from the start of the text
    end: int  # characters, exclusive
    kind: str  # a name from the table of kinds, e.g. "url", "locator", "recollection"
    why: str  # a short phrase for people, e.g. "says that it cannot be cited"


@dataclass(frozen=True, slots=True)
class Reason:
    """How much something speaks for a level, or against it."""

    name: str  # e.g. "Said to be from memory", "never says I"
    weight: float | None  # more than the mean of what it gives all levels, less than none: against; None: it settled it


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A proposal. It is never shown to readers."""

    level: Level | None  # None: the text is in a language that the engine does not know
    confidence: float  # 0 to 1: of texts with this number, coders agreed on about that share
    second: Level | None = None  # the next likely level
    second_confidence: float = 0.0
    path: tuple[str, ...]  # the way through the decision tree, a sentence a step
    signals: tuple[Signal, ...]  # in order of start
    telling: tuple[int, int] | None = None  # the sentence that most likely decides: characters of the text
    changes: tuple[str, ...] = ()  # what would make another level of it
    engine: str  # which version of the engine said so

    @property
    def unsure(self) -> bool:
        """Whether the level is as likely another, so that two are named, and nobody is stopped for it."""
        return self.level is not None and self.confidence < _UNSURE_BELOW
