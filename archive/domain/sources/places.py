"""Which place belongs to which work."""

import re
from collections.abc import Sequence

from archive.domain.assessment.cue_lists import ENGLISH
from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.reading import Reading
from archive.domain.sources.named_works import NamedWork
from archive.domain.sources.reference import SourceKind

_BEHIND = 120  # characters behind a work in which its place may stand
_BEFORE = 100
_SIGN = re.compile(r"^[?&;](?:amp;)?")
_OF = re.compile(r"\)?,?\s(?:of|in|from|to)\s", re.IGNORECASE)
_OTHER_SENTENCE = re.compile(r"[\w)*\"”][.!?][\"”*)]?\s+[A-Z][a-z]+(?:\s[a-z]+){3}")
_SENTENCE = re.compile(r"[.!?]\s+([A-Z][\w'-]*)")
_BEGINNINGS = ENGLISH.lists["ordinary"] | {"see"}
_COMPLETE = frozenset({SourceKind.ARCHIVAL, SourceKind.CANONICAL})  # their place is in their own words


def give_places(reading: Reading, named_works: Sequence[NamedWork], locators: Sequence[Hit]) -> None:
    """Give each work the place that is named for it, and no place to two works."""
    own = reading.own
    for locator in locators:
        start, end = locator.start, locator.end
        if inside := next((one for one in named_works if one.start <= start and end <= one.end), None):
            _give(inside, own, start, end)
            continue
        for named_work in _nearest(own, named_works, start, end):
            if _give(named_work, own, start, end):
                break


def _nearest(own: str, named_works: Sequence[NamedWork], start: int, end: int) -> list[NamedWork]:
    """The works to which a place may belong: the one that it is said to be of, then the last one before it."""
    following = next((one for one in named_works if one.start >= end), None)
    preceding = next((one for one in reversed(named_works) if one.end <= start), None)
    found = []
    if following:
        between = own[end : following.start]
        linked = between.startswith("](") or (
            between.endswith("](") and "](" not in between[:-2] and "\n" not in between
        )
        if linked or (len(between) < _BEFORE and "\n" not in between and _OF.match(between)):
            found.append(following)
    if preceding:
        between = own[preceding.reach : start]
        if (boundary := _SENTENCE.search(between)) and boundary[1].lower() in _BEGINNINGS:
            return found
        if len(between) < _BEHIND and "\n\n" not in between and not _OTHER_SENTENCE.search(between):
            found.append(preceding)
    return found


def _give(named_work: NamedWork, own: str, start: int, end: int) -> bool:
    if named_work.place is not None or named_work.kind in _COMPLETE:
        return False
    sign = _SIGN.match(own[start:end])
    named_work.place = (start + (sign.end() if sign else 0), end)
    return True
