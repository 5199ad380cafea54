"""What the application gives to its views."""

from flask import current_app

from archive.services.jobs import Jobs
from archive.settings import Settings
from archive.store.vault import Vault


def settings() -> Settings:
    """What was set from outside."""
    found: Settings = current_app.extensions["settings"]
    return found


def vault() -> Vault:
    """Where received bytes are kept."""
    found: Vault = current_app.extensions["vault"]
    return found


def jobs() -> Jobs:
    """What is left to a worker."""
    found: Jobs = current_app.extensions["jobs"]
    return found
