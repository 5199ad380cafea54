"""What the place of a line says for or against its being an author's name: a table of weighted rules.

The weights are logarithms of odds, as in `imports.name_shapes`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from imports.name_shapes import FULL_NAME, PLACEHOLDERS, Evidence, weigh_shape
from imports.thread_layout import Paragraph, ThreadLayout

_ONE_BLANK_LINE = frozenset({"\n\n", "\r\n\r\n", "\r\r"})
_CONTEXT = 40  # characters of the paragraphs around a line: enough for a list's mark or a closing
_LIST_MARK = re.compile(r"\s*(?:[-*+•·–]\s|\(?\d{1,2}[.)]\s|\(?[a-z][.)]\s)")
_CLOSING = re.compile(r"(?:^|[\r\n])\w+(?: \w+){0,2},\s*$")  # a short line of its own


class Place(NamedTuple):
    """What is seen around a line that stands alone."""

    is_tight: bool  # directly below the by-line
    is_first: bool  # the first paragraph below the by-line
    is_asker: bool
    is_like_asker: bool  # both are full names
    is_repeated: bool  # stands alone elsewhere in the thread too, and is no usual word
    is_indented: bool
    has_usual_gaps: bool  # one blank line before it and one after it
    signs: bool  # the paragraph before it ends in a closing
    follows_colon: bool
    heads_list: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRule:
    """What one thing seen around a line says."""

    evidence: Evidence
    applies: Callable[[Place], bool]


def _place(weight: float, why: str, applies: Callable[[Place], bool]) -> PlaceRule:
    return PlaceRule(evidence=Evidence(weight, why), applies=applies)


PLACES = (  # all that apply are added
    _place(4.0, "follows the by-line directly", lambda place: place.is_tight),
    _place(1.0, "comes first below the by-line", lambda place: place.is_first and not place.is_tight),
    _place(6.0, "is the asker’s name", lambda place: place.is_asker),
    _place(3.5, "is a full name, as the asker’s is", lambda place: place.is_like_asker),
    _place(2.0, "stands alone several times in this thread", lambda place: place.is_repeated),
    _place(-2.5, "is set in from the margin or has blanks after it", lambda place: place.is_indented),
    _place(-3.0, "has not one blank line before it and one after it", lambda place: not place.has_usual_gaps),
    _place(-12.0, "signs the text above it, after a word such as “Cheers”", lambda place: place.signs),
    _place(-2.0, "follows a line that ends in a colon", lambda place: place.follows_colon),
    _place(-1.5, "stands above a list", lambda place: place.heads_list),
)
AUTHOR_ELSEWHERE = Evidence(3.0, "is surely an author elsewhere in this thread")
SPOKEN_TO = Evidence(3.0, "is spoken to by name in this thread")
IN_SENTENCES = Evidence(-2.5, "is a word of this thread’s sentences")


def look_around(text: str, layout: ThreadLayout, number: int, shape: Evidence, *, is_repeated: bool) -> Place:
    """See what is around the paragraph of that number, which is one line of that shape."""
    this, paragraphs = layout.paragraphs[number], layout.paragraphs
    line = text[this.start : this.end]
    name = line.strip()
    before, gap_before = _end_above(text, paragraphs[number - 1], this) if number else ("", True)
    after, gap_after = _start_below(text, this, paragraphs[number + 1]) if this is not paragraphs[-1] else ("", True)
    return Place(
        is_tight=number == 0 and layout.is_tight,
        is_first=number == 0,
        is_asker=name == layout.asker and name not in PLACEHOLDERS,
        is_like_asker=shape is FULL_NAME and weigh_shape(layout.asker) is FULL_NAME,
        is_repeated=is_repeated,
        is_indented=len(name) != len(line),
        has_usual_gaps=gap_before and gap_after,
        signs=before.endswith(",") and _CLOSING.search(before) is not None,
        follows_colon=before.endswith(":"),
        heads_list=_LIST_MARK.match(after) is not None,
    )


@lru_cache(maxsize=1024)  # there are ten things to see, and few of them are seen together
def weigh_place(place: Place) -> tuple[Evidence, ...]:
    """What the place of a line says, rule by rule."""
    return tuple(rule.evidence for rule in PLACES if rule.applies(place))


def _end_above(text: str, above: Paragraph, this: Paragraph) -> tuple[str, bool]:
    """How the paragraph above ends, and whether one blank line follows it."""
    end = text[max(above.start, above.end - _CONTEXT) : above.end]
    return end.rstrip(), text[above.end : this.start] in _ONE_BLANK_LINE


def _start_below(text: str, this: Paragraph, below: Paragraph) -> tuple[str, bool]:
    """How the paragraph below begins, and whether one blank line precedes it."""
    return text[below.start : below.start + _CONTEXT], text[this.end : below.start] in _ONE_BLANK_LINE
