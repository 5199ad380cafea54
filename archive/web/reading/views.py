"""The page on which a reader chooses theme and size of text."""

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.web.addresses import stay_home
from archive.web.permissions import needs
from archive.web.reading import COOKIE, COOKIE_LIFETIME, Reading, Size, Theme

bp = Blueprint("reading", __name__)


@bp.route("/reading", methods=["GET", "POST"])
@needs(Permission.READ)
def choose() -> ResponseReturnValue:
    """The choices; once made, they are kept and the reader goes back to where they came from."""
    if request.method == "POST":
        return _keep(request.form.get("theme", ""), request.form.get("size", ""), request.form.get("next"))
    back = stay_home(request.args.get("next"))
    return render_template("reading/choose.html", themes=Theme, sizes=Size, back=back)


def _keep(theme: str, size: str, back: str | None) -> ResponseReturnValue:
    chosen = Reading(
        theme=Theme(theme) if theme in set(Theme) else Theme.SYSTEM,
        size=Size(size) if size in set(Size) else Size.USUAL,
    )
    answer = redirect(stay_home(back), 303)
    answer.set_cookie(
        COOKIE,
        chosen.code,
        max_age=COOKIE_LIFETIME,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["BEHIND_TLS"],
    )
    return answer
