"""Whether anything was committed since one looked: a mark that is another with every commit of anybody.

And how much was purged, by which each process learns that it has words to forget.

SQLite counts the commits of others for each connection, so the one that is asked must stay the same and write nothing
(https://www.sqlite.org/pragma.html#pragma_data_version). In PostgreSQL a snapshot names the transactions whose rows it
sees, so two alike see the same (pg_current_snapshot).
"""

import weakref
from collections.abc import Callable
from threading import Lock

import pysqlite3.dbapi2
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from archive.store.engine import sqlite_file

Generation = int | str
_DATA_VERSION, _SNAPSHOT = "PRAGMA data_version", "SELECT pg_current_snapshot()::text"
_PURGES = "SELECT count(*) FROM takedown WHERE purged_at IS NOT NULL"


def generations(engine: Engine) -> Callable[[], Generation | None]:
    """What tells the mark of a database; None where it cannot be asked just now."""
    return _asking(engine, _DATA_VERSION if engine.dialect.name == "sqlite" else _SNAPSHOT)


def purges(engine: Engine) -> Callable[[], Generation | None]:
    """What tells how many takedowns were purged; None where it cannot be asked just now."""
    return _asking(engine, _PURGES)


def _asking(engine: Engine, query: str) -> Callable[[], Generation | None]:
    return _of_sqlite(engine, query) if engine.dialect.name == "sqlite" else _of_postgresql(engine, query)


def _of_sqlite(engine: Engine, query: str) -> Callable[[], Generation | None]:
    lock, opened = Lock(), list[pysqlite3.dbapi2.Connection]()

    def ask() -> Generation | None:
        with lock:
            try:
                if not opened:
                    connection = pysqlite3.dbapi2.connect(str(sqlite_file(engine)), check_same_thread=False)
                    weakref.finalize(engine, connection.close)
                    opened.append(connection)
                row: tuple[int] = opened[0].execute(query).fetchone()
            except pysqlite3.dbapi2.Error:
                return None
        return row[0]

    return ask


def _of_postgresql(engine: Engine, query: str) -> Callable[[], Generation | None]:
    asking = engine.execution_options(isolation_level="AUTOCOMMIT")

    def ask() -> Generation | None:
        try:
            with asking.connect() as connection:
                told: Generation = connection.exec_driver_sql(query).scalar_one()
        except DBAPIError:
            return None
        return told

    return ask
