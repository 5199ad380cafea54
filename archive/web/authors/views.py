"""The authors of a collection, and an author's page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.services.collections.authors import author_page, authors_page
from archive.store.database import db
from archive.web import arguments
from archive.web.page_cache import kept
from archive.web.permissions import needs
from archive.web.words import first_words

bp = Blueprint("authors", __name__)

_EXCERPT = 300  # characters


@bp.get("/collections/<slug:slug>/authors")
@needs(Permission.READ)
@kept
def show_all(slug: str) -> ResponseReturnValue:
    """The authors of a collection, those with the most posts first."""
    posts, author = arguments.whole_number("posts"), arguments.whole_number("author")
    after = (posts, author) if posts and author else None
    page = authors_page(db.session(), slug, after=after)
    return render_template("authors/authors.html", page=page, first=after is None)


@bp.get("/authors/<public_id:author>")
@needs(Permission.READ)
@kept
def show(author: str) -> ResponseReturnValue:
    """What one name asked and answered."""
    before = arguments.whole_number("before")
    page = author_page(db.session(), author, before=before)
    posts = [(post, thread, first_words(post.words or post.text, _EXCERPT)) for post, thread in page.posts]
    return render_template("authors/author.html", page=page, posts=posts, before=before)
