"""robots.txt, and the sitemap (sitemaps.org): an index, pages, and threads in parts that are sent as they are read."""

from collections.abc import Iterator
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.services import discovery
from archive.store.database import db
from archive.web.discovery.robots import robots_text
from archive.web.own_address import own_address
from archive.web.page_cache import kept
from archive.web.permissions import needs
from archive.web.words import machine_time

bp = Blueprint("discovery", __name__)

_HEAD = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'


@bp.get("/robots.txt")
@needs(Permission.READ)
def robots() -> ResponseReturnValue:
    """What crawlers are to leave, and where the sitemap is."""
    return Response(robots_text(own_address()), mimetype="text/plain")


@bp.get("/sitemap.xml")
@needs(Permission.READ)
@kept
def index() -> ResponseReturnValue:
    """Where the parts are, and when each of them changed last."""
    text = render_template("discovery/index.xml", parts=discovery.parts(db.session()), root=own_address())
    return Response(text, mimetype="application/xml")


@bp.get("/sitemap/collections.xml")
@needs(Permission.READ)
@kept
def collections() -> ResponseReturnValue:
    """The pages that are no threads."""
    paths = ["/", "/codebook", "/sources", "/log"]
    for slug in discovery.collections(db.session()):
        here = f"/collections/{quote(slug)}"
        paths += [here, *(f"{here}/{page}" for page in ("authors", "calendar", "topics"))]
    text = render_template("discovery/pages.xml", paths=paths, root=own_address())
    return Response(text, mimetype="application/xml")


@bp.get("/sitemap/threads-<row:number>.xml")
@needs(Permission.READ)
def threads(number: int) -> ResponseReturnValue:
    """The threads of one part. It is sent while it is read, and never in memory as a whole."""
    part = discovery.part(db.session(), number)
    response = Response(stream_with_context(_lines(number)), mimetype="application/xml")
    response.set_etag(f"{part.threads}-{part.changed_at.timestamp()}", weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


def _lines(number: int) -> Iterator[str]:
    root = own_address()
    yield _HEAD
    for public_id, changed_at in discovery.threads(db.session(), number):
        yield f"<url><loc>{root}/threads/{public_id}</loc><lastmod>{machine_time(changed_at)}</lastmod></url>\n"
    yield "</urlset>\n"
