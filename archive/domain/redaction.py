"""What is left of a text for everybody when takedowns on it are in force.

This is the one place that says so. What it makes replaces the text in the table from which pages, searches, feeds and
exports are made.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson

from archive.domain.records import Markup
from archive.domain.takedown import (
    HIDES_AUTHOR,
    Edit,
    Print,
    ReasonClass,
    find_passages,
    mark,
    moved,
    moved_back,
    removed,
    title_mark,
    without,
)
from archive.domain.visible_words import visible_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to go, and why."""

    reason: ReasonClass
    key: str  # of the hashes
    prints: Sequence[Print]  # of words; none: everything is to go

    @property
    def whole(self) -> bool:
        """Whether the whole post is to go."""
        return not self.prints

    @property
    def hides_author(self) -> bool:
        """Whether the author's name goes with it."""
        return self.whole and self.reason in HIDES_AUTHOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a revision says."""

    title: str | None
    text: str
    words: str | None  # what is searched, where that is not the text itself
    facts: str | None  # JSON


Cuts = Sequence[tuple[Sequence[Sequence[int]], int]]
"""What went of a text, one order after another: starts and ends, and how long the mark is that stands there."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """What is left of it."""

    said: Said
    steps: Sequence[tuple[Sequence[Edit], str]]  # what went, one order after another, and what stands there
    orders: Sequence[Order]

    @property
    def whole(self) -> bool:
        """Whether nothing is left."""
        return any(order.whole for order in self.orders)

    @property
    def cuts(self) -> Cuts:
        """What went, to be kept."""
        return [([list(edit) for edit in edits], len(instead)) for edits, instead in self.steps]

    def mentions(self, value: object) -> bool:
        """Whether a value of JSON holds words that went."""
        return any(without(value, order.prints, key=order.key, instead="") != value for order in self.orders)

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a stretch of the text stands now; None where any of it went."""
        if self.whole:
            return None
        place: Edit | None = Edit(start, end)
        for edits, instead in self.steps:
            place = place and moved(place, edits, instead)
        return place and (place.start, place.end)


def redacted(said: Said, markup: Markup, orders: Sequence[Order]) -> Redacted:
    """What is left of a text: nothing of a post of which all is down, and of others all but the words."""
    whole = next((order for order in orders if order.whole), None)
    if whole is not None:
        title = None if said.title is None else title_mark(whole.reason)
        return Redacted(Said(title=title, text="", words=visible_words("", markup), facts=None), (), orders)
    steps = []
    for order in orders:
        edits = find_passages(said.text, order.prints, key=order.key)
        steps.append((edits, mark(order.reason)))
        said = _without_words(said, markup, order, edits)
    return Redacted(said, steps, orders)


def place_before(start: int, end: int, cuts: Cuts) -> tuple[int, int]:
    """Where a stretch of what is left stands in the text of which that is left."""
    place = Edit(start, end)
    for edits, length in reversed(cuts):
        place = moved_back(place, [Edit(*edit) for edit in edits], length)
    return place.start, place.end


def words_without(words: str, orders: Sequence[Order]) -> str:
    """Words that people wrote about a post, without those that are to go."""
    for order in orders:
        words = removed(words, find_passages(words, order.prints, key=order.key), mark(order.reason))
    return words


def _without_words(said: Said, markup: Markup, order: Order, edits: Sequence[Edit]) -> Said:
    instead = mark(order.reason)
    title = said.title and removed(said.title, find_passages(said.title, order.prints, key=order.key), instead)
    said = replace(said, title=title, facts=_facts_without(said.facts, order, instead))
    if not edits:
        return said
    text = removed(said.text, edits, instead)
    return replace(said, text=text, words=visible_words(text, markup))


def _facts_without(facts: str | None, order: Order, instead: str) -> str | None:
    if facts is None:
        return None
    told = orjson.loads(facts)
    left = without(told, order.prints, key=order.key, instead=instead)
    return facts if left == told else orjson.dumps(left).decode()
