"""What a moderator may find of a citation, and what becomes of a reference that somebody supplies."""

from enum import StrEnum


class Verdict(StrEnum):
    """What came of looking a citation up."""

    UNCHECKED = "unchecked"  # takes a verdict back
    FOUND = "found"
    SUPPORTS = "supports"
    PARTLY = "partly"
    DOES_NOT_SUPPORT = "does not support"
    NOT_FOUND = "not found"
    DEAD = "dead"
    NO_ACCESS = "no access"
    FABRICATED = "fabricated"


class TraceState(StrEnum):
    """What became of a reference that somebody supplied for an answer."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
