"""How a database is opened: SQLite from its own wheel, or PostgreSQL, each with its promises kept.

SQLite 3.7.0 to 3.51.2 can corrupt a WAL database when two connections write at once, and
Debian 12 ships 3.40: hence the `pysqlite3` wheel and not the interpreter's own module.
"""

from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2
from sqlalchemy import Connection, Engine, ExceptionContext, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, OperationalError

from archive.errors import ArchiveError

BUSY_TIMEOUT_MS = 10_000  # how long anybody waits for a lock, on either database
WRITES = "footnote_writes"  # execution option of a transaction that will write
_READS = "footnote_reads"  # of a connection to PostgreSQL: whether its transaction has only read
PATIENCE_MS = "footnote_patience_ms"  # execution option: how long such a transaction waits for others
_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # NORMAL loses acknowledged commits in a power cut
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA cache_size=-24576",  # KiB, when negative; a third less costs imports of 400,000 posts a tenth of their time
)

# The driver looks for an adapter of every None that it is handed. To find one takes a tenth of the time of finding
# none, which was as much as all else in the writing of a post.
pysqlite3.dbapi2.register_adapter(type(None), lambda value: value)

_BUSY_STATES = ("55P03", "40P01")  # PostgreSQL: waited too long for a lock; two waited for each other
# PostgreSQL: it is being shut down or started, or the connection to it broke.
_GONE_STATES = ("57P01", "57P02", "57P03", "08000", "08001", "08003", "08004", "08006")
_BUSY_SIGNS = ("database is locked", "database table is locked", "database is busy")  # SQLite


class DatabaseUrlError(ArchiveError):
    """The database URL names a database that Footnote does not work with."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"“{url}” is not a database that Footnote works with. "
            "Use sqlite:///path/to/file or postgresql://user:password@host/name."
        )


class DriverMissingError(ArchiveError):
    """PostgreSQL is asked for, and its driver is not installed."""

    def __init__(self) -> None:
        super().__init__("PostgreSQL needs its driver, psycopg: pip install 'psycopg[binary]>=3.2'")


class UnstorableTextError(ArchiveError):
    """A text holds a NUL character, which PostgreSQL can neither store nor look for."""

    def __init__(self) -> None:
        super().__init__("A NUL character was sent, and no text in this archive can hold one.")


def engine_options(database_url: str) -> tuple[str, dict[str, Any]]:
    """The URL with its driver named, and the options for `create_engine`.

    :raises DatabaseUrlError: if it is neither SQLite nor PostgreSQL.
    :raises DriverMissingError: if it is PostgreSQL and cannot be spoken to.
    """
    try:
        url = make_url(database_url)
    except ArgumentError as error:
        raise DatabaseUrlError(database_url) from error
    match url.get_backend_name():
        case "sqlite" if url.database not in (None, "", ":memory:"):
            return str(url), {"module": pysqlite3.dbapi2}
        case "postgresql":
            if find_spec("psycopg") is None:
                raise DriverMissingError
            url = url.set(drivername="postgresql+psycopg")
            return url.render_as_string(hide_password=False), {"pool_pre_ping": True}
    raise DatabaseUrlError(url.render_as_string())


def prepare(engine: Engine) -> None:
    """Set up each connection: how long it waits for others; on SQLite pragmas, and transactions that we open."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
    else:
        event.listen(engine, "connect", _on_connect_postgresql)
        event.listen(engine, "begin", _on_begin_postgresql)
        event.listen(engine, "before_cursor_execute", _on_statement_postgresql)
        event.listen(engine, "rollback", _on_rollback_postgresql)
        event.listen(engine, "handle_error", _on_error, retval=True)


def is_busy(error: BaseException | None) -> bool:
    """Whether a driver's error says that somebody else holds a lock, and that it may go better in a moment."""
    return getattr(error, "sqlstate", None) in _BUSY_STATES or any(sign in str(error) for sign in _BUSY_SIGNS)


def is_nul(error: BaseException | None) -> bool:
    """Whether PostgreSQL's driver refused a text for a NUL character in it."""
    return isinstance(error, DataError) and "NUL (0x00)" in str(error.orig)


def is_passing(error: DBAPIError) -> bool:
    """Whether the same may go well in a moment: somebody else holds a lock, or the server is away."""
    if is_busy(error.orig) or error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", "")  # psycopg has None where no server answered
    return isinstance(error, OperationalError) and (state is None or state in _GONE_STATES)


def sqlite_file(engine: Engine) -> Path | None:
    """The file of an SQLite database; None for PostgreSQL."""
    return Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not open transactions on its own
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _on_connect_postgresql(connection: Any, _record: object) -> None:
    connection.autocommit = True  # in a transaction it would go with a rollback
    connection.execute(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("SET jit = off")  # it compiles for a third of a second what is answered in one millisecond
    connection.autocommit = False


def _on_error(context: ExceptionContext) -> BaseException | None:
    return UnstorableTextError() if is_nul(context.sqlalchemy_exception) else None


def _on_begin(connection: Connection) -> None:
    # A transaction that starts as a reader and then writes can find that another wrote in between,
    # and SQLite refuses it at once, without waiting. One that will write says so at its start.
    options = connection.get_execution_options()
    if not options.get(WRITES, False):
        connection.exec_driver_sql("BEGIN")
        return
    patience = options.get(PATIENCE_MS, BUSY_TIMEOUT_MS)
    if patience == BUSY_TIMEOUT_MS:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout={patience}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _on_begin_postgresql(connection: Connection) -> None:
    connection.info[_READS] = not connection.get_execution_options().get(WRITES, False)
    patience = connection.get_execution_options().get(PATIENCE_MS, BUSY_TIMEOUT_MS)
    if patience != BUSY_TIMEOUT_MS:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience}")


def _on_statement_postgresql(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
    if not statement.startswith("SELECT"):
        connection.info[_READS] = False


def _on_rollback_postgresql(connection: Connection) -> None:
    # With a rollback the driver forgets every statement that it has prepared, and the server plans each anew: for the
    # row of one post that takes ten times as long as to look it up. What only read may as well be committed.
    if connection.invalidated or not connection.info.get(_READS, False):
        return
    driver: Any = connection.connection.driver_connection
    with suppress(driver.Error):  # whatever is wrong, the rollback that follows meets it, too
        if driver.info.transaction_status.name == "INTRANS":
            driver.commit()
