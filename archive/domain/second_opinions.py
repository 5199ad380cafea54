"""What becomes of an answer that several moderators have read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from archive.domain.source_quality import Level


class Basis(StrEnum):
    """What a decision rests on. Of votes, an adjudication outweighs agreement, and that a single one."""

    SINGLE = "single"
    AGREED = "agreed"
    ADJUDICATED = "adjudicated"
    OBJECTION = "objection"  # somebody questioned the tag
    REFERENCE = "reference"  # somebody supplied one, or one was struck

    @property
    def from_votes(self) -> bool:
        """Whether votes came to it by themselves."""
        return self in (Basis.SINGLE, Basis.AGREED)


class State(StrEnum):
    """How far the reading of an answer is."""

    UNREAD = "unread"
    WANTS_VOTE = "wants vote"
    DISPUTED = "disputed"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What votes come to."""

    state: State
    level: Level | None = None  # where they decide
    basis: Basis | None = None
    wanted: int = 0  # further votes


def outcome(levels: Sequence[Level], needed: int) -> Outcome:
    """What the votes on one text come to, one of each moderator, in the order in which they came.

    Two that lie one step apart on the spine want a third; a majority of three or more decides.
    """
    if not levels:
        return Outcome(State.UNREAD, wanted=needed)
    if len(levels) < needed:
        return Outcome(State.WANTS_VOTE, wanted=needed - len(levels))
    level, most = Counter(levels).most_common(1)[0]
    if most == len(levels):
        return Outcome(State.DECIDED, level, Basis.AGREED if most > 1 else Basis.SINGLE)
    if len(levels) == 2:
        return Outcome(State.WANTS_VOTE, wanted=1) if one_step_apart(*levels) else Outcome(State.DISPUTED)
    if 2 * most > len(levels):
        return Outcome(State.DECIDED, level, Basis.AGREED)
    return Outcome(State.DISPUTED)


def one_step_apart(one: Level, other: Level) -> bool:
    """Whether two levels are neighbours on the spine."""
    return one.rank is not None and other.rank is not None and abs(one.rank - other.rank) == 1


def basis_words(basis: Basis, *, agreeing: int, votes: int) -> str:
    """What readers are told of how a level was decided.

    :param agreeing: the votes that gave it, of all that were in.
    """
    if basis is Basis.AGREED:
        return f"{agreeing} of {votes} agree"
    return _WORDS[basis]


_WORDS = {
    Basis.SINGLE: "One moderator’s decision",
    Basis.ADJUDICATED: "Decided between two readings",
    Basis.OBJECTION: "Decided on an objection",
    Basis.REFERENCE: "By a reference",
}
