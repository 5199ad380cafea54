"""Rows copied within a table."""

from typing import Any

from sqlalchemy import ColumnElement, Table, insert, select
from sqlalchemy.orm import Session

from archive.store.base import Base


def copy_rows(session: Session, class_: type[Base], which: ColumnElement[bool], **instead: ColumnElement[Any]) -> None:
    """Copy those rows, every column of them, but with other values where these are named."""
    table: Table = class_.metadata.tables[class_.__tablename__]
    columns = [instead.get(column.name, column) for column in table.columns]
    session.execute(insert(table).from_select(list(table.columns), select(*columns).where(which)))
