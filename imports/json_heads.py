"""What the outermost objects at the beginning of a JSON file are called by: the signs by which formats are told."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import orjson

from imports.json_lines import UTF8_BOM
from imports.post_lines import begins_document

_LINES_TO_TRY = 100  # a dump may begin with some broken lines
_OBJECTS_TO_TRY = 3  # of a document: one that is broken is refused as a whole
# A string may break off where the head does: it is looked for only once.
_TOKEN = re.compile(rb'("(?:[^"\\]++|\\.)*+"?+)([ \t\r\n]*+:)?+|[{}\[\]]', re.DOTALL)


class HeadObject(NamedTuple):
    """An outermost object, as far as the beginning of the file goes."""

    keys: frozenset[str]
    raw: bytes


@lru_cache(maxsize=1)  # each format asks for the same file
def outer_objects(head: bytes) -> tuple[HeadObject, ...]:
    """The outermost objects of a file's first bytes; none when it does not look like JSON."""
    head = head.removeprefix(UTF8_BOM)
    if begins_document(head):
        return tuple(_objects_of(head, _OBJECTS_TO_TRY))
    lines = head.split(b"\n", _LINES_TO_TRY)[:_LINES_TO_TRY]
    return tuple(found for line in lines if line.lstrip().startswith(b"{") for found in _objects_of(line, 1))


def _objects_of(raw: bytes, limit: int) -> Iterator[HeadObject]:
    keys: set[str] = set()
    begin = depth = found = 0
    for token in _TOKEN.finditer(raw):
        match token[0][:1]:
            case b'"' if depth == 1 and token[2] is not None:
                keys.add(_name(token[1]))
            case b"{":
                begin, keys = (token.start(), set()) if depth == 0 else (begin, keys)
                depth += 1
            case b"[" if depth:  # a list of objects may stand around them
                depth += 1
            case b"}" | b"]" if depth:
                depth -= 1
                if depth == 0:
                    yield HeadObject(frozenset(keys), raw[begin : token.end()])
                    found += 1
                    if found == limit:
                        return
    if depth:
        yield HeadObject(frozenset(keys), raw[begin:])


def _name(string: bytes) -> str:
    try:
        return str(orjson.loads(string))
    except orjson.JSONDecodeError:
        return ""
