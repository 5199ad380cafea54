"""The levels of source quality: how an answer says it knows.

One thing is measured: the effort left to a reader who wants to check. Not truth, not
expertise, not good writing.
"""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Five levels on an ordinal spine, and three off it."""

    PINPOINT = "pinpoint"
    CITED = "cited"
    ATTRIBUTED = "attributed"
    RECOLLECTED = "recollected"
    UNSOURCED = "unsourced"
    TESTIMONY = "testimony"
    CONJECTURE = "conjecture"
    NOT_ANSWER = "not_answer"

    @property
    def badge(self) -> str:
        """The words that a reader sees."""
        return DEFINITIONS[self].badge

    @property
    def rank(self) -> int | None:
        """The place on the spine, 4 for the best; None off the spine."""
        return DEFINITIONS[self].rank

    @property
    def sourced(self) -> bool:
        """Whether a stranger can retrieve what the answer rests on."""
        return self in (Level.PINPOINT, Level.CITED)


@dataclass(frozen=True, slots=True)
class Definition:
    """What stays of a level whatever the codebook says of it: its place on the spine, and the words of its badge."""

    rank: int | None
    badge: str


DEFINITIONS: dict[Level, Definition] = {
    Level.PINPOINT: Definition(4, "Cited, with page"),
    Level.CITED: Definition(3, "Cited"),
    Level.ATTRIBUTED: Definition(2, "Attributed, not cited"),
    Level.RECOLLECTED: Definition(1, "From memory"),
    Level.UNSOURCED: Definition(0, "No source given"),
    Level.TESTIMONY: Definition(None, "Personal account"),
    Level.CONJECTURE: Definition(None, "Reasoned guess"),
    Level.NOT_ANSWER: Definition(None, "Not an answer"),
}
