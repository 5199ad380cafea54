"""What the pages of works share."""

from flask import Blueprint
from werkzeug.exceptions import Unauthorized

from archive.store.users import User
from archive.web.current_user import current_user

bp = Blueprint("sources", __name__)


def me() -> User:
    """Whoever is asking, who has an account."""
    user = current_user()
    if user is None:
        raise Unauthorized
    return user
