"""A PostgreSQL server as the tests have it, but with its care for power cuts; and the limit, COPY by hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import psycopg

from tests.bench.limit import PlainRow
from tests.databases import empty_database, postgresql_server

_TABLES = """
    CREATE TABLE plain_post (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        key text, thread text, parent text, author text, posted_at text, text text,
        search tsvector GENERATED ALWAYS AS (to_tsvector('simple', left(text, 200000))) STORED
    );
    CREATE INDEX ON plain_post (thread);
    CREATE INDEX ON plain_post USING gin (search);
"""


@contextmanager
def durable_database(folder: Path) -> Iterator[str]:
    """The URL of an empty database that has what it acknowledges on disk."""
    with (
        postgresql_server(durable=True) as server,
        empty_database("postgresql", folder, lambda: server) as url,
    ):
        yield url


def fill_postgresql(url: str, rows: Iterator[PlainRow]) -> float:
    """Posts a second, the reading of them from their file included."""
    started, posts = perf_counter(), 0
    with psycopg.connect(url) as connection:
        connection.execute(_TABLES)
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for posts, row in enumerate(rows, 1):  # noqa: B007 - counted for what follows
                copy.write_row(row)
    return posts / (perf_counter() - started)


_COPY = "COPY plain_post (key, thread, parent, author, posted_at, text) FROM STDIN"
