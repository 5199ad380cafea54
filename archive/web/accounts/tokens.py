"""Tokens for one's own programs, on the page of one's account."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.domain.tokens import Scope, TokenError
from archive.services import tokens
from archive.store.database import db
from archive.web.accounts.views import account_page, bp
from archive.web.current_user import me
from archive.web.permissions import needs
from archive.web.see_other import see_other

_MOST_SCOPES = len(Scope)


@bp.post("/account/tokens")
@needs(Permission.ACCOUNT)
def make_token() -> ResponseReturnValue:
    """Make a token, and show it: this answer is the only place where it ever stands."""
    try:
        made = tokens.make_token(
            db.session(), user=me(), name=request.form.get("name", ""), scopes=_scopes(), days=_days()
        )
    except TokenError as error:
        return account_page(token_error=error)
    return render_template("accounts/token.html", made=made)


@bp.post("/account/tokens/<row:token>/revocations")
@needs(Permission.ACCOUNT)
def revoke_token(token: int) -> ResponseReturnValue:
    """End a token."""
    tokens.revoke_token(db.session(), user=me(), token_id=token)
    return see_other("/account#tokens-h")


def _scopes() -> list[Scope]:
    words = request.form.getlist("scope")[: _MOST_SCOPES + 1]
    if not set(words) <= set(Scope):
        raise TokenError("scope", "Choose what the token is to be for.")
    return [Scope(word) for word in words]


def _days() -> int:
    text = request.form.get("days", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else 0
