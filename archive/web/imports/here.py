"""What the archivists' pages share: their blueprint, and who asks."""

from flask import Blueprint

from archive.services.ledger import Actor
from archive.web.current_user import current_user

bp = Blueprint("imports", __name__)

BATCH = "<row:batch>"


def by() -> Actor:
    """Whoever is logged in."""
    return Actor.of(current_user())
