"""Search: what was understood, what was found, and how to narrow it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.services import search
from archive.store.database import db
from archive.web.page_cache import kept
from archive.web.permissions import may, needs
from archive.web.search.facets import asked as asked_in_address
from archive.web.sources.shown import MANNER_WORDS, titled

bp = Blueprint("search", __name__)


@bp.get("/search")
@needs(Permission.READ)
@kept
def find() -> ResponseReturnValue:
    """Hits for what was asked; the form alone where nothing was."""
    asked = asked_in_address()
    named = search.collection_name(db.session(), asked.collection) if asked.collection else None
    collection = named or asked.collection
    if not asked.query:
        return render_template("search/form.html", asked=asked, collection=collection)
    found = search.search(
        db.session(),
        asked.query,
        levels=asked.levels,
        collection=asked.collection or None,
        author=asked.author or None,
        page=asked.page,
    )
    first = (found.page - 1) * search.HITS_A_PAGE
    return render_template(
        "search/results.html",
        asked=asked,
        collection=collection,
        found=found,
        first=first,
        titled=titled,
        MANNER_WORDS=MANNER_WORDS,
        moderates=may(Permission.MODERATE),
    )
