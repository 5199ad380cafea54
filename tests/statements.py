"""SQL that is compiled once for all tests of a process: each has an engine of its own, which would do it again."""

from collections.abc import MutableMapping
from functools import cache
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.default import DefaultDialect


class _OneForAll(DefaultDialect):
    """A dialect whose engines use what another one has compiled: the dialect is part of a statement's key."""

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        super().engine_created(engine)
        engine.update_execution_options(compiled_cache=_statements(cls))


class Sqlite(_OneForAll, SQLiteDialect_pysqlite):
    """SQLite, with what is compiled for it."""

    supports_statement_cache = True


class Postgresql(_OneForAll, PGDialect_psycopg):
    """PostgreSQL, with what is compiled for it."""

    supports_statement_cache = True


@cache
def _statements(_dialect: type) -> MutableMapping[Any, Any]:
    return {}


def share_statements() -> None:
    """From now on, every engine of this process uses what another one has compiled."""
    registry.register("sqlite", __name__, Sqlite.__name__)
    registry.register("postgresql.psycopg", __name__, Postgresql.__name__)
