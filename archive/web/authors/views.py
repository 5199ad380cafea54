"""An author's page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.services import browse
from archive.store.database import db
from archive.web.page_cache import kept
from archive.web.permissions import needs
from archive.web.words import first_words

bp = Blueprint("authors", __name__)

_EXCERPT = 300  # characters


@bp.get("/authors/<public_id:author>")
@needs(Permission.READ)
@kept
def show(author: str) -> ResponseReturnValue:
    """What one name asked and answered."""
    page = browse.author_page(db.session(), author)
    posts = [(post, thread, first_words(post.text, _EXCERPT)) for post, thread in page.answers]
    return render_template("authors/author.html", page=page, posts=posts)
