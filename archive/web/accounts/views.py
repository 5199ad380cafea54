"""Logging in and out, and one's own account."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.domain.tokens import LIFETIMES, Scope, TokenError, offered
from archive.domain.tokens import MAX_NAME as MAX_TOKEN_NAME
from archive.errors import ArchiveError
from archive.services import accounts
from archive.services.accounts import LoginRefusedError, PasswordError, TooManyLoginsError
from archive.services.tokens import list_tokens
from archive.store.database import db
from archive.store.users import User
from archive.web.addresses import stay_home
from archive.web.current_user import forget, login_token, me, remember
from archive.web.form_fields import FieldError, text_field
from archive.web.permissions import needs
from archive.web.see_other import see_other

bp = Blueprint("accounts", __name__)

MAX_NAME = 80  # characters
_USUAL_DAYS = 90
SCOPE_WORDS: dict[Scope, str] = {
    Scope.MODERATE: "Moderate: see queues, vote, take back",
    Scope.IMPORT: "Import: send files, read them in, publish, roll back",
}

# Where somebody's work is: the first permission that the account has decides.
WORKPLACES: dict[Permission, str] = {Permission.MODERATE: "/moderation", Permission.IMPORT: "/imports"}


@bp.get("/login")
@needs(Permission.READ)
def login_form() -> ResponseReturnValue:
    """Name and password."""
    return _login_page(name="", wanted=request.args.get("next"))


@bp.post("/login")
@needs(Permission.READ)
def log_in() -> ResponseReturnValue:
    """Start a session, and end the one that this browser had."""
    wanted = request.form.get("next")
    name = ""
    try:
        name = text_field("name", label="A name", most=MAX_NAME)
        password = request.form.get("password", "")
        token = accounts.log_in(db.session(), name=name, password=password, address=request.remote_addr or "")
    except TooManyLoginsError as error:
        return _login_page(name=name, wanted=wanted, error=error, status=429, retry_after=error.retry_after)
    except (LoginRefusedError, FieldError) as error:
        return _login_page(name=name, wanted=wanted, error=error, status=401)
    _end_session()
    user = accounts.who_is(db.session(), token)
    return remember(see_other(stay_home(wanted, _workplace(user))), token)


@bp.post("/logout")
@needs(Permission.ACCOUNT)
def log_out() -> ResponseReturnValue:
    """End the session."""
    _end_session()
    return forget(see_other("/"))


@bp.get("/account")
@needs(Permission.ACCOUNT)
def account() -> ResponseReturnValue:
    """Name, roles, the form for a new password, and tokens for programs."""
    return account_page()


@bp.post("/account/password")
@needs(Permission.ACCOUNT)
def change_password() -> ResponseReturnValue:
    """Set a new password, which logs the account out everywhere, and log in again here."""
    user, new = me(), request.form.get("new", "")
    if new != request.form.get("again", ""):
        return account_page(errors={"again": "This is not the new password typed once more."})
    try:
        accounts.change_password(db.session(), user=user, old=request.form.get("old", ""), new=new)
    except LoginRefusedError:
        return account_page(errors={"old": "This is not your present password."})
    except PasswordError as error:
        return account_page(errors={"new": str(error)})
    return forget(see_other("/login?changed=1&next=/account"))


def _login_page(
    *,
    name: str,
    wanted: str | None,
    error: ArchiveError | None = None,
    status: int = 200,
    retry_after: int | None = None,
) -> Response:
    page = render_template(
        "accounts/login.html",
        name=name,
        next=stay_home(wanted, ""),
        error=error,
        changed="changed" in request.args,
        max_name=MAX_NAME,
        max_password=accounts.MAX_PASSWORD,
    )
    response = Response(page, status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def account_page(errors: dict[str, str] | None = None, *, token_error: TokenError | None = None) -> ResponseReturnValue:
    """The page of one's account, with what was wrong in one of its forms."""
    user = me()
    page = render_template(
        "accounts/account.html",
        user=user,
        errors=errors or {},
        min_password=accounts.MIN_PASSWORD,
        max_password=accounts.MAX_PASSWORD,
        tokens=list_tokens(db.session(), user.id),
        scopes=[(scope, SCOPE_WORDS[scope]) for scope in offered(user.permissions)],
        lifetimes=LIFETIMES,
        usual_days=_USUAL_DAYS,
        max_token_name=MAX_TOKEN_NAME,
        token_error=token_error,
        typed={"name": request.form.get("name", ""), "scopes": request.form.getlist("scope")} if token_error else None,
    )
    return page, 400 if errors or token_error else 200


def _workplace(user: User | None) -> str:
    if user is None:
        return "/"
    return next((address for may, address in WORKPLACES.items() if may in user.permissions), "/")


def _end_session() -> None:
    token = login_token()
    if token:
        accounts.log_out(db.session(), token)
