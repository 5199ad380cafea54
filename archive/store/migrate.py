"""Bringing a database to the newest schema."""

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from archive.places import folder
from archive.store.engine import WRITES


def config() -> Config:
    """Alembic's configuration, without a file of its own."""
    settings = Config()
    settings.set_main_option("script_location", str(folder("migrations")))
    settings.set_main_option("path_separator", "os")
    return settings


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database up to a revision."""
    _with_connection(engine, lambda settings: command.upgrade(settings, revision))


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the database down to a revision."""
    _with_connection(engine, lambda settings: command.downgrade(settings, revision))


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest schema."""
    with engine.connect() as connection:
        stands_at = MigrationContext.configure(connection).get_current_revision()
    return stands_at == ScriptDirectory.from_config(config()).get_current_head()


def _with_connection(engine: Engine, act: Callable[[Config], None]) -> None:
    settings = config()
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        settings.attributes["connection"] = connection
        act(settings)
