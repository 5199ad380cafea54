"""How to cite a post or a thread: in words, and as files. They say on which day, so none is kept for who asks next."""

from flask import render_template
from flask.typing import ResponseReturnValue

from archive.domain.citing.post_csl import csl_of
from archive.domain.citing.styles import FORMS, citation
from archive.domain.permissions import Permission
from archive.services.citing.cite import CitePage, cite_post, cite_thread
from archive.store.database import db
from archive.web.citing.files import FILES, file_form, sent
from archive.web.citing.here import bp, home
from archive.web.permissions import needs


@bp.get("/posts/<public_id:post>/cite")
@needs(Permission.READ)
def cite(post: str) -> ResponseReturnValue:
    """How to cite a post."""
    return _shown(cite_post(db.session(), post, home()), f"/posts/{post}")


@bp.get("/threads/<public_id:thread>/cite")
@needs(Permission.READ)
def cite_whole(thread: str) -> ResponseReturnValue:
    """How to cite a thread."""
    return _shown(cite_thread(db.session(), thread, home()), f"/threads/{thread}")


@bp.get("/posts/<public_id:post>/cite.<ending>")
@needs(Permission.READ)
def cite_file(post: str, ending: str) -> ResponseReturnValue:
    """A post as a file for programs of references."""
    file_form(ending)
    cited = cite_post(db.session(), post, home()).cited
    return sent([csl_of(cited)], ending, name=cited.key)


@bp.get("/threads/<public_id:thread>/cite.<ending>")
@needs(Permission.READ)
def cite_whole_file(thread: str, ending: str) -> ResponseReturnValue:
    """A thread as a file for programs of references."""
    file_form(ending)
    cited = cite_thread(db.session(), thread, home()).cited
    return sent([csl_of(cited)], ending, name=cited.key)


def _shown(page: CitePage, address: str) -> ResponseReturnValue:
    item = csl_of(page.cited)
    return render_template(
        "citing/cite.html",
        page=page,
        address=address,
        styles=[(style, form.title, citation(page.cited, style)) for style, form in FORMS.items()],
        files=[(ending, form.title, form.write([item])) for ending, form in FILES.items()],
    )
