"""A database, opened for use outside the web: at its newest schema."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from archive.store.engine import engine_options, prepare
from archive.store.migrate import is_current, upgrade


def open_engine(database_url: str) -> Engine:
    """An engine, set up as the promises ask.

    :raises DatabaseUrlError: if the URL is neither SQLite's nor PostgreSQL's.
    """
    url, options = engine_options(database_url)
    engine = create_engine(url, **options)
    prepare(engine)
    return engine


@contextmanager
def open_session(database_url: str) -> Iterator[Session]:
    """A session on a database that is brought to the newest schema first.

    :raises DatabaseUrlError: if the URL is neither SQLite's nor PostgreSQL's.
    """
    engine = open_engine(database_url)
    try:
        if not is_current(engine):
            upgrade(engine)
        with Session(engine, expire_on_commit=False) as session:
            yield session
    finally:
        engine.dispose()
