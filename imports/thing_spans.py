"""Where the things of a listing stand in its JSON, each within the one that it replies to.

Only strings and brackets are looked at, and no function calls itself: neither depth nor damage in one
thing keeps the others from being found. What stands between the brackets is for a JSON parser to judge,
thing by thing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

import orjson

from imports.limits import MAX_JSON_LEVELS, MAX_THINGS

# A string, with the colon after it if it is a key; a bracket; or the quote of a string that never ends.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"(?:[ \t\r\n]*+:)?|[{}\[\]"]', re.DOTALL)
_QUOTE, _COLON, _BACKSLASH = b'":\\'
_CLOSES = {b"}"[0]: b"{"[0], b"]"[0]: b"["[0]}
_LISTS = frozenset({b"children", b"things"})
_TEXTS = frozenset({b"body", b"selftext"})


@dataclass(slots=True)
class ThingSpan:
    """The bytes of one thing, `{"kind": …, "data": {…}}`, and the stretches in it that are other things."""

    start: int  # bytes, as all places here
    end: int
    holes: list[tuple[int, int]] = field(default_factory=list)
    text_at: int | None = None  # where the string of its “body” or “selftext” begins
    is_whole: bool = True

    def pieces(self) -> Iterator[tuple[int, int]]:
        """Yield the stretches before, between and after the things in it, empty ones left out."""
        reached = self.start
        for start, end in [*self.holes, (self.end, self.end)]:
            if reached < start:
                yield reached, start
            reached = end

    def own_json(self, raw: bytes) -> bytes:
        """What it would be if a 0 stood for each thing in it."""
        edges = [self.start, *(edge for hole in self.holes for edge in hole), self.end]
        return b"0".join(raw[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


class _Role(Enum):
    LIST = auto()  # an array whose objects are things
    THING = auto()
    DATA = auto()  # what is said of a thing
    BOX = auto()  # what is said of a listing, or of an answer of the API: it holds the list
    OTHER = auto()


_HOLDERS = frozenset({_Role.DATA, _Role.BOX})


@dataclass(slots=True)
class _Frame:
    """A bracket that is open."""

    bracket: int
    role: _Role
    thing: ThingSpan  # the innermost it stands in
    key: bytes | None = None  # the last one read in it, in an object


class Outline:
    """All things of a file. `around` is the file itself, as if it were a thing that holds them."""

    def __init__(self, raw: bytes) -> None:
        self.around = ThingSpan(0, len(raw))
        self.things: list[ThingSpan] = []
        self.has_list = False
        self.fault: str | None = None  # why nothing was looked for behind some place
        self._raw = raw
        self._open = [_Frame(0, _Role.OTHER, self.around)]
        self._look()

    def _look(self) -> None:
        for token in _TOKEN.finditer(self._raw):
            self._take(*token.span())
            if self.fault:
                break
        if len(self._open) > 1:
            self.fault = self.fault or "breaks off"
        while len(self._open) > 1:
            frame = self._open.pop()
            if frame.role is _Role.THING:
                frame.thing.is_whole = False
                self._finish(frame.thing, len(self._raw))

    def _take(self, start: int, end: int) -> None:
        first = self._raw[start]
        if first in _CLOSES:
            self._close(first, end)
        elif first != _QUOTE:
            self._push(first, start)
        elif end - start == 1:
            self.fault = "breaks off in a string"
        elif self._raw[end - 1] == _COLON:
            self._open[-1].key = _read_key(self._raw[start : end - 1])
        elif self._open[-1].role is _Role.DATA and self._open[-1].key in _TEXTS:
            self._open[-1].thing.text_at = start

    def _push(self, bracket: int, start: int) -> None:
        outer = self._open[-1]
        frame = _Frame(bracket, _Role.OTHER, outer.thing)
        if bracket == b"["[0]:
            if outer.key in _LISTS and outer.role in _HOLDERS:
                frame.role, self.has_list = _Role.LIST, True
        elif outer.role is _Role.LIST:
            frame.role, frame.thing = _Role.THING, ThingSpan(start, start)
        elif outer.key == b"data":
            frame.role = _Role.DATA if outer.role is _Role.THING else _Role.BOX
        self._open.append(frame)
        if len(self._open) > MAX_JSON_LEVELS:
            self.fault = f"is nested more than {MAX_JSON_LEVELS:,} levels deep"

    def _close(self, bracket: int, end: int) -> None:
        frame = self._open[-1]
        if frame.bracket != _CLOSES[bracket]:
            self.fault = "closes a bracket that is not open"
            return
        self._open.pop()
        if frame.role is _Role.THING:
            self._finish(frame.thing, end)

    def _finish(self, thing: ThingSpan, end: int) -> None:
        thing.end, around = end, self._open[-1].thing
        around.holes.append((thing.start, end))
        self.things.append(thing)
        if len(self.things) >= MAX_THINGS:
            self.fault = self.fault or f"holds more than {MAX_THINGS:,} posts"


def _read_key(literal: bytes) -> bytes:
    key = literal.rstrip()
    if _BACKSLASH not in key:
        return key[1:-1]
    try:
        return str(orjson.loads(key)).encode()
    except orjson.JSONDecodeError:
        return key
