"""What is said of a post or a thread when it is cited. What its source does not say is None, and stays so."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive.domain.source_quality import Level

_BLANKS = re.compile(r"\s+")
_UNSEEN = frozenset({"Cc", "Cs"})  # controls and halves of characters
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they turn what stands around them


class Part(StrEnum):
    """What is cited."""

    THREAD = "thread"
    QUESTION = "question"
    ANSWER = "answer"
    REPLY = "reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """How an answer says it knows, on the day on which it is cited."""

    level: Level | None  # None: not yet tagged
    at: datetime | None  # when that was decided
    checked: str | None  # what was found of its references; None where its level needs none
    earlier: bool = False  # whether the tag was given to an earlier text of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """How many answers of a thread are sourced, on the day on which it is cited."""

    answers: int
    tagged: int
    sourced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A post or a thread, as far as citations name it. All words stand on one line."""

    part: Part
    key: str  # by which a list of references knows it: small letters, digits, hyphens
    by: str | None  # the author or the by-line as the source prints it; None where nobody is named
    title: str  # of the thread; "" where it has none
    opening: str  # its first words, for styles that call by them what has no title
    posted_at: datetime | None
    collection: str
    archive: str
    url: str
    retrieved_at: datetime
    standing: Tagged | Shared | None  # None of what bears no level


def one_line(words: str) -> str:
    """Words as they can stand in any citation: on one line, and without characters that nobody sees."""
    seen = "".join(" " if sign.isspace() else sign for sign in words if not _is_unseen(sign))
    return _BLANKS.sub(" ", seen).strip()


def _is_unseen(sign: str) -> bool:
    return sign in _TURNING or (not sign.isspace() and unicodedata.category(sign) in _UNSEEN)
