"""The numbers of posts in the files of one import, with their dates: as many as there are, in bounded memory."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from archive.domain.ids import PostKey
from imports.companions import open_unnamed, told_as_disk_error
from imports.reader import Numbered

_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Seen(NamedTuple):
    """The date that a number has in a file."""

    posted_at: datetime
    position: int  # of the file in its import


class NumbersSeen:
    """Numbers with the date and the file that they came with first. What outgrows 16 MiB lies in a temporary file."""

    def __init__(self) -> None:
        self._database = open_unnamed()
        columns = "number TEXT PRIMARY KEY, posted_at INTEGER, position INTEGER"
        self._database.execute(f"CREATE TABLE seen ({columns}) WITHOUT ROWID")
        self._database.execute("BEGIN")

    def find(self, numbers: Sequence[PostKey]) -> dict[PostKey, Seen]:
        """Those of some numbers that have come."""
        marks = ",".join("?" * len(numbers))
        found = self._database.execute(f"SELECT * FROM seen WHERE number IN ({marks})", numbers)
        return {PostKey(number): Seen(_START + at * _MICROSECOND, position) for number, at, position in found}

    def add(self, posts: Iterable[Numbered], position: int) -> None:
        """Take in posts of a file.

        :raises OSError: if there is no room for the temporary file.
        """
        rows = ((post.key, (post.posted_at - _START) // _MICROSECOND, position) for post in posts)
        with told_as_disk_error():
            self._database.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", rows)

    def forget(self, positions: Iterable[int]) -> None:
        """Let go of the numbers that came with some files."""
        with told_as_disk_error():
            self._database.executemany("DELETE FROM seen WHERE position = ?", ((position,) for position in positions))

    def close(self) -> None:
        """Let go of everything."""
        self._database.close()
