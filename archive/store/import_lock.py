"""One import at a time: a lock on a file, which the system lets go of whatever ends the process.

And one that receives at a time: a lock in the database, which lasts until the commit.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from archive.errors import ArchiveError

_RECEIVING = 0x52656376  # PostgreSQL: whoever receives holds this until the commit


class ImportRunningError(ArchiveError):
    """Another import is under way."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(f"Another import is running ({holder}). Start this one again when it has finished.")


@contextmanager
def import_lock(folder: Path, *, what: str) -> Iterator[None]:
    """Hold the lock while the block runs; `what` is told to those who find it held.

    :raises ImportRunningError: if somebody else holds it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "import.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise ImportRunningError(file.read(200).strip() or "it does not say which") from None
        file.truncate(0)
        file.write(f"{what}, process {os.getpid()}\n")
        file.flush()
        yield


def receiving_lock(session: Session) -> None:
    """From here to the commit, let nobody else receive; what others had begun to commit is there now.

    SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _RECEIVING})
