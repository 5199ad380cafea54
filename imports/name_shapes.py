"""What the form of a line says for or against its being an author's name: a table of weighted rules.

A weight is a logarithm of odds: +2.3 makes a name ten times likelier, -2.3 ten times less likely. The
weights were set by hand on one half of the development threads and checked on the other half.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from imports.thread_layout import is_name_sized

PLACEHOLDERS = frozenset({"[deleted]", "[removed]"})  # what forums print where a name or a text is gone

_AROUND_WORD = " .,:;!?…*_~#>()\"'“”‘’–—-"
_NAME_WORD = r"[^\W\d_a-z][\w.'’-]*"  # a capital, or a letter of a script that has none
_PARTICLE = "(?:de|da|del|della|der|den|di|du|la|le|van|von|zu|bin|ibn|al|el)"
_SECTION = re.compile(r"\[(\w+)\]")


class Evidence(NamedTuple):
    """One thing seen, what it weighs, and how it is told to the archivist."""

    weight: float  # natural logarithm of odds, above 0 for a name
    why: str  # goes on from “The line …”


TOO_LONG = Evidence(-9.0, "is longer than a name")
FULL_NAME = Evidence(-3.0, "is written as a full name is")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeRule:
    """A form that a line can have: a pattern for the whole of it, or a section of `name_words.txt`."""

    evidence: Evidence
    pattern: re.Pattern[str] | None = None
    words: str | None = None


def _shape(weight: float, why: str, pattern: str) -> ShapeRule:
    return ShapeRule(evidence=Evidence(weight, why), pattern=re.compile(pattern))


def _word(weight: float, why: str, section: str) -> ShapeRule:
    return ShapeRule(evidence=Evidence(weight, why), words=section)


SHAPES: tuple[ShapeRule, ...] = (  # the first that matches decides
    _shape(1.0, "stands for an account that is gone", r"\[deleted\]"),
    _shape(-1.0, "stands for a text that was removed", r"\[removed\]"),
    _shape(6.0, "“u/” is how Reddit prints a name", r"/?u/[\w-]+"),
    _shape(2.0, "is put in brackets as a name that is kept back", r"<[\w -]+>"),
    _shape(
        -5.0,
        "is a number, a year or an ordinal",
        r"[#$€£~]?\d[\d.,:/–-]*(?:st|nd|rd|th|s|k|m|bc|ad|bce|ce|%)?",
    ),
    _word(-3.5, "is a usual answer in one word", "reply"),
    _word(-4.0, "is a usual heading", "heading"),
    _word(-3.0, "is a common word", "common"),
    _shape(-5.0, "has no letter or digit", r"[\W_]+"),
    _shape(-5.0, "has marks that names do not have", r".*[^\w .'’-].*"),
    _shape(-4.0, "ends as a sentence does", r".*[.'’]"),
    _shape(-3.0, "is shorter than the names that forums allow", r".{1,2}"),
    _shape(6.0, "has an underscore, as handles have", r"\w*_[\w-]*|\w[\w-]*_[\w-]*"),
    _shape(4.0, "has digits among letters, as handles have", r"(?=.*[^\W\d])(?=.*\d)[\w.-]+"),
    _shape(4.5, "has capitals inside a word, as handles have", r"[\w-]*[a-z][A-Z][\w-]*"),
    _shape(0.5, "is a word of capitals", r"[A-Z]{3,6}"),
    _shape(4.0, "is long and in small letters, as handles are", r"[a-z]{11,}"),
    _shape(3.0, "is one word in small letters", r"[a-z]{5,}"),
    _shape(1.5, "is a short word in small letters", r"[a-z]+"),
    _shape(3.0, "is a long word", r"[^\W\d]{11,}"),
    _shape(3.0, "has a hyphen inside, as handles have", r"\w+(?:-\w+)+"),
    _shape(2.0, "is one word", r"[\w-]{5,}"),
    _shape(0.5, "is a short word", r"[\w.'’-]+"),
    ShapeRule(evidence=FULL_NAME, pattern=re.compile(rf"{_NAME_WORD}(?: (?:{_PARTICLE} ){{0,2}}{_NAME_WORD}){{1,3}}")),
    _shape(-6.0, "has several words", r".*"),
)


@lru_cache(maxsize=65_536)
def weigh_shape(name: str) -> Evidence:
    """What the form of a stripped line says."""
    if not is_name_sized(name):
        return TOO_LONG
    word = name.strip(_AROUND_WORD).casefold()
    for rule in SHAPES:
        if rule.pattern is not None and rule.pattern.fullmatch(name):
            return rule.evidence
        if rule.words is not None and word in usual_words()[rule.words]:
            return rule.evidence
    raise AssertionError("the last shape matches any line")


@cache
def usual_words() -> Mapping[str, frozenset[str]]:
    """The words of name_words.txt by section."""
    sections: dict[str, set[str]] = {}
    for line in files("imports").joinpath("name_words.txt").read_text("utf-8").splitlines():
        heading = _SECTION.fullmatch(line)
        if heading:
            words = sections.setdefault(heading[1], set())
        elif line and not line.startswith("#"):
            words.update(line.split())
    return {section: frozenset(words) for section, words in sections.items()}
