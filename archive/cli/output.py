"""How commands speak: data on stdout, one JSON value a line; sentences on stderr."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
import orjson
from sqlalchemy.orm import Session

from archive.settings import Settings, load_settings
from archive.store.opening import open_session
from archive.store.vault import Vault


def put(value: object) -> None:
    """Write one JSON value as a line of data."""
    sys.stdout.buffer.write(orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z))
    sys.stdout.buffer.flush()


def say(sentence: str) -> None:
    """Tell the person at the terminal."""
    click.echo(sentence, err=True)


@contextmanager
def opened() -> Iterator[tuple[Session, Vault, Settings]]:
    """The archive that the settings name."""
    settings = load_settings()
    with open_session(settings.database_url) as session:
        yield session, Vault(settings.data / "originals"), settings
