"""Where the objects of a nested JSON document stand, so that each post can be read from its own bytes.

Format: RFC 8259. One pass over the strings and brackets cuts the document at the braces of those
objects that a route names; everything else belongs to the object around it. Each named object then
has its pieces: its bytes without those of the named objects inside it. With a “0” in place of each
of those, the pieces are JSON again: an object is decoded alone, so that one that cannot be read
spoils no other, and nesting costs no depth.

The pieces of all objects follow one another without a gap or an overlap, from the first byte to the
last. What stands for the object is its piece with the text; its other pieces hold it together.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson

Route = Mapping[tuple[str, str], str]
"""Which objects are named: (name of the object around it, key under which it stands there, be it in a list) → name.
The outermost objects stand in "" under "".
"""

OUTSIDE = -1  # the node of what is in no named object
_TOKEN = re.compile(rb'("(?:[^"\\]++|\\.)*+")([ \t\r\n]*+:)?+|[{}\[\]"]', re.DOTALL)
_OBJECT, _OBJECT_END, _LIST, _LIST_END = b"{}[]"
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

    def main_piece(self, keys: Sequence[str]) -> int:
        """The piece that stands for the object: with the first of these that it has, or its first."""
        return next((self.marks[key] for key in keys if key in self.marks), self.pieces[0])


class Places(NamedTuple):
    """A document, cut."""

    pieces: list[Piece]
    nodes: list[Node]  # in the order in which they begin

    def own_bytes(self, raw: bytes, node: Node) -> bytes:
        """The object as JSON, with 0 in place of each named object inside it."""
        if len(node.pieces) == 1:
            piece = self.pieces[node.pieces[0]]
            return raw[piece.start : piece.end]
        return b"0".join([raw[self.pieces[index].start : self.pieces[index].end] for index in node.pieces])


def find_places(raw: bytes, route: Route, marked: Sequence[str]) -> Places | None:
    """Cut a document; None when its strings or brackets do not close.

    Whether the pieces are JSON is left to whoever decodes them.

    :param marked: the keys of named objects whose string or list is to be found again.
    """
    return _Cutter(route, marked).cut(raw)


class _Cutter:
    """One pass over a document."""

    def __init__(self, route: Route, marked: Sequence[str]) -> None:
        self._route = {(around, _quoted(key)): name for (around, key), name in route.items()}
        self._marked = {_quoted(key): key for key in marked}
        self._pieces: list[Piece] = []
        self._nodes: list[Node] = []
        self._reached = 0
        self._current = OUTSIDE  # the innermost named object
        self._brackets = bytearray()  # those that are open; the three lists have an entry for each, and one before
        self._names: list[str | None] = [""]  # of the object that each is in or is; None when the route names it not
        self._keys = [_NO_KEY]  # the last key in each object; in a list, the key under which the list stands

    def cut(self, raw: bytes) -> Places | None:
        keys, names, marked = self._keys, self._names, self._marked
        for token in _TOKEN.finditer(raw):
            string, colon = token[1], token[2]
            if string is None:
                if not self._turn(raw[token.start()], token):
                    return None
            elif colon is not None:
                keys[-1] = string if b"\\" not in string else _without_escapes(string)
            elif keys[-1] in marked and names[-1]:
                self._mark()
        if self._brackets:
            return None
        self._end_piece(len(raw))
        return Places(self._pieces, self._nodes)

    def _turn(self, sign: int, token: re.Match[bytes]) -> bool:
        """Open or close a bracket; False where that cannot be."""
        if sign in _OPENING:
            self._open(sign, token.start())
            return True
        return self._close(sign, token.end())

    def _open(self, bracket: int, at: int) -> None:
        around, key = self._names[-1], self._keys[-1]
        if bracket == _LIST:
            if key in self._marked and around:
                self._mark()
            name = around
        else:
            name = None if around is None else self._route.get((around, key))
            if name:
                self._end_piece(at)
                self._nodes.append(Node(name, self._current))
                self._current = len(self._nodes) - 1
        self._brackets.append(bracket)
        self._names.append(name)
        self._keys.append(key if bracket == _LIST else _NO_KEY)

    def _close(self, bracket: int, end: int) -> bool:
        if not self._brackets or _CLOSED_BY[self._brackets.pop()] != bracket:
            return False
        self._keys.pop()
        if self._names.pop() and bracket == _OBJECT_END:
            self._end_piece(end)
            self._current = self._nodes[self._current].parent
        return True

    def _mark(self) -> None:
        """Note that the object's current piece holds the value of its last key, unless that is in a list."""
        if self._brackets[-1] != _LIST:
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
