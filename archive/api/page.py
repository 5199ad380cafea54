"""The page about the interface for programs: every operation, what it takes, what it gives, and how to ask."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from archive.api.description import described
from archive.api.examples import groups
from archive.api.operations import ROOT
from archive.api.problems import TITLES
from archive.domain.permissions import Permission
from archive.web.given import settings
from archive.web.own_address import own_address
from archive.web.page_cache import kept
from archive.web.permissions import needs

bp = Blueprint("api_page", __name__)


@bp.get(f"{ROOT}/")
@needs(Permission.READ)
@kept
def show() -> ResponseReturnValue:
    """For people; programs read /openapi.json."""
    root = own_address() + ROOT
    return render_template(
        "api/api.html",
        root=root,
        groups=groups(described(), root),
        problems=TITLES,
        per_minute=settings().api_per_minute,
    )
