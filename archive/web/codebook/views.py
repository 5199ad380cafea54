"""The codebook as a page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.domain.source_quality import DEFINITIONS
from archive.web.codebook.text import EDGE_CASES, QUESTIONS
from archive.web.permissions import needs

bp = Blueprint("codebook", __name__)


@bp.get("/codebook")
@needs(Permission.READ)
def show() -> ResponseReturnValue:
    """What each level means, how one is chosen, and what is decided in cases of doubt."""
    return render_template(
        "codebook/codebook.html", definitions=DEFINITIONS, questions=QUESTIONS, edge_cases=EDGE_CASES
    )
