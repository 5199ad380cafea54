"""Files that belong together: what a reader looks up in the files that lie beside the one it reads."""

import errno
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import lru_cache
from types import MappingProxyType, TracebackType
from typing import BinaryIO, Generic, TypeVar

Companions = Mapping[str, Callable[[], BinaryIO]]  # by their base names in lower case; whoever opens one closes it
NO_COMPANIONS: Companions = MappingProxyType({})

Value = TypeVar("Value", str, int)

_PAGES_KIB = 16 * 1024  # of a lookup that stay in memory; what is more goes into a temporary file
_REMEMBERED = 20_000  # answers of a lookup: a few people write most posts


def open_unnamed() -> sqlite3.Connection:
    """A database of SQLite without a name: in memory while it is small, then in a temporary file that nobody sees."""
    database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    for pragma in (f"cache_size = -{_PAGES_KIB}", "journal_mode = OFF", "synchronous = OFF", "temp_store = FILE"):
        database.execute(f"PRAGMA {pragma}")
    return database


@contextmanager
def told_as_disk_error() -> Iterator[None]:
    """Run the block, which fills such a database.

    :raises OSError: if there is no room for the temporary file.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OSError(errno.ENOSPC, f"A temporary file could not be written ({error})") from error


class Lookup(Generic[Value]):
    """Values by number, as many as there are: of twenty million names, 16 MiB stay in memory.

    Kept in a database of SQLite without a name: a temporary file that nobody else sees, made only
    when the entries outgrow the memory they are given, and gone when the lookup is closed. One thread may
    fill it and another close it, but not at the same time.
    """

    def __init__(self, entries: Iterable[tuple[int, Value]]) -> None:
        """Take in the entries; of two with one number, the last.

        :raises OSError: if there is no room for the temporary file.
        """
        self._database = open_unnamed()
        try:
            with told_as_disk_error():
                self._fill(entries)
        except OSError:
            self._database.close()
            raise
        self.get: Callable[[int], Value | None] = lru_cache(_REMEMBERED)(self._find)

    def _fill(self, entries: Iterable[tuple[int, Value]]) -> None:
        self._database.execute("CREATE TABLE entry (number INTEGER PRIMARY KEY, value)")
        self._database.execute("BEGIN")
        self._database.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?)", entries)
        self._database.execute("COMMIT")

    def _find(self, number: int) -> Value | None:
        with closing(self._database.execute("SELECT value FROM entry WHERE number = ?", (number,))) as found:
            row = found.fetchone()
        return row[0] if row else None

    def __enter__(self) -> "Lookup[Value]":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()
