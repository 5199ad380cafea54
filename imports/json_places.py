"""Where the objects of a nested JSON document stand, so that each post can be read from its own bytes.

Format: RFC 8259. One pass over the strings and brackets cuts the document at the braces of those
objects that a route names; everything else belongs to the object around it. Each named object then
has its pieces: its bytes without those of the named objects inside it. With a “0” in place of each
of those, the pieces are JSON again: an object is decoded alone, so that one that cannot be read
spoils no other, and nesting costs no depth. No function calls itself, and a document that breaks off
still has all objects that came whole.

The pieces of all objects follow one another without a gap or an overlap, from the first byte to the
last. What stands for the object is its piece with the text; its other pieces hold it together.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import orjson

from imports.json_lines import json_fault
from imports.limits import MAX_JSON_LEVELS, MAX_JSON_OBJECTS, MAX_OBJECT_BYTES

Route = Mapping[tuple[str, str], str]
"""Which objects are named: (name of the object around it, key under which it stands there, be it in a list) → name.
The outermost objects stand in "" under "".
"""

OUTSIDE = -1  # the node of what is in no named object
_TOKEN = re.compile(rb'("(?:[^"\\]++|\\.)*+")([ \t\r\n]*+:)?+|[{}\[\]"]', re.DOTALL)
_OBJECT, _OBJECT_END, _LIST, _LIST_END = b"{}[]"
_QUOTE = b'"'[0]  # alone, of a string that never ends
_OPENING = (_OBJECT, _LIST)
_CLOSED_BY = {_OBJECT: _OBJECT_END, _LIST: _LIST_END}
_NO_KEY = b'""'


class Piece(NamedTuple):
    """A stretch that belongs to one named object."""

    start: int  # bytes from the start of the document
    end: int
    node: int  # index in `Places.nodes`, or OUTSIDE


@dataclass(slots=True)
class Node:
    """A named object."""

    name: str  # by the route
    parent: int  # index of the named object around it, or OUTSIDE
    pieces: list[int] = field(default_factory=list)  # indices in `Places.pieces`
    marks: dict[str, int] = field(default_factory=dict)  # by key: the piece in which its string or list begins
    is_whole: bool = True  # not where the document breaks off inside it

    def main_piece(self, keys: Sequence[str]) -> int:
        """The piece that stands for the object: with the first of these that it has, or its first."""
        return next((self.marks[key] for key in keys if key in self.marks), self.pieces[0])


class Places(NamedTuple):
    """A document, cut."""

    pieces: list[Piece]
    nodes: list[Node]  # in the order in which they begin
    fault: str | None  # why nothing was looked for behind some place: a sentence without its subject

    def own_bytes(self, raw: bytes, node: Node) -> bytes:
        """The object as JSON, with 0 in place of each named object inside it."""
        if len(node.pieces) == 1:
            piece = self.pieces[node.pieces[0]]
            return raw[piece.start : piece.end]
        return b"0".join([raw[self.pieces[index].start : self.pieces[index].end] for index in node.pieces])

    def outside_bytes(self, raw: bytes) -> bytes:
        """The document as JSON, with 0 in place of each outermost named object."""
        return b"0".join([raw[piece.start : piece.end] for piece in self.pieces if piece.node == OUTSIDE])


def find_places(raw: bytes, route: Route, marked: Sequence[str], *, ways: Collection[str] = ()) -> Places:
    """Cut a document.

    Whether the pieces are JSON is left to whoever decodes them.

    :param marked: the keys of named objects whose string or list is to be found again.
    :param ways: names in the route of objects that only lead on to others: they stay part of the object around them.
    """
    return _Cutter(route, marked, ways).cut(raw)


def parse_own(own: bytes) -> Any:
    """What an object's own bytes say; or, in place of it, what is wrong: a sentence without its subject.

    A string alone is no object, so that the two cannot be mistaken for one another.
    """
    if len(own) > MAX_OBJECT_BYTES:
        return f"is larger than {MAX_OBJECT_BYTES // 2**20} MiB."
    try:
        value = orjson.loads(own)
    except orjson.JSONDecodeError as error:
        return json_fault(own, error)
    return "is only a string." if isinstance(value, str) else value


class _Cutter:
    """One pass over a document."""

    def __init__(self, route: Route, marked: Sequence[str], ways: Collection[str]) -> None:
        self._ways = ways
        self._route = {(around, _quoted(key)): name for (around, key), name in route.items()}
        self._marked = {_quoted(key): key for key in marked}
        self._pieces: list[Piece] = []
        self._nodes: list[Node] = []
        self._reached = 0
        self._current = OUTSIDE  # the innermost named object
        self._brackets = bytearray()  # those that are open; the three lists have an entry for each, and one before
        self._names: list[str | None] = [""]  # of the object that each is in or is; None when the route names it not
        self._keys = [_NO_KEY]  # the last key in each object; in a list, the key under which the list stands

    def cut(self, raw: bytes) -> Places:
        keys, names, marked, fault = self._keys, self._names, self._marked, None
        for token in _TOKEN.finditer(raw):
            string, colon = token[1], token[2]
            if string is None:
                fault = self._turn(raw[token.start()], token)
                if fault:
                    break
            elif colon is not None:
                keys[-1] = string if b"\\" not in string else _without_escapes(string)
            elif keys[-1] in marked and names[-1]:
                self._mark()
        if self._brackets and fault is None:
            fault = "breaks off"
        self._end_piece(len(raw))
        while fault and self._current != OUTSIDE:
            self._nodes[self._current].is_whole = False
            self._current = self._nodes[self._current].parent
        return Places(self._pieces, self._nodes, fault)

    def _turn(self, sign: int, token: re.Match[bytes]) -> str | None:
        """Open or close a bracket; or why that cannot be."""
        if sign == _QUOTE:
            return "breaks off in a string"
        if sign not in _OPENING:
            return self._close(sign, token.end())
        if len(self._brackets) == MAX_JSON_LEVELS:
            return f"is nested more than {MAX_JSON_LEVELS:,} levels deep"
        return self._open(sign, token.start())

    def _open(self, bracket: int, at: int) -> str | None:
        around, key = self._names[-1], self._keys[-1]
        if bracket == _LIST:
            if key in self._marked and around:
                self._mark()
            name = around
        else:
            name = None if around is None else self._route.get((around, key))
            if name and name not in self._ways:
                if len(self._nodes) == MAX_JSON_OBJECTS:
                    return f"holds more than {MAX_JSON_OBJECTS:,} posts"
                self._begin(name, at)
        self._brackets.append(bracket)
        self._names.append(name)
        self._keys.append(key if bracket == _LIST else _NO_KEY)
        return None

    def _begin(self, name: str, at: int) -> None:
        self._end_piece(at)
        self._nodes.append(Node(name, self._current))
        self._current = len(self._nodes) - 1

    def _close(self, bracket: int, end: int) -> str | None:
        if not self._brackets or _CLOSED_BY[self._brackets[-1]] != bracket:
            return "closes a bracket that is not open"
        self._brackets.pop()
        self._keys.pop()
        name = self._names.pop()
        if bracket == _OBJECT_END and name and name not in self._ways:
            self._end_piece(end)
            self._current = self._nodes[self._current].parent
        return None

    def _mark(self) -> None:
        """Note that the object's current piece holds the value of its last key, unless that is in a list."""
        if self._brackets[-1] != _LIST and self._current != OUTSIDE:
            self._nodes[self._current].marks[self._marked[self._keys[-1]]] = len(self._pieces)

    def _end_piece(self, end: int) -> None:
        if self._current != OUTSIDE:
            self._nodes[self._current].pieces.append(len(self._pieces))
        self._pieces.append(Piece(self._reached, end, self._current))
        self._reached = end


def _quoted(key: str) -> bytes:
    return orjson.dumps(key)


def _without_escapes(string: bytes) -> bytes:
    try:
        return orjson.dumps(orjson.loads(string))
    except orjson.JSONDecodeError:
        return string
