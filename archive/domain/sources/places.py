"""Which place belongs to which work."""

import re
from collections.abc import Sequence

from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.reading import Reading
from archive.domain.sources.mentions import Mention
from archive.domain.sources.reference import SourceKind

_BEHIND = 120  # characters behind a work in which its place may stand
_BEFORE = 100
_SIGN = re.compile(r"^[?&;](?:amp;)?")
_OF = re.compile(r"\)?,?\s(?:of|in|from|to)\s", re.IGNORECASE)
_OTHER_SENTENCE = re.compile(r"[\w)*\"”][.!?][\"”*)]?\s+[A-Z][a-z]+(?:\s[a-z]+){3}")
_COMPLETE = frozenset({SourceKind.ARCHIVAL, SourceKind.CANONICAL})  # their place is in their own words


def give_places(reading: Reading, mentions: Sequence[Mention], locators: Sequence[Hit]) -> None:
    """Give each work the place that is named for it, and no place to two works."""
    own = reading.own
    for locator in locators:
        start, end = locator.start, locator.end
        if inside := next((one for one in mentions if one.start <= start and end <= one.end), None):
            _give(inside, own, start, end)
            continue
        for mention in _nearest(own, mentions, start, end):
            if _give(mention, own, start, end):
                break


def _nearest(own: str, mentions: Sequence[Mention], start: int, end: int) -> list[Mention]:
    """The works to which a place may belong: the one that it is said to be of, then the last one before it."""
    following = next((one for one in mentions if one.start >= end), None)
    preceding = next((one for one in reversed(mentions) if one.end <= start), None)
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
        if len(between) < _BEHIND and "\n\n" not in between and not _OTHER_SENTENCE.search(between):
            found.append(preceding)
    return found


def _give(mention: Mention, own: str, start: int, end: int) -> bool:
    if mention.place is not None or mention.kind in _COMPLETE:
        return False
    sign = _SIGN.match(own[start:end])
    mention.place = (start + (sign.end() if sign else 0), end)
    return True
