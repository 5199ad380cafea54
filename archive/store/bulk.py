"""Many rows at once, handed to the driver as it wants them: SQLAlchemy's own way takes four times as long."""

from collections.abc import Iterable, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Column, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from archive.store.base import Base
from archive.store.driver import translated

_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def table_of(class_: type[Base]) -> Table:
    """The table of a class."""
    return cast("Table", class_.__table__)  # declarative says FromClause


def insert_rows(session: Session, class_: type[Base], rows: Sequence[dict[str, Any]], *, otherwise: str = "") -> None:
    """Insert rows, all of which name the same columns.

    :param otherwise: a clause on what is done with rows that are there: " ON CONFLICT …".
    """
    if not rows:
        return
    table, dialect = table_of(class_), session.get_bind().dialect
    names = [*rows[0]]
    values = zip(*(_stored(table.columns[name], rows, dialect) for name in names), strict=True)
    into = f"{table.name} ({', '.join(dialect.identifier_preparer.quote(name) for name in names)})"
    if dialect.name == "postgresql" and not otherwise:
        _copy(session, f"COPY {into} FROM STDIN", values)
        return
    marks = ", ".join(["?" if dialect.name == "sqlite" else "%s"] * len(names))
    session.connection().exec_driver_sql(f"INSERT INTO {into} VALUES ({marks}){otherwise}", [*values])


def insert_absent(session: Session, class_: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, but for those that somebody stored before; also rows with columns of JSON."""
    if rows:
        session.execute(_insert_absent(class_, session.get_bind().dialect.name), [*rows])


@cache
def _insert_absent(class_: type[Base], database: str) -> Any:
    return _INSERTS[database](table_of(class_)).on_conflict_do_nothing()


def update_rows(session: Session, class_: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Set columns of rows, each of which names its id and the same columns."""
    if not rows:
        return
    table, dialect = table_of(class_), session.get_bind().dialect
    names = ["id", *(name for name in rows[0] if name != "id")]
    columns = [list(_stored(table.columns[name], rows, dialect)) for name in names]
    if dialect.name == "sqlite":
        new = ", ".join(f"{name} = ?{place}" for place, name in enumerate(names[1:], 2))
        query = f"UPDATE {table.name} SET {new} WHERE id = ?1"
        session.connection().exec_driver_sql(query, [*zip(*columns, strict=True)])
        return
    new = ", ".join(f"{name} = new.{name}" for name in names[1:])
    arrays = ", ".join(f"%s::{table.columns[name].type.compile(dialect)}[]" for name in names)
    given = f"unnest({arrays}) AS new ({', '.join(names)})"
    query = f"UPDATE {table.name} SET {new} FROM {given} WHERE {table.name}.id = new.id"
    session.connection().exec_driver_sql(query, tuple(columns))


def _stored(column: Column[Any], rows: Sequence[dict[str, Any]], dialect: Dialect) -> Iterable[Any]:
    """A column's values as the database wants them: few words, dates and flags are different."""
    values = map(itemgetter(column.name), rows)
    processor = column.type.dialect_impl(dialect).bind_processor(dialect)
    return values if processor is None else map(cache(processor), values)


def _copy(session: Session, statement: str, values: Iterable[tuple[Any, ...]]) -> None:
    """PostgreSQL's own way, which takes half as long. The driver's errors are translated as SQLAlchemy's ways do it.

    :raises DBAPIError: if the database refuses a row.
    :raises UnstorableTextError: if a text holds a NUL character.
    """
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in values:
                copy.write_row(row)
    except driver.Error as error:
        raise translated(connection, statement, error) from error
