"""One import at a time: a lock on a file, which the system lets go of whatever ends the process; and on PostgreSQL,
which may serve several data folders, one in the database, which goes with the connection.

And one that receives at a time: a lock in the database, which lasts until the commit.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from archive.errors import ArchiveError
from archive.store.engine import BUSY_TIMEOUT_MS, is_busy
from archive.store.file_lock import HeldError, file_lock, holder

_FILE = "import.lock"
_IMPORTING = 0x496D706F  # PostgreSQL: whoever imports holds this as long as the import lasts
_WAIT_MS = 2_000  # for a connection of an import that was killed to be found closed
_RECEIVING = 0x52656376  # PostgreSQL: whoever receives holds this until the commit


class ImportRunningError(ArchiveError):
    """Another import is under way."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(f"Another import is running ({holder}). Start this one again when it has finished.")


@contextmanager
def import_lock(session: Session, folder: Path, *, what: str) -> Iterator[None]:
    """Hold the lock while the block runs; `what` is told to those who find it held.

    :raises ImportRunningError: if somebody else holds it.
    """
    try:
        with file_lock(folder / _FILE, what=what), _lock_in_database(session.get_bind().engine):
            yield
    except HeldError as error:
        raise ImportRunningError(error.holder) from None


def import_under_way(folder: Path) -> str | None:
    """What the import that is under way says of itself; None: there is none in this data folder."""
    return holder(folder / _FILE)


@contextmanager
def _lock_in_database(engine: Engine) -> Iterator[None]:
    if engine.dialect.name != "postgresql":
        yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _wait_at_most(connection, _WAIT_MS)
        try:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _IMPORTING})
        except OperationalError as error:
            if is_busy(error.orig):
                raise ImportRunningError("from another data folder, into the same database") from None
            raise
        finally:
            _wait_at_most(connection, BUSY_TIMEOUT_MS)
        try:
            yield
        finally:
            with suppress(DBAPIError):  # where the connection is gone, so is the lock
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _IMPORTING})


def _wait_at_most(connection: Connection, milliseconds: int) -> None:
    connection.execute(text(f"SET lock_timeout = {milliseconds}"))


def receiving_lock(session: Session) -> None:
    """From here to the commit, let nobody else receive; what others had begun to commit is there now.

    SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _RECEIVING})
