"""How a reader likes to read: theme and size of text, kept in a cookie and nowhere else."""

from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Reading:
    """A reader's choices."""

    theme: Theme = Theme.SYSTEM
    size: Size = Size.USUAL

    @property
    def code(self) -> str:
        """What the cookie holds."""
        return f"{self.theme}.{self.size}"


COOKIE = "footnote-reading"
COOKIE_LIFETIME = 365 * 24 * 60 * 60  # seconds
_USUAL = Reading()
_BY_CODE = {Reading(theme, size).code: Reading(theme, size) for theme in Theme for size in Size}


def reading_of(code: str) -> Reading:
    """The choices that a cookie holds; the usual ones where it holds none that we know."""
    return _BY_CODE.get(code, _USUAL)


def wanted_reading() -> Reading:
    """The choices in the request's cookie."""
    return reading_of(request.cookies.get(COOKIE, ""))
