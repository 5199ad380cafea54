"""How a transaction ends that only read, and one that should have."""

import pytest
from sqlalchemy import bindparam, inspect, select, text

from archive.store.opening import open_engine

_EACH = select(bindparam("number"))


def test_what_the_server_has_planned_is_not_forgotten_when_somebody_has_read(database_url: str) -> None:
    engine = open_engine(database_url)
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite plans in the process that asks")
    try:
        for number in range(7):
            with engine.connect() as connection:
                connection.execute(_EACH, {"number": number})
        with engine.connect() as connection:
            planned = connection.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    finally:
        engine.dispose()
    assert any("number" not in one and "$1" in one for one in planned)


def test_what_is_written_without_a_use_case_that_writes_is_not_kept(database_url: str) -> None:
    engine = open_engine(database_url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            connection.execute(text("CREATE TABLE not_kept (id integer)"))
        assert "not_kept" not in inspect(engine).get_table_names()
    finally:
        engine.dispose()
