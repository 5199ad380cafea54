"""Statements handed to a database's driver as they are.

What SQLAlchemy does around a statement takes ten times as long as the driver does for a small one, and a search has
eight of them. Its connection and its transaction stay the same.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from archive.store.engine import UnstorableTextError, is_nul

_PARAMETER = re.compile(r"(?<![:\w]):([a-z]\w*)")


def read_rows(session: Session, query: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """All rows of a SELECT, whose parameters are written `:name`, with values as the driver has them.

    :raises DBAPIError: if the database refuses it.
    :raises UnstorableTextError: if a text holds a NUL character that it cannot be asked for.
    """
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    written = query if connection.dialect.name == "sqlite" else _as_psycopg_has_it(query)
    try:
        rows: list[tuple[Any, ...]] = driver.execute(written, parameters or {}).fetchall()
    except driver.Error as error:
        raise translated(connection, query, error) from error
    return rows


def read_value(session: Session, query: str, parameters: Mapping[str, Any] | None = None) -> Any:
    """The first value of the first row, as `read_rows` has it; None where there is no row."""
    rows = read_rows(session, query, parameters)
    return rows[0][0] if rows else None


def translated(connection: Connection, statement: str, error: Exception) -> Exception:
    """A driver's error as SQLAlchemy would have it; a connection that is lost is taken out of use, as there."""
    dialect, driver = connection.dialect, cast("Any", connection.connection.driver_connection)
    lost = dialect.is_disconnect(cast("Any", error), driver, None)
    wrapped = DBAPIError.instance(statement, None, error, driver.Error, connection_invalidated=lost, dialect=dialect)
    if lost:
        connection.invalidate(error)
    return UnstorableTextError() if is_nul(wrapped) else wrapped


@lru_cache(maxsize=200)
def _as_psycopg_has_it(query: str) -> str:
    return _PARAMETER.sub(r"%(\1)s", query.replace("%", "%%"))
