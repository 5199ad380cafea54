"""How fast an import is, and how long it will still take."""

from dataclasses import dataclass

_SOON = 2.0  # seconds before which nothing can be said


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far an import was at a moment."""

    posts: int
    size: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The mean speed since a run began."""

    posts: float  # a second
    size: float  # bytes a second
    left: float | None  # seconds; None: nobody can say


def pace(*, begun: Mark, reached: Mark, whole: int, seconds: float) -> Pace | None:
    """How fast it went from one mark to the other in so many seconds; None where it is too early to say.

    :param whole: bytes, of all files together.
    """
    size = reached.size - begun.size
    if seconds < _SOON or size <= 0:
        return None
    left = max(whole - reached.size, 0)
    return Pace(posts=(reached.posts - begun.posts) / seconds, size=size / seconds, left=left * seconds / size)
