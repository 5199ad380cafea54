"""The levels of source quality: how an answer says it knows.

One thing is measured: the effort left to a reader who wants to check. Not truth, not
expertise, not good writing.
"""

from dataclasses import dataclass
from enum import StrEnum

CODEBOOK_VERSION = 2


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
    """What a level means, in the words of the codebook."""

    rank: int | None
    badge: str
    meaning: str


DEFINITIONS: dict[Level, Definition] = {
    Level.PINPOINT: Definition(
        4,
        "Cited, with page",
        "A reference that can be retrieved, with the place in it: a page, a folio, a chapter, a canonical "
        "reference, the call number of a single archival item, a time in a recording.",
    ),
    Level.CITED: Definition(
        3,
        "Cited",
        "A reference that a stranger can retrieve without asking: a link or an identifier, an author and a "
        "title, or a title of which there is only one. Offered as consulted.",
    ),
    Level.ATTRIBUTED: Definition(
        2,
        "Attributed, not cited",
        "A claim ascribed to a named scholar, witness, body or kind of record, but not enough to find the work.",
    ),
    Level.RECOLLECTED: Definition(
        1,
        "From memory",
        "The writer says that it was read, heard, watched or taught and is recalled now, or that it cannot be cited.",
    ),
    Level.UNSOURCED: Definition(
        0,
        "No source given",
        "None of these. “Historians say” and “it is well known” stay here.",
    ),
    Level.TESTIMONY: Definition(
        None,
        "Personal account",
        "The writer’s own experience, or what a witness told the writer in person.",
    ),
    Level.CONJECTURE: Definition(
        None,
        "Reasoned guess",
        "The main claim is marked as the writer’s own inference or guess, and nothing is given for it.",
    ),
    Level.NOT_ANSWER: Definition(
        None,
        "Not an answer",
        "Nothing that answers: a question, a joke, thanks, a notice, a deleted text, pure opinion or advice.",
    ),
}
