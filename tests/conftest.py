"""What every test may ask for. What asks for a database runs on each kind; `--database` picks one.

What costs time to import is imported where it is used, so that tests of plain functions start at once.
"""

import gc
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import hypothesis
import pytest

from archive.domain.signing import Signature
from archive.settings import Settings
from tests.quick_folder import quick_folder

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy import URL
    from sqlalchemy.orm import Session

    from archive.store.users import User
    from archive.store.vault import Vault
    from tests.databases import Copies
    from tests.fillings import Filling, Master

PASSWORD = "correct horse battery staple"

hypothesis.settings.register_profile("local", deadline=None)  # two busy cores make any deadline a lottery
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), help="run only on this kind of database")
    parser.addoption("--odd-requests", type=int, help="send each operation of the API so many at random, not a few")
    parser.addoption("--kill-sweep", action="store_true", help="kill imports at many moments, not at a few")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test marked `database("sqlite")` runs on the kinds that its mark names, any other on both.

    One marked `seeds(8)` runs with eight seeds, which are dealt out to the kinds.
    """
    if "database_kind" not in metafunc.fixturenames:
        return
    mark, seeds = map(metafunc.definition.get_closest_marker, ("database", "seeds"))
    kinds = mark.args if mark else ("sqlite", "postgresql")
    asked = [kind for kind in kinds if metafunc.config.getoption("--database") in (None, kind)]
    if seeds is None:
        metafunc.parametrize("database_kind", asked)
    else:
        dealt = [(kinds[seed % len(kinds)], seed) for seed in range(*seeds.args)]
        metafunc.parametrize(("database_kind", "seed"), [(kind, seed) for kind, seed in dealt if kind in asked])


def pytest_configure() -> None:
    """Have temporary folders lie where files are written quickly."""
    if folder := quick_folder():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


def pytest_collection_finish() -> None:
    """What was imported and collected stays: no collection of garbage has to go through it between two tests.

    What the first tests leave, as compiled statements, stays too, and every collection would go through that.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def sessionwide() -> Iterator[ExitStack]:
    """Keeps what is made once, until the last test has run."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture(scope="session")
def postgresql(sessionwide: ExitStack) -> "Callable[[], URL]":
    """A PostgreSQL server for the session: call it for its URL. It is started by the first call."""
    from tests.databases import NoServerError, postgresql_server

    started: list[URL | NoServerError] = []

    def url() -> "URL":
        if not started:
            try:
                started.append(sessionwide.enter_context(postgresql_server()))
            except NoServerError as error:
                started.append(error)
        if isinstance(started[0], NoServerError):
            pytest.skip(str(started[0]))
        return started[0]

    return url


@pytest.fixture(scope="session")
def copies(
    sessionwide: ExitStack, postgresql: "Callable[[], URL]", tmp_path_factory: pytest.TempPathFactory
) -> "Callable[[str], Copies]":
    """By kind of database, what hands out copies of a migrated one."""
    from tests.databases import migrated
    from tests.statements import share_statements

    share_statements()
    made: dict[str, Copies] = {}

    def of_kind(kind: str) -> "Copies":
        if kind not in made:
            folder = tmp_path_factory.mktemp("migrated")
            made[kind] = sessionwide.enter_context(migrated(kind, folder, postgresql))
        return made[kind]

    return of_kind


@pytest.fixture(scope="session")
def masters(
    sessionwide: ExitStack, copies: "Callable[[str], Copies]", tmp_path_factory: pytest.TempPathFactory
) -> "Callable[[str, Filling | None], Master]":
    """By kind of database and by what fills them, archives to be copied."""
    from tests.fillings import Master, filled

    @cache
    def master(kind: str, filling: "Filling | None") -> Master:
        folder = tmp_path_factory.mktemp("filled")
        if filling is None:
            return Master(copies(kind), folder / "originals", None)
        return sessionwide.enter_context(filled(copies(kind), folder, filling))

    return master


@pytest.fixture
def filling() -> "Filling | None":
    """What the archive of the test is filled with: nothing, unless a file of tests says so."""
    return None


@pytest.fixture
def master(
    database_kind: str, filling: "Filling | None", masters: "Callable[[str, Filling | None], Master]"
) -> "Master":
    """The archive of which the test has a copy."""
    return masters(database_kind, filling)


@pytest.fixture
def database_url(master: "Master", tmp_path: Path) -> Iterator[str]:
    """A migrated database of the test's own."""
    with master.copy(tmp_path) as url:
        yield url


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost nothing."""
    from tests.accounts import quick_hasher

    monkeypatch.setattr("archive.services.accounts.PasswordHasher", quick_hasher)


@pytest.fixture
def settings(database_url: str, master: "Master", tmp_path: Path, quick_passwords: None) -> Settings:
    """Settings with a data folder and a database of the test's own."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    if master.originals.exists():
        copytree(master.originals, data / "originals")
    return Settings(
        data=data,
        database_url=database_url,
        secret_key="not a secret: the key of every test",
        public_url="",
        host="127.0.0.1",
        port=0,
        workers=1,
        max_upload_bytes=8 * 1024 * 1024,
        max_uploads_bytes=64 * 1024 * 1024,
        import_worker=True,
        large_window=False,
        import_folder=None,
        suggestion_min_percent=40,
        moderator_names=Signature.NAME,
        archive_name="Footnote",
        api_per_minute=0,
    )


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where compiled templates are kept."""
    return tmp_path_factory.mktemp("templates")


@pytest.fixture
def app(settings: Settings, templates: Path) -> "Iterator[Flask]":
    """The application, wired as it is served."""
    from jinja2 import FileSystemBytecodeCache

    from archive.app import create_app
    from archive.store.database import db
    from tests.compiled_routes import share_routes

    share_routes()
    app = create_app(settings)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(templates))
    app.testing = True
    yield app
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def session(app: "Flask") -> "Iterator[Session]":
    """The database session, with the application at hand. A request of `client` has another one."""
    from archive.store.database import db

    with app.app_context():
        yield db.session()
        db.session.remove()


@pytest.fixture
def vault(settings: Settings) -> "Vault":
    """Where received bytes are kept."""
    from archive.store.vault import Vault

    return Vault(settings.data / "originals")


@pytest.fixture
def one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays the moment that it is on pages that say something of it: those of the bench, and citations."""
    from archive import clock
    from archive.services.bench.queue import midnight

    moment, begun = clock.now(), midnight()
    for taken in ("archive.services.bench.progress.now", "archive.services.citing.cite.now"):
        monkeypatch.setattr(taken, lambda: moment)
    monkeypatch.setattr("archive.services.bench.progress.midnight", lambda: begun)


@pytest.fixture
def client(app: "Flask") -> "FlaskClient":
    """Somebody with a browser, not logged in. It keeps cookies."""
    return app.test_client()


@pytest.fixture
def make_user(session: "Session") -> "Callable[..., User]":
    """Make an account with roles; its password is PASSWORD."""
    from tests.accounts import make_user

    return partial(make_user, session)


@pytest.fixture
def log_in() -> "Callable[[FlaskClient, str], None]":
    """Log somebody in through the form, as a person does."""

    def log_in(client: "FlaskClient", name: str, password: str = PASSWORD) -> None:
        answer = client.post("/login", data={"name": name, "password": password, "csrf_token": csrf_token(client)})
        assert answer.status_code in (302, 303), f"{name} is not let in: {answer.status}"

    return log_in


def csrf_token(client: "FlaskClient", path: str = "/login") -> str:
    """The token that a page carries in its <meta>."""
    page = client.get(path).get_data(as_text=True)
    found = re.search(r'<meta name="csrf-token" content="([^"]+)">', page)
    assert found, f"{path} carries no token"
    return found[1]
