"""What may stand behind an operator: levels, dates, figures, and words of small sets."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from archive.domain.records import PostKind
from archive.domain.searching.words import WORD
from archive.domain.source_quality import Level
from archive.errors import ArchiveError

_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?")
_NO_DATE = ("", "0", None, None)  # groups of a match, with a year that there is not
_SCORE = re.compile(r"(>=|<=|=>|=<|>|<|=)?(-?\d{1,15}(?:\.\d{1,6})?)")
_RANGE = re.compile(r"(.*?)\.\.\.?(.*)", re.DOTALL)
_HOST = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?(?:www\.)?([^\s/:?#]+)", re.IGNORECASE)
_SPINE = sorted((level for level in Level if level.rank is not None), key=lambda level: level.rank or 0)
_NONE = frozenset(("none", "untagged"))
_SOURCED = "sourced"


class Has(StrEnum):
    """What can be in a post, or beside it."""

    LINK = "link"
    QUOTE = "quote"
    TAG = "tag"


class Status(StrEnum):
    """What has become of a post, and of its tag."""

    DELETED = "deleted"
    REMOVED = "removed"
    MOVED = "moved"
    REVISED = "revised"
    QUESTIONED = "questioned"
    CHECKED = "checked"
    SINGLE = "single"
    AGREED = "agreed"
    ADJUDICATED = "adjudicated"


class UnreadableValueError(ArchiveError):
    """What stands behind an operator cannot be read."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which a post was posted, UTC."""

    since: date | None  # inclusive
    until: date | None  # exclusive


@dataclass(frozen=True, slots=True)
class Score:
    """How the figure that the source gives compares."""

    sign: str  # one of >, >=, <, <=, =
    figure: float


def levels(text: str) -> frozenset[Level | None]:
    """One level, several behind commas, or a range on the spine; None among them: not yet tagged.

    :raises UnreadableValueError: if it is none of these.
    """
    found: set[Level | None] = set()
    for part in text.split(","):
        word = part.strip().lower().replace("-", "_").replace(" ", "_")
        if match := _RANGE.fullmatch(word):
            found |= _range(match[1], match[2])
        elif word == _SOURCED:
            found |= {level for level in Level if level.sourced}
        elif word in _NONE:
            found.add(None)
        else:
            found.add(_level(word))
    return frozenset(found)


def _range(one: str, other: str) -> set[Level]:
    if not (one or other):
        raise UnreadableValueError("A range wants a level at one of its ends at least, as in cited..pinpoint.")
    ends = [_level(word) if word else otherwise for word, otherwise in ((one, _SPINE[0]), (other, _SPINE[-1]))]
    ranks = [level.rank for level in ends if level.rank is not None]
    if len(ranks) < len(ends):
        raise UnreadableValueError(f"A range goes along the spine: {', '.join(_SPINE)}.")
    return {level for level in _SPINE if min(ranks) <= (level.rank or 0) <= max(ranks)}


def _level(word: str) -> Level:
    if word not in set(Level):
        raise UnreadableValueError(f"A level is one of {', '.join(Level)}; or “sourced”, or “none”.")
    return Level(word)


def kinds(text: str) -> frozenset[PostKind]:
    """Kinds of posts, behind commas.

    :raises UnreadableValueError: if one is no kind.
    """
    return frozenset(PostKind(word) for word in _words(text, [*PostKind], plural=True))


def things(text: str) -> frozenset[Has]:
    """What a post has, behind commas: one of them is enough.

    :raises UnreadableValueError: if there is no such thing.
    """
    return frozenset(Has(word) for word in _words(text, [*Has], plural=True))


def states(text: str) -> frozenset[Status]:
    """What has become of a post, behind commas: one of them is enough.

    :raises UnreadableValueError: if there is no such word.
    """
    if text.strip().lower().replace("_", "-") in {"taken-down", "takendown", "withdrawn", "hidden", "draft"}:
        raise UnreadableValueError("What is taken down, and drafts, cannot be searched, whoever asks.")
    return frozenset(Status(word) for word in _words(text, [*Status]))


def _words(text: str, known: list[str], *, plural: bool = False) -> list[str]:
    found = []
    for part in text.split(","):
        word = part.strip().lower()
        word = {"replies": "reply"}.get(word, word.removesuffix("s")) if plural else word
        if word not in known:
            raise UnreadableValueError(f"It takes one of {', '.join(known)}.")
        found.append(word)
    return found


def before(text: str) -> Span:
    """Until a year, a month or a day begins.

    :raises UnreadableValueError: if it is none.
    """
    return Span(None, _days(text)[0])


def after(text: str) -> Span:
    """Once a year, a month or a day has ended.

    :raises UnreadableValueError: if it is none.
    """
    return Span(_days(text)[1], None)


def during(text: str) -> Span:
    """In a year, a month or a day, or from one to another.

    :raises UnreadableValueError: if it is none.
    """
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        return Span(*_days(text))
    first, last = (match[1].strip(), match[2].strip())
    span = Span(_days(first)[0] if first else None, _days(last)[1] if last else None)
    if span == Span(None, None) or (span.since and span.until and span.since >= span.until):
        raise UnreadableValueError("It wants a beginning and an end, as in 2012..2014.")
    return span


def _days(text: str) -> tuple[date, date]:
    """The first day, and the first one after it."""
    match = _DATE.fullmatch(text.strip()) or _NO_DATE
    try:
        year, month, day = int(match[1]), match[2] and int(match[2]), match[3] and int(match[3])
        if month and day:
            first = date(year, month, day)
            return first, first + timedelta(days=1)
        if month:
            return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
        return date(year, 1, 1), date(year + 1, 1, 1)
    except (ValueError, OverflowError) as error:
        raise UnreadableValueError("A date is a year, a month or a day: 2014, 2014-03, 2014-03-09.") from error


def score(text: str) -> Score:
    """A figure, and how that of a post compares with it; by itself, as much at least.

    :raises UnreadableValueError: if there is none.
    """
    match = _SCORE.fullmatch(text.strip())
    if match is None:
        raise UnreadableValueError("A score is a figure, maybe behind >, >=, <, <= or =: score:>=10.")
    sign = {None: ">=", "=>": ">=", "=<": "<="}.get(match[1], match[1])
    return Score(sign or ">=", float(match[2]))


def name(text: str) -> str:
    """A name as it is.

    :raises UnreadableValueError: if there is none.
    """
    if not text.strip():
        raise UnreadableValueError("It wants a name right behind it; one of several words in quotation marks.")
    return text.strip()


def work(text: str) -> str:
    """Words of a work, or a name or an address by which it is known.

    :raises UnreadableValueError: if there is none.
    """
    if not WORD.search(text):
        raise UnreadableValueError(
            "“cites:” wants a work right behind it, and had none: "
            "a word of its title or author, a DOI, an ISBN, an address."
        )
    return text.strip()


def host(text: str) -> str:
    """A place on the web, in small letters.

    :raises UnreadableValueError: if it is none.
    """
    match = _HOST.match(text.strip())
    if match is None or not WORD.search(match[1]):
        raise UnreadableValueError("A domain is the name of a place on the web: domain:archive.org.")
    return match[1].lower().strip(".")
