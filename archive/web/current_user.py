"""Who is asking: the account behind the request's cookie.

Two cookies. One holds the token of a login and nothing else; the other is Flask's signed one,
which holds only what the CSRF token is made from. A new login starts both afresh.
"""

from flask import Response, current_app, g, request
from flask import session as form_session
from werkzeug.exceptions import Unauthorized

from archive.services import accounts
from archive.store.database import db
from archive.store.users import User

MAX_TOKEN_LENGTH = 200  # characters; ours are shorter
_FOUND = "footnote.user"  # in the request's own environment: an application context may serve several requests


def cookie_name(*, behind_tls: bool) -> str:
    """What the login cookie is called. The prefix makes browsers refuse it from a neighbouring host."""
    return "__Host-footnote" if behind_tls else "footnote"


def login_token() -> str | None:
    """The token that the browser sent, whether or not it is good for anything."""
    token = request.cookies.get(_name())
    return token if token and len(token) <= MAX_TOKEN_LENGTH else None


def current_user() -> User | None:
    """The account that is logged in. Asks the database at most once a request, and never without a cookie."""
    if _FOUND not in request.environ:
        token = login_token()
        request.environ[_FOUND] = accounts.who_is(db.session(), token) if token else None
    user: User | None = request.environ[_FOUND]
    return user


def me() -> User:
    """The account that is logged in, where the view lets nobody else in.

    :raises Unauthorized: if there is none.
    """
    user = current_user()
    if user is None:
        raise Unauthorized
    return user


def ask_no_more() -> None:
    """Take whoever is asking for a stranger: the database, which knows better, has just failed."""
    request.environ[_FOUND] = None


def remember(response: Response, token: str) -> Response:
    """Give the browser the token of a new login."""
    _end_forms()
    response.set_cookie(
        _name(), token, path="/", httponly=True, samesite="Lax", secure=current_app.config["BEHIND_TLS"]
    )
    return response


def forget(response: Response) -> Response:
    """Take the token back from the browser."""
    _end_forms()
    request.environ[_FOUND] = None
    response.delete_cookie(_name(), path="/", httponly=True, samesite="Lax", secure=current_app.config["BEHIND_TLS"])
    return response


def _end_forms() -> None:
    form_session.clear()
    g.pop("csrf_token", None)  # where Flask-WTF keeps the token for the rest of the request


def _name() -> str:
    return cookie_name(behind_tls=current_app.config["BEHIND_TLS"])
