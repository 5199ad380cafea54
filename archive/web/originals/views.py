"""A post beside the bytes it came from, and whole files for those who may see them."""

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from archive.domain.ids import Sha256
from archive.domain.permissions import Permission
from archive.services.originals import check_open, find_original, original_page
from archive.store.database import db
from archive.web import arguments
from archive.web.given import vault
from archive.web.originals.lines import lines
from archive.web.permissions import may, needs
from archive.web.security import ORIGINALS_POLICY
from archive.web.threads import pages

bp = Blueprint("originals", __name__)


@bp.get("/posts/<public_id:post>/original")
@needs(Permission.READ)
def beside(post: str) -> ResponseReturnValue:
    """The post, and its stretch of the file marked among the lines around it."""
    revision = arguments.whole_number("revision")
    whole = may(Permission.SEE_ORIGINALS)
    page = original_page(db.session(), vault(), post, revision=revision, drafts=may(Permission.IMPORT), around=whole)
    return render_template(
        "originals/original.html",
        page=page,
        shown=lines(page),
        post=pages.post(page.post, "o"),
        may_download=whole and not page.sealed,
    )


@bp.get("/originals/<sha256:sha256>")
@needs(Permission.SEE_ORIGINALS)
def download(sha256: str) -> ResponseReturnValue:
    """A file as received, of a published batch unless drafts may be seen. No browser may take it for a page."""
    name = Sha256(sha256)
    original = find_original(db.session(), name, drafts=may(Permission.IMPORT))
    check_open(db.session(), name)
    file = vault().open(name)
    response = send_file(
        file,
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=f"{name}.bin",
        etag=name,
        max_age=0,
    )
    response.content_length = original.size  # what is kept in blocks has another size on disk
    response.call_on_close(file.close)  # also where the browser has it, and no byte is read
    response.headers["Content-Security-Policy"] = ORIGINALS_POLICY
    response.headers["Cache-Control"] = "private, no-store"
    return response
