"""The application, put together. Wiring only."""

from pathlib import Path

from flask import Flask
from sqlalchemy import make_url

from archive.api import rates
from archive.api.blueprints import API_BLUEPRINTS
from archive.api.problems import problem
from archive.places import folder
from archive.services.jobs import Jobs
from archive.settings import Settings
from archive.store.database import db
from archive.store.engine import engine_options, prepare
from archive.store.generation import generations, purges
from archive.store.vault import Vault
from archive.web import errors, layout, security
from archive.web.addresses import CONVERTERS
from archive.web.blueprints import BLUEPRINTS
from archive.web.page_cache import keep_pages
from archive.web.permissions import declared_permissions

_MAX_FORM_BYTES = 2 * 1024 * 1024  # the text of a form; files are counted apart
_MAX_FORM_PARTS = 10_000


def create_app(settings: Settings) -> Flask:
    """The application for these settings.

    :raises UndeclaredRouteError: if a view does not say who may call it.
    """
    app = Flask(
        "archive", static_folder=None, template_folder=str(folder("templates")), instance_path=str(settings.data)
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
        MAX_FORM_MEMORY_SIZE=_MAX_FORM_BYTES,
        MAX_FORM_PARTS=_MAX_FORM_PARTS,
    )
    app.extensions["settings"] = settings
    vault = app.extensions["vault"] = Vault(settings.data / "originals")
    app.extensions["jobs"] = Jobs(
        data=settings.data,
        database_url=settings.database_url,
        vault=vault,
        import_folder=settings.import_folder,
        large_window=settings.large_window,
    )
    _open_database(app, settings.database_url)
    layout.install(app)  # first: whoever asks for the template environment makes it, with the options of that moment
    security.secure(app, behind_tls=settings.behind_tls)
    errors.install(app, {"/api/": problem})
    rates.install(app)
    app.url_map.converters.update(CONVERTERS)
    app.url_map.merge_slashes = False
    for blueprint in (*BLUEPRINTS, *API_BLUEPRINTS):
        app.register_blueprint(blueprint)
    declared_permissions(app)
    with app.app_context():
        keep_pages(app, generations(db.engine), purges(db.engine))
    return app


def _open_database(app: Flask, url: str) -> None:
    address, options = engine_options(url)
    parsed = make_url(address)
    if parsed.get_backend_name() == "sqlite":  # Flask-SQLAlchemy would look for it elsewhere than the command line
        parsed = parsed.set(database=str(Path(parsed.database or "").absolute()))
    app.config["SQLALCHEMY_DATABASE_URI"] = parsed
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
