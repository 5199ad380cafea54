"""The front page, and the threads of a collection."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.services import browse
from archive.services.agreement import agreement_in_short
from archive.store.database import db
from archive.web import arguments
from archive.web.agreement.words import in_short
from archive.web.page_cache import kept
from archive.web.permissions import may, needs

bp = Blueprint("collections", __name__)


@bp.get("/")
@needs(Permission.READ)
@kept
def front() -> ResponseReturnValue:
    """The whole archive at a glance; what to do first, while it is empty."""
    page = browse.front_page(db.session())
    return render_template("collections/front.html" if page.threads else "collections/front_empty.html", page=page)


@bp.get("/collections/<slug:slug>")
@needs(Permission.READ)
@kept
def show(slug: str) -> ResponseReturnValue:
    """The threads of a collection."""
    before = arguments.whole_number("before")
    page = browse.collection_page(db.session(), slug, before=before)
    agreement = agreement_in_short(db.session(), collection=slug) if before is None else None
    return render_template(
        "collections/collection.html",
        page=page,
        before=before,
        agreement=in_short(agreement) if agreement else "",
        administers=may(Permission.ADMINISTER),
    )
