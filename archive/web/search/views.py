"""Search: what was understood, what was found, and how to narrow it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.services import search
from archive.store.database import db
from archive.web import arguments
from archive.web.permissions import needs
from archive.web.search.facets import Asked
from archive.web.sources.shown import MANNER_WORDS, titled

bp = Blueprint("search", __name__)

_MAX_NAME = 1000  # characters of an author's name
_MAX_SLUG = 80


@bp.get("/search")
@needs(Permission.READ)
def find() -> ResponseReturnValue:
    """Hits for what was asked; the form alone where nothing was."""
    asked = Asked(
        query=arguments.words("q"),
        levels=arguments.levels(),
        collection=arguments.words("collection", most=_MAX_SLUG),
        author=arguments.words("author", most=_MAX_NAME),
        page=arguments.whole_number("page", most=search.MAX_PAGE) or 1,
    )
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
    )
