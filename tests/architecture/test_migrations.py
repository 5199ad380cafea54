"""The migrated schema equals the tables, and each revision goes up, down and up again, with rows in it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Engine,
    Float,
    Inspector,
    MetaData,
    Table,
    inspect,
    select,
)
from sqlalchemy.types import Integer, String, TypeEngine

from archive import clock
from archive.store.engine import WRITES
from archive.store.migrate import config, downgrade, is_current, upgrade
from archive.store.schema import Base
from tests.databases import empty_database, opened

REVISIONS = [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()][::-1]
_NOT_OURS = re.compile(r"alembic_version|revision_fts(_\w+)?")  # Alembic's own, and FTS5's
_ONLY_MIGRATED = {"revision_text.search", "revision_text.ix_revision_text_search"}  # PostgreSQL's full text
_AWKWARD = 'Ünïcode ’n’ "quotes" \N{SKULL} %s \\'


@pytest.fixture
def empty(database_kind: str, tmp_path: Path, postgresql: Callable[[], Any]) -> Iterator[Engine]:
    """A database without a table."""
    with empty_database(database_kind, tmp_path, postgresql) as url, opened(url) as engine:
        yield engine


def test_migrated_schema_equals_the_tables(empty: Engine, database_url: str) -> None:
    """`alembic check` does not see CHECKs and partial indexes; what the database says of itself does."""
    Base.metadata.create_all(empty)
    with opened(database_url) as migrated:
        found = {name: shape for name, shape in _shape(migrated).items() if name not in _ONLY_MIGRATED}
    assert found == _shape(empty)


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(config()).get_heads()) == 1


@pytest.mark.parametrize("revision", REVISIONS)
def test_revision_goes_up_down_and_up_with_rows(empty: Engine, revision: str) -> None:
    number = REVISIONS.index(revision)
    before = REVISIONS[number - 1] if number else "base"
    if number:
        upgrade(empty, before)
        _fill(empty)
    upgrade(empty, revision)
    upper = _shape(empty)
    _fill(empty)
    downgrade(empty, before)
    if not number:
        assert _shape(empty) == {}
    upgrade(empty, revision)
    assert _shape(empty) == upper


def test_a_migrated_database_says_that_it_is_current(database_url: str, empty: Engine) -> None:
    with opened(database_url) as migrated:
        assert is_current(migrated)
    assert not is_current(empty)


def test_rows_fit_into_every_table(database_url: str) -> None:
    """Otherwise the round trips above would prove nothing."""
    with opened(database_url) as engine:
        _fill(engine)
        with engine.connect() as connection:
            empty = [table.name for table in _tables(engine) if connection.execute(select(table)).first() is None]
    assert not empty


def _shape(engine: Engine) -> dict[str, object]:
    """Everything that the database says of its tables, by the name of the piece."""
    inspector = inspect(engine)
    return {
        f"{table}.{name}": shape
        for table in sorted(inspector.get_table_names())
        if not _NOT_OURS.fullmatch(table)
        for name, shape in _pieces(inspector, table)
    }


def _pieces(inspector: Inspector, table: str) -> Iterator[tuple[str, object]]:
    for column in inspector.get_columns(table):
        yield column["name"], (str(column["type"]), column["nullable"], column["default"])
    key = inspector.get_pk_constraint(table)
    yield str(key["name"]), tuple(key["constrained_columns"])
    for foreign in inspector.get_foreign_keys(table):
        yield str(foreign["name"]), (foreign["constrained_columns"], foreign["referred_table"], foreign["options"])
    for unique in inspector.get_unique_constraints(table):
        yield str(unique["name"]), unique["column_names"]
    for check in inspector.get_check_constraints(table):
        yield str(check["name"]), check["sqltext"]  # as the database has rewritten it, on either side
    for index in inspector.get_indexes(table):
        options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
        yield str(index["name"]), (index["column_names"], index["unique"], options)


def _tables(engine: Engine) -> list[Table]:
    metadata = MetaData()
    metadata.reflect(engine, only=lambda name, _: not _NOT_OURS.fullmatch(name))
    return metadata.sorted_tables


def _fill(engine: Engine) -> None:
    """Put one row into every table that has none."""
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        for table in _tables(engine):
            if connection.execute(select(table)).first() is None:
                row = {column.name: _value(table, column) for column in table.columns if column.computed is None}
                connection.execute(table.insert(), row)


def _value(table: Table, column: Column[Any]) -> object:
    if column.foreign_keys:  # each table has one row, whose key is 1 or the word below
        (foreign,) = column.foreign_keys
        return None if foreign.column.table is table else _value(foreign.column.table, foreign.column)
    guard = next((c for c in table.constraints if c.name == f"ck_{table.name}_{column.name}"), None)
    return _first_word(guard) if isinstance(guard, CheckConstraint) else _plain_value(column.type)


def _first_word(check: CheckConstraint) -> str:
    words: list[str] = re.findall(r"'([^']+)'", str(check.sqltext))
    return words[0]


def _plain_value(kind: TypeEngine[Any]) -> object:
    match kind:
        case Boolean():
            return True
        case DateTime():
            return clock.now().replace(tzinfo=None) if not kind.timezone else clock.now()
        case Integer() | Float():
            return 1
        case JSON():
            return {"text": _AWKWARD}
        case String():
            return _AWKWARD[: kind.length]
    raise NotImplementedError(repr(kind))
