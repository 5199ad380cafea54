"""What a dry run remembers of the chunks that it has decided on: as much as there is, in bounded memory.

An import finds in the archive what it wrote before; a dry run writes nothing there. What outgrows 16 MiB lies in a
temporary file that nobody else sees.
"""

import hashlib
import json
import pickle
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from archive.domain.capture import KnownParent, KnownPost, KnownThread
from archive.domain.ids import PublicId
from archive.store.capture_rows import NextIds, Rows
from archive.store.originals import Way
from archive.store.parts import parts
from imports.companions import open_unnamed, told_as_disk_error

_SCHEMA = (
    "CREATE TABLE post (id INTEGER PRIMARY KEY, address TEXT, thread INTEGER, what BLOB)",
    "CREATE UNIQUE INDEX post_address ON post (address)",
    "CREATE INDEX post_thread ON post (thread)",
    "CREATE TABLE shown (thread, reading, place, post, PRIMARY KEY (thread, reading, place)) WITHOUT ROWID",
    "CREATE TABLE thread (id INTEGER PRIMARY KEY, address TEXT, source_key TEXT, namesake TEXT)",
    "CREATE UNIQUE INDEX thread_address ON thread (address)",
    "CREATE INDEX thread_namesake ON thread (namesake) WHERE namesake IS NOT NULL",
    "CREATE TABLE way (number INTEGER PRIMARY KEY, digest BLOB UNIQUE)",
    "CREATE TABLE absent (post INTEGER PRIMARY KEY)",
    "BEGIN",
)
_FIELDS = [field.name for field in fields(KnownPost) if field.name != "row"]
_told = attrgetter(*_FIELDS)
_THREAD = "id, source_key, address, namesake"
_FIRST_MADE_UP = 2**30  # of readings that there are not


class Remembered:
    """Posts, threads and readings as a dry run would have left them."""

    def __init__(self, ids: NextIds) -> None:
        """`ids`: those that the first posts and threads get."""
        self._first_new = ids.post
        self.database = open_unnamed()
        for statement in _SCHEMA:
            self.database.execute(statement)

    def close(self) -> None:
        """Let go of everything."""
        self.database.close()

    def keep(self, rows: Rows, numbered: dict[PublicId, KnownPost], threads: Iterable[KnownThread]) -> None:
        """Remember what was decided on a chunk.

        :param rows: what an import would write of it.
        :param numbered: posts by their addresses, and `threads` with their posts: as the chunk leaves them.
        :raises OSError: if there is no room for the temporary file.
        """
        posts = {post.id: post for post in numbered.values() if post.in_batch}
        shown = []
        for thread in threads:
            posts |= {post.id: post for post in thread.posts.values() if post.in_batch}
            shown += [(thread.id, *place, post.id) for place, post in thread.shown.items() if post.in_batch]
        addresses = {post.id: address for address, post in numbered.items()}
        addresses |= {row["id"]: row["public_id"] for row in rows.posts}
        told = ((id_, addresses.get(id_), post.said_thread_id, _packed(post)) for id_, post in posts.items())
        begun = ((row["id"], row["source_key"], row["public_id"], row["namesake"]) for row in rows.threads)
        self._write(_KEEP_POST, told)
        self._write("INSERT OR REPLACE INTO shown VALUES (?, ?, ?, ?)", shown)
        self._write(f"INSERT INTO thread ({_THREAD}) VALUES (?, ?, ?, ?)", begun)

    def posts(self, addresses: Collection[PublicId]) -> dict[PublicId, KnownPost]:
        """Those of the numbered posts that were read."""
        return {address: _unpacked(what) for address, what in self._find("address, what", "post", "address", addresses)}

    def parents(self, addresses: Collection[PublicId]) -> dict[PublicId, KnownParent]:
        """What has to be known of these posts so that others can hang under them."""
        return {
            address: KnownParent(post.id, post.thread_id, post.said_thread_id, post.kind, post.stands_as)
            for address, post in self.posts(addresses).items()
        }

    def threads(self, addresses: Collection[PublicId]) -> dict[PublicId, KnownThread]:
        """Those of the threads that are new, without their posts."""
        rows = self._find(_THREAD, "thread", "address", addresses)
        return {thread.public_id: thread for thread in (KnownThread(*row) for row in rows)}

    def alike(self, addresses: Collection[PublicId]) -> dict[PublicId, KnownThread]:
        """The same, and their namesakes."""
        rows = self._find(_THREAD, "thread", "namesake", addresses)
        return self.threads(addresses) | {thread.public_id: thread for thread in (KnownThread(*row) for row in rows)}

    def complete(self, thread: KnownThread) -> None:
        """Have a thread hold what was read of it, in place of what the archive has."""
        posts = {post.id: post for post in thread.posts.values()}
        read = sorted((id_, what) for id_, what in self._find("id, what", "post", "thread", [thread.id]))
        posts |= {id_: _unpacked(what) for id_, what in read}
        thread.posts = {post.key: post for post in posts.values()}
        thread.shown = {place: posts[post.id] for place, post in thread.shown.items()}
        for reading, place, post_id in self._find("reading, place, post", "shown", "thread", [thread.id]):
            thread.show((reading, place), posts[post_id])

    def new(self) -> Iterator[PublicId]:
        """Yield the addresses of the posts that the archive does not have."""
        query = "SELECT address FROM post WHERE id >= ? ORDER BY id"
        return (PublicId(address) for (address,) in self.database.execute(query, [self._first_new]))

    def which_are_new(self, addresses: Collection[PublicId]) -> set[PublicId]:
        """Those of the addresses at which there is a post that the archive does not have."""
        rows = self._find("address, id", "post", "address", addresses)
        return {PublicId(address) for address, id_ in rows if id_ >= self._first_new}

    def reading(self, way: Way) -> int:
        """The number of a reading that there is not yet: behind all others."""
        digest = hashlib.sha256(json.dumps([*way], sort_keys=True).encode()).digest()
        self._write("INSERT OR IGNORE INTO way (digest) VALUES (?)", [[digest]])
        number: int = self.database.execute("SELECT number FROM way WHERE digest = ?", [digest]).fetchone()[0]
        return _FIRST_MADE_UP + number

    def newly_absent(self, posts: Iterable[KnownPost]) -> list[KnownPost]:
        """Those of some posts that were not said to be absent before."""
        insert = "INSERT OR IGNORE INTO absent VALUES (?)"
        with told_as_disk_error():
            return [post for post in posts if self.database.execute(insert, [post.id]).rowcount]

    def _write(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        with told_as_disk_error():
            self.database.executemany(statement, rows)

    def _find(self, what: str, table: str, column: str, values: Collection[Any]) -> Iterator[Sequence[Any]]:
        for part in parts([*values]):
            query = f"SELECT {what} FROM {table} WHERE {column} IN ({','.join('?' * len(part))})"
            yield from self.database.execute(query, part).fetchall()


_KEEP_POST = "INSERT INTO post VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET what = excluded.what"


def _packed(post: KnownPost) -> bytes:
    return pickle.dumps(_told(post), pickle.HIGHEST_PROTOCOL)


def _unpacked(what: bytes) -> KnownPost:
    return KnownPost(**dict(zip(_FIELDS, pickle.loads(what), strict=True)))  # noqa: S301 - our own file, without a name
