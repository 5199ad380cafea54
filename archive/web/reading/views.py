"""The page on which a reader chooses theme, size of text and length of lines."""

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.web.addresses import stay_home
from archive.web.permissions import needs
from archive.web.reading import COOKIE, COOKIE_LIFETIME, Measure, Reading, Size, Theme, reading_of

bp = Blueprint("reading", __name__)


@bp.route("/reading", methods=["GET", "POST"])
@needs(Permission.READ)
def choose() -> ResponseReturnValue:
    """The choices; once made, they are kept and the reader goes back to where they came from."""
    if request.method == "POST":
        return _keep(_chosen(), request.form.get("next"))
    back = stay_home(request.args.get("next"))
    return render_template("reading/choose.html", themes=Theme, sizes=Size, measures=Measure, back=back)


def _chosen() -> Reading:
    """What the form says; the usual where it says nothing that we know."""
    said = (request.form.get(name, "") for name in ("theme", "size", "measure"))
    return reading_of(".".join(word or usual for word, usual in zip(said, Reading().code.split("."), strict=True)))


def _keep(chosen: Reading, back: str | None) -> ResponseReturnValue:
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
