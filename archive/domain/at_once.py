"""Giving one level to many answers at once: what may be chosen, and what is left out at the last moment."""

from enum import StrEnum

from archive.errors import ArchiveError

MOST_AT_ONCE = 500  # answers


class Standing(StrEnum):
    """How an answer that was found stands to whoever would tag it with others."""

    FREE = "free"  # nobody has read it
    OWN = "own"  # it has its level by this moderator's vote alone
    READ = "read"  # somebody has voted, and nothing is decided
    DECIDED = "decided"
    ASIDE = "aside"  # held, or left as it is by this moderator


class LeftOut(StrEnum):
    """Why an answer that was chosen is not tagged."""

    DECIDED = "decided"  # somebody decided on it since
    READ = "read"  # somebody voted since
    ASIDE = "aside"  # somebody holds it
    CHANGED = "changed"  # it has another text now, or is not public
    SAME = "same"  # it has the level from this very moderator

    @property
    def words(self) -> str:
        """What people read."""
        return _WORDS[self]


_WORDS = {
    LeftOut.DECIDED: "decided meanwhile",
    LeftOut.READ: "read by a colleague meanwhile, and not yet decided",
    LeftOut.ASIDE: "held, or left as it is",
    LeftOut.CHANGED: "another text, or withdrawn, meanwhile",
    LeftOut.SAME: "had that level from you already",
}


class AtOnceError(ArchiveError):
    """Nothing can be tagged so."""
