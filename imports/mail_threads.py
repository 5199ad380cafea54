"""To which thread each mail of a file belongs, whatever their order.

A mail’s parent is what it says itself. Where a parent is not in the file, the lines of References
of those below it tell what stood above. The highest that is known is the root, in the file or not.
The ids are kept in a temporary database, so that memory does not grow with the file.

What mails tell of others that are not in the file is yielded with them as mentions, so that the archive can go on
by the same rule with what other files hold.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from archive.domain.ids import PostKey
from archive.domain.records import Mention
from imports.mail_ids import MailIds

_TABLE = """
CREATE TABLE mail (
    key TEXT PRIMARY KEY,
    above TEXT,
    place INTEGER, -- of the first mail with this id, in bytes; NULL while it is only named
    content INTEGER, -- what tells whether another mail with this id is the same
    root TEXT -- of its thread, where the way there is long and was gone once
) WITHOUT ROWID
"""
# The smallest of several, so that the order of mails does not count.
_NAME = """
INSERT INTO mail (key, above) VALUES (?, ?) ON CONFLICT (key) DO UPDATE
SET above = min(coalesce(above, excluded.above), excluded.above)
WHERE place IS NULL AND excluded.above IS NOT NULL
"""
_ARRIVE = """
INSERT INTO mail (key, above, place, content) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE
SET above = excluded.above, place = excluded.place, content = excluded.content
WHERE place IS NULL
"""
_GATHER = "UPDATE mail SET root = ? WHERE key = ?"
_SETTINGS = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -16384")  # KiB
_AT_ONCE = 2_000  # mails
_MOST_REMEMBERED = 20_000  # ids in memory: 4 MB
_LONG_WAY = 100  # mails one above the other, to the root
_MOST_MENTIONS = 100  # mails of one line of which something is told, the nearest; and how the rest hangs together
_Found = tuple[PostKey | None, int | None, PostKey | None]  # above, place and root


class Root(NamedTuple):
    """Where a thread begins."""

    key: PostKey
    is_here: bool  # in the file


class FirstMail(NamedTuple):
    """The first mail of a file with some id."""

    place: int  # bytes
    content: int


class ThreadIndex:
    """The ids of a file and what stands above each; to be filled first, and then asked."""

    def __init__(self) -> None:
        # "" is a database in memory that moves to a nameless file when it grows. A generator may end in any thread.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for statement in (*_SETTINGS, _TABLE, "BEGIN"):
            self._database.execute(statement)
        self._named: dict[tuple[PostKey, PostKey | None], None] = {}
        self._new_names: list[tuple[PostKey, PostKey | None]] = []
        self._arrived: list[tuple[PostKey, PostKey | None, int, int]] = []
        self._roots: dict[PostKey, Root] = {}
        self._found: dict[PostKey, _Found] = {}

    def add(self, ids: MailIds, *, place: int, content: int) -> None:
        """Take in a mail.

        :param content: a number that is equal for equal mails.
        """
        above = None
        for key in ids.line:
            link = (key, above)
            if link not in self._named:
                self._named[link] = None
                self._new_names.append(link)
            above = key
        if ids.key is not None:
            self._arrived.append((ids.key, above, place, content))
        if len(self._arrived) >= _AT_ONCE or len(self._new_names) >= _AT_ONCE:
            self.write()

    def write(self) -> None:
        """Make what was taken in ready to be asked for."""
        self._database.executemany(_ARRIVE, self._arrived)
        self._database.executemany(_NAME, self._new_names)
        self._arrived.clear()
        self._new_names.clear()
        if len(self._named) > _MOST_REMEMBERED:
            self._named.clear()

    def first_with(self, key: PostKey) -> FirstMail | None:
        """The first mail with this id."""
        row = self._database.execute("SELECT place, content FROM mail WHERE key = ?", (key,)).fetchone()
        return None if row is None or row[0] is None else FirstMail(*row)

    def root_above(self, key: PostKey) -> Root:
        """The root of the thread in which a mail with this id stands. In a cycle, the smallest id is taken for it."""
        path: dict[PostKey, None] = {}
        here = key
        while here not in self._roots and here not in path:
            path[here] = None
            above, place, root = self._look_up(here)
            if above is None or root == here:
                return self._remember(path, Root(here, place is not None))
            here = root or above
        if here in self._roots:
            return self._remember(path, self._roots[here])
        keys = list(path)
        smallest = min(keys[keys.index(here) :])
        return self._remember(path, Root(smallest, self._look_up(smallest)[1] is not None))

    def mentions(self, key: PostKey, line: Sequence[PostKey]) -> Iterator[Mention]:
        """Yield what the file tells of those mails of a line that it does not hold, and of the mail below it."""
        for named in line[-_MOST_MENTIONS:]:
            above, place, _ = self._look_up(named)
            if place is None and above is not None:
                yield Mention(named, above)
        yield from (bridge for bridge in _bridges(line) if self._look_up(bridge.key)[1] is None)
        if line and self._look_up(line[-1])[1] is None:
            yield Mention(key, line[-1])

    def close(self) -> None:
        """Give the memory and the file back."""
        self._database.close()

    def _look_up(self, key: PostKey) -> _Found:
        found = self._found.get(key)
        if found is None:
            row = self._database.execute("SELECT above, place, root FROM mail WHERE key = ?", (key,)).fetchone()
            if len(self._found) > _MOST_REMEMBERED:
                self._found.clear()
            found = self._found[key] = (None, None, None) if row is None else row
        return found

    def _remember(self, path: dict[PostKey, None], root: Root) -> Root:
        if len(path) > _LONG_WAY:  # so that it is found at once, also when it is forgotten here
            self._database.executemany(_GATHER, ((root.key, key) for key in path))
            for key in path:
                self._found.pop(key, None)
        if len(self._roots) > _MOST_REMEMBERED:
            self._roots.clear()
        self._roots.update(dict.fromkeys(path, root))
        return root


def mentions_of_line(key: PostKey, line: Sequence[PostKey]) -> Iterator[Mention]:
    """Yield what a mail tells that is alone in its file."""
    yield from (Mention(below, above) for above, below in pairwise(line[-_MOST_MENTIONS - 1 :]))
    yield from _bridges(line)
    if line:
        yield Mention(key, line[-1])


def _bridges(line: Sequence[PostKey]) -> Iterator[Mention]:
    """Yield how what is left of a long line hangs together with its beginning."""
    if len(line) > _MOST_MENTIONS + 1:
        yield Mention(line[-_MOST_MENTIONS - 1], line[0])
