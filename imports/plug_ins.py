"""Readers that other packages bring along, by the entry point group `footnote.importers`.

Format: https://packaging.python.org/en/latest/specifications/entry-points/. An entry point names a `Format`, or a
function that gives one. What is wrong with one is remembered with it, and stops neither the program nor the others.
"""

import hashlib
import re
from collections import deque
from dataclasses import dataclass
from functools import lru_cache, partial
from importlib.metadata import EntryPoint, entry_points
from io import BytesIO

from archive.domain.ids import Sha256
from imports.guarded import ForeignError, ReaderFailedError, foreign, guard, read_strictly
from imports.reader import Format

GROUP = "footnote.importers"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_MAX_TITLE = 100  # characters
_NO_ORIGINAL = Sha256("0" * 64)
_PROBES = (b"", b"\0\xff", b"{}\n[1,\n", b"Why?\n\nby ann_1\n\nben\n\nBecause.\n")  # a reader raises at no bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugIn:
    """An entry point, and what came of it."""

    name: str  # of the entry point
    package: str  # with its version
    format: Format | None  # None where it cannot be used
    fault: str | None  # what is wrong with it, as a sentence


class _NotAFormatError(Exception):
    """What an entry point gives cannot be used."""


@lru_cache(maxsize=1)
def load_plug_ins(taken: frozenset[str]) -> tuple[PlugIn, ...]:
    """Load every reader that is installed, once.

    :param taken: names that formats have already.
    """
    try:
        found = foreign(lambda: sorted(entry_points(group=GROUP), key=lambda entry: entry.name))
    except ForeignError as error:
        return (PlugIn(name=GROUP, package="unknown", format=None, fault=f"Packages cannot be listed: {error}"),)
    loaded: list[PlugIn] = []
    for entry in found:
        names = {plug_in.format.name for plug_in in loaded if plug_in.format is not None}
        loaded.append(_load(entry, taken | names))
    return tuple(loaded)


def mark(plug_ins: tuple[PlugIn, ...]) -> str:
    """What tells this set of readers from others, of whichever version; nothing where there are none."""
    if not plug_ins:
        return ""
    words = "\n".join(f"{plug_in.name} {plug_in.package}" for plug_in in plug_ins)
    return "+" + hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _load(entry: EntryPoint, taken: frozenset[str]) -> PlugIn:
    package = "unknown"
    try:
        package = foreign(lambda: f"{entry.dist.name} {entry.dist.version}" if entry.dist else "unknown")
        format_ = _checked(foreign(lambda: _given_by(entry)), taken)
    except _NotAFormatError as error:
        return PlugIn(name=entry.name, package=package, format=None, fault=f"It cannot be used: {error}")
    except ForeignError as error:
        return PlugIn(name=entry.name, package=package, format=None, fault=f"It cannot be loaded: {error}")
    guarded = guard(format_, f"The reader “{format_.name}” of the package {package}")
    return PlugIn(name=entry.name, package=package, format=guarded, fault=_failure(format_))


def _given_by(entry: EntryPoint) -> object:
    named: object = entry.load()
    return named() if callable(named) and not isinstance(named, Format) else named


def _checked(format_: object, taken: frozenset[str]) -> Format:
    """The format that an entry point names or gives.

    :raises _NotAFormatError: if it is none, or one that cannot be told from others.
    """
    if not isinstance(format_, Format):
        raise _NotAFormatError(f"what it gives is of the type {type(format_).__name__}, and not a Format.")
    if not isinstance(format_.name, str) or not _NAME.fullmatch(format_.name):
        raise _NotAFormatError("its name is not of up to 40 small letters, digits and hyphens.")
    if format_.name in taken:
        raise _NotAFormatError(f"there is another format of the name “{format_.name}”.")
    if not isinstance(format_.title, str) or not 0 < len(format_.title) <= _MAX_TITLE:
        raise _NotAFormatError(f"its title is not of up to {_MAX_TITLE} characters.")
    if not callable(format_.sniff) or not callable(format_.read):
        raise _NotAFormatError("its “sniff” or “read” cannot be called.")
    if not isinstance(format_.companions, frozenset) or not all(isinstance(name, str) for name in format_.companions):
        raise _NotAFormatError("its “companions” are no frozenset of names.")
    return format_


def _failure(format_: Format) -> str | None:
    """How it fails at small files of any kind. Such a reader can be used all the same: it is guarded."""
    try:
        for probe in _PROBES:
            foreign(partial(format_.sniff, probe))
            deque(read_strictly(format_.read, BytesIO(probe), original=_NO_ORIGINAL, start=0), maxlen=0)
    except ReaderFailedError as error:
        return f"It does not read every file: of {len(probe)} bytes, it {error}"
    except ForeignError as error:
        return f"It does not tell its files from others: {error}"
    except OSError as error:  # that a disk fails is believed only of files that are on one
        return f"It does not read every file: {error}"
    return None
