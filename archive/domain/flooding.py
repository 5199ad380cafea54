"""How much the public may send in: how often one person, how much for one thing, and how much may wait in all.

Whoever sends is counted by address, by browser and by account, whichever of them there is.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from archive.errors import ArchiveError


class Sent(StrEnum):
    """Something that anybody may send in, with an account or without."""

    REFERENCE = "reference"  # for an answer that gives none
    OBJECTION = "objection"  # to a tag
    TAKEDOWN = "takedown"  # a request for one


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How much of something is taken."""

    sent: Sent
    many: str  # what is sent, in the plural
    most: int  # from one address, browser or account …
    within: timedelta  # … for as long
    within_words: str
    waiting_for_one: int  # on which nobody has decided, for one answer, say
    waiting: int  # in the whole archive, from readers without an account


class FloodingError(ArchiveError):
    """More came than is taken."""


class TooManyError(FloodingError):
    """Somebody sends more than people do."""

    def __init__(self, limit: Limit) -> None:
        self.limit = limit
        self.retry_after = int(limit.within.total_seconds())  # seconds
        super().__init__(
            f"{limit.most} {limit.many} came from here within {limit.within_words}, which is as many as are taken. "
            f"What you typed was not stored. Try again in {limit.within_words}."
        )


class EnoughError(FloodingError):
    """As many wait as people can look at."""


def check_waiting(limit: Limit, *, waiting: int) -> None:
    """Whether one more may wait in the archive.

    :param waiting: those from readers without an account on which nobody has decided.
    :raises EnoughError: if not.
    """
    if waiting >= limit.waiting:
        raise EnoughError(f"More {limit.many} wait here than moderators can look at. Come again later.")
