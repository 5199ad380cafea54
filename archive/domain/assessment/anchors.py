"""Anchored patterns: a regular expression that is tried only behind a word that announces it.

So no expression ever runs over a text: the words are found in the one pass, and each pattern is
matched at those places alone.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.reading import Reading


def _always(_: str) -> bool:
    return True


class Anchor(NamedTuple):
    """A pattern, and the phrases at whose first word it is tried."""

    phrases: tuple[str, ...]
    kind: str
    why: str
    pattern: re.Pattern[str]
    holds: Callable[[str], bool] = _always  # a check on the first group, such as a check digit
    strength: int = 2

    def match(self, reading: Reading, word: int) -> Hit | None:
        match = self.pattern.match(reading.own, reading.starts[word])
        if match is None or not self.holds(match[match.lastindex or 0]):
            return None
        start, end = match.span("work" if "work" in self.pattern.groupindex else 0)
        return Hit(start, end, self.kind, self.why, self.strength, reading.sentence_of(word))
