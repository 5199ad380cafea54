"""The works that a thread cites or names."""

from flask import render_template
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.services.citing.works import csl_items, works_page
from archive.store.database import db
from archive.web import arguments
from archive.web.citing.files import FILES, file_form, sent
from archive.web.citing.here import bp
from archive.web.page_cache import kept
from archive.web.permissions import needs
from archive.web.sources.shown import KIND_WORDS, MANNER_WORDS


@bp.get("/threads/<public_id:thread>/sources")
@needs(Permission.READ)
@kept
def works(thread: str) -> ResponseReturnValue:
    """The works that a thread cites or names, in its order."""
    page = works_page(db.session(), thread, after=arguments.address("after"))
    return render_template(
        "citing/works.html",
        page=page,
        files=[(ending, form.title) for ending, form in FILES.items()],
        KIND_WORDS=KIND_WORDS,
        MANNER_WORDS=MANNER_WORDS,
    )


@bp.get("/threads/<public_id:thread>/sources.<ending>")
@needs(Permission.READ)
def works_file(thread: str, ending: str) -> ResponseReturnValue:
    """The same as a file for programs of references."""
    file_form(ending)
    line, items = csl_items(db.session(), thread)
    return sent(items, ending, name=f"sources-{line.public_id}")
