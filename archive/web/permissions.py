"""Who may call a view. Every view says so, and an application with one that does not is not made."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlencode

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Unauthorized

from archive.domain.permissions import ANYBODY, NotAllowedError, Permission
from archive.web.current_user import current_user

P = ParamSpec("P")
_MARK = "_footnote_permission"


class UndeclaredRouteError(RuntimeError):
    """A view does not say who may call it."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        super().__init__(f"The view {endpoint} does not say who may call it: decorate it with @needs(…).")


def needs(
    permission: Permission,
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Let only those in who have the permission; send strangers to the login page."""

    def decorate(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            if permission not in ANYBODY:
                user = current_user()
                if user is None:
                    return _ask_to_log_in()
                if permission not in user.permissions:
                    raise NotAllowedError(permission)
            return view(*args, **kwargs)

        declare(guarded, permission)
        return guarded

    return decorate


def declare(view: Callable[..., object], permission: Permission) -> None:
    """Write on a view who may call it. That somebody looks whether they may is left to the caller."""
    setattr(view, _MARK, permission)


def may(permission: Permission) -> bool:
    """Whether whoever is asking has the permission."""
    if permission in ANYBODY:
        return True
    user = current_user()
    return user is not None and permission in user.permissions


def declared_permissions(app: Flask) -> dict[str, Permission]:
    """What each endpoint of the application needs.

    :raises UndeclaredRouteError: if one does not say.
    """
    found: dict[str, Permission] = {}
    for endpoint, view in app.view_functions.items():
        permission = getattr(view, _MARK, None)
        if not isinstance(permission, Permission):
            raise UndeclaredRouteError(endpoint)
        found[endpoint] = permission
    return found


def _ask_to_log_in() -> ResponseReturnValue:
    if request.method not in ("GET", "HEAD"):
        raise Unauthorized
    return redirect("/login?" + urlencode({"next": request.full_path.rstrip("?")}))
