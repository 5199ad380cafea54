"""What can become of a stretch that could not be read: it is repaired, or dismissed for a reason."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

from archive.errors import ArchiveError

MAX_DISMISSAL_WORDS = 500  # characters
CAUSE_CHARACTERS = 12  # of the key of a cause

_DIFFERS = re.compile(r"“[^”]*”|[0-9][0-9,.]*[0-9]|[0-9]")


class Resolved(StrEnum):
    """What became of a stretch in quarantine."""

    REPAIRED = "repaired"  # its text was mended, received as an original of its own, and read
    DISMISSED = "dismissed"  # an archivist said why it is left where it is


class Dismissal(StrEnum):
    """Why a stretch is left unread."""

    NO_POST = "no_post"
    DAMAGED = "damaged"
    ELSEWHERE = "elsewhere"
    UNWANTED = "unwanted"
    OTHER = "other"


DISMISSAL_WORDS: dict[Dismissal, str] = {
    Dismissal.NO_POST: "It holds no post",
    Dismissal.DAMAGED: "It is damaged beyond repair",
    Dismissal.ELSEWHERE: "The archive has it from another file",
    Dismissal.UNWANTED: "It does not belong in this collection",
    Dismissal.OTHER: "Another reason, in words",
}


class DismissalError(ArchiveError):
    """A dismissal does not say enough, or says too much."""


def check_dismissal(reason: Dismissal, words: str) -> None:
    """Whether that is a reason.

    :raises DismissalError: if it is none.
    """
    if reason is Dismissal.OTHER and not words:
        raise DismissalError("Say in words what the other reason is.")
    if len(words) > MAX_DISMISSAL_WORDS:
        raise DismissalError(f"What you add to a reason has at most {MAX_DISMISSAL_WORDS} characters.")


def cause_of(sentence: str) -> str:
    """What the sentences on many stretches have in common: without numbers, and without words of the input."""
    return _DIFFERS.sub("…", sentence)


def cause_key(sentence: str) -> str:
    """The same as a key, by which stretches with one cause are counted and found."""
    return hashlib.sha256(cause_of(sentence).encode("utf-8", "surrogatepass")).hexdigest()[:CAUSE_CHARACTERS]


def runs(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers as the first and last of each run of them, for the ledger: thousands may be dismissed at once."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def numbers_in(runs: Iterable[Iterable[int]]) -> Iterator[int]:
    """Yield the numbers that runs hold."""
    for first, last in runs:
        yield from range(first, last + 1)
