"""What the archivists' pages share: their blueprint, and what the application gives them."""

from flask import Blueprint, current_app

from archive.services.jobs import Jobs
from archive.services.ledger import Actor
from archive.settings import Settings
from archive.store.vault import Vault
from archive.web.current_user import current_user

bp = Blueprint("imports", __name__)

BATCH = "<row:batch>"


def by() -> Actor:
    """Whoever is logged in."""
    return Actor.of(current_user())


def vault() -> Vault:
    """Where received bytes are kept."""
    found: Vault = current_app.extensions["vault"]
    return found


def jobs() -> Jobs:
    """What is left to a worker."""
    found: Jobs = current_app.extensions["jobs"]
    return found


def settings() -> Settings:
    """What was set from outside."""
    found: Settings = current_app.extensions["settings"]
    return found
