"""How many threads a dry run would leave, once the mails of several files have found together."""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.domain.records import Edge
from archive.services.ingest.remembered import Remembered
from archive.store.capture_rows import Rows
from archive.store.joining import posts_at, waiting_for
from archive.store.mentions import mentioned_above
from archive.store.parts import parts
from imports.companions import told_as_disk_error

_Node = int | PublicId  # a thread, or the address of a mail, here or missing
_SCHEMA = (
    "CREATE TABLE node (id INTEGER PRIMARY KEY, name UNIQUE, met)",
    "CREATE TABLE awaited (address TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TABLE told (address TEXT PRIMARY KEY, above_key TEXT, above TEXT) WITHOUT ROWID",
)
_TOLD = """
    INSERT INTO told VALUES (:address, :above_key, :above) ON CONFLICT (address)
    DO UPDATE SET above_key = excluded.above_key, above = excluded.above
    WHERE (excluded.above_key, excluded.above) < (above_key, above)
"""
_AT_ONCE = 1_000


class Foreseen:
    """Threads and mails that belong together by what was read so far."""

    def __init__(self, session: Session, remembered: Remembered) -> None:
        self._session, self._remembered, self._database = session, remembered, remembered.database
        self._same = array("i", [0])  # by node, one nearer to what stands for all that belong together
        for statement in _SCHEMA:
            self._database.execute(statement)

    def take(self, rows: Rows, threads: Iterable[int]) -> None:
        """Take in what a chunk would write.

        :param threads: those that it holds something of.
        :raises OSError: if there is no room for a temporary file.
        """
        self._write("UPDATE node SET met = 1 WHERE id = ?", ([id_] for id_ in self._numbers([*threads]).values()))
        mails = [row for row in rows.posts if row["edge"] is Edge.REFERENCES]
        waiting = [row for row in mails if row["awaits"]]
        self._join((row["public_id"], row["thread_id"]) for row in mails)
        self._join((row["public_id"], row["awaits"]) for row in waiting)
        self._write("INSERT OR IGNORE INTO awaited VALUES (?)", ([row["awaits"]] for row in waiting))
        self._write(_TOLD, rows.mentions)

    def count(self) -> int:
        """How many of the threads are left."""
        new = self._remembered.new()
        while part := [*islice(new, _AT_ONCE)]:
            self._join(waiting_for(self._session, part))
        awaited = (address for (address,) in self._database.execute("SELECT address FROM awaited"))
        while part := [*islice(awaited, _AT_ONCE)]:
            self._climb(part)
        met = (id_ for (id_,) in self._database.execute("SELECT id FROM node WHERE met"))
        counted = bytearray(len(self._same))
        for id_ in met:
            counted[self._find(id_)] = 1
        return sum(counted)

    def _climb(self, awaited: Collection[PublicId]) -> None:
        """Find what stands above mails that others wait for, and that are missing."""
        missing = {*awaited} - self._remembered.which_are_new(awaited)
        while missing:
            here = posts_at(self._session, sorted(missing))
            self._join((address, post.thread_id) for address, post in here.items())
            above = {*self._above(missing - here.keys())}
            missing = above - self._remembered.which_are_new(above)

    def _above(self, missing: Collection[PublicId]) -> Iterator[PublicId]:
        """Join missing mails with what is told to stand above each, the first by its key; those not yet joined."""
        told = {address: (key, above) for address, (above, key) in self._in_archive(missing).items()}
        marks = ",".join("?" * len(missing))
        query = f"SELECT address, above_key, above FROM told WHERE address IN ({marks})"
        for address, *known in self._database.execute(query, [*missing]).fetchall():
            told[address] = min((*known,), told.get(address, (*known,)))
        pairs = [(address, above) for address, (_, above) in sorted(told.items())]
        return (above for (_, above), is_new in zip(pairs, self._join(pairs), strict=True) if is_new)

    def _in_archive(self, missing: Collection[PublicId]) -> Mapping[PublicId, Any]:
        return mentioned_above(self._session, sorted(missing), public=False)

    def _join(self, pairs: Iterable[tuple[_Node, _Node]]) -> Sequence[bool]:
        """Have each two belong together; whether they did not yet."""
        listed = [*pairs]
        numbers = self._numbers({node for pair in listed for node in pair})
        return [self._unite(self._find(numbers[one]), self._find(numbers[other])) for one, other in listed]

    def _unite(self, one: int, other: int) -> bool:
        if one != other:
            self._same[one] = other
        return one != other

    def _find(self, node: int) -> int:
        """What stands for all that belong together with a node."""
        same = self._same
        while same[node] != node:
            same[node] = node = same[same[node]]
        return node

    def _numbers(self, names: Collection[_Node]) -> dict[_Node, int]:
        """Nodes by their names, made where they are missing."""
        self._write("INSERT OR IGNORE INTO node (name) VALUES (?)", ([name] for name in names))
        found: dict[_Node, int] = {}
        for part in parts([*names]):
            query = f"SELECT name, id FROM node WHERE name IN ({','.join('?' * len(part))})"
            found.update(self._database.execute(query, part))
        self._same.extend(range(len(self._same), max(found.values(), default=0) + 1))
        return found

    def _write(self, statement: str, rows: Iterable[Any]) -> None:
        with told_as_disk_error():
            self._database.executemany(statement, rows)
