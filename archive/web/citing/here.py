"""The part of the site that is about citing, and how the archive is named there."""

from flask import Blueprint

from archive.services.citing.cite import Home
from archive.web.given import settings
from archive.web.own_address import own_address

bp = Blueprint("citing", __name__)


def home() -> Home:
    """The archive, as citations name it."""
    return Home(settings().archive_name, own_address())
