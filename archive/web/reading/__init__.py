"""How a reader likes to read: theme, size of text and length of lines, kept in a cookie and nowhere else."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import product, starmap

from flask import request


class Theme(StrEnum):
    """Light or dark; SYSTEM follows the reader's system."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Size(StrEnum):
    """How large the text stands."""

    SMALL = "small"
    USUAL = "usual"
    LARGE = "large"


class Measure(StrEnum):
    """How long the lines are."""

    NARROW = "narrow"
    USUAL = "usual"
    WIDE = "wide"


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader's choices."""

    theme: Theme = Theme.SYSTEM
    size: Size = Size.USUAL
    measure: Measure = Measure.USUAL

    @property
    def code(self) -> str:
        """What the cookie holds."""
        return f"{self.theme}.{self.size}.{self.measure}"


COOKIE = "footnote-reading"
COOKIE_LIFETIME = 365 * 24 * 60 * 60  # seconds
_USUAL = Reading()
_BY_CODE = {reading.code: reading for reading in starmap(Reading, product(Theme, Size, Measure))}


def reading_of(code: str) -> Reading:
    """The choices that a cookie holds; the usual ones where it holds none that we know."""
    return _BY_CODE.get(code, _USUAL)


def wanted_reading() -> Reading:
    """The choices in the request's cookie."""
    return reading_of(request.cookies.get(COOKIE, ""))
