"""Search: what was understood, what was found, how to narrow it; and the same as a feed and as a table."""

from collections.abc import Iterator, Sequence
from functools import cache

from flask import Blueprint, Response, get_template_attribute, render_template
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.domain.searching.operators import OPERATORS
from archive.services import feeds, search
from archive.services.search import Hit, Order, SearchPage
from archive.store.database import db
from archive.web.csv_table import as_csv
from archive.web.feeds.atom import MOST_ENTRIES, Feed, answer_with
from archive.web.feeds.entries import post_entry
from archive.web.own_address import own_address
from archive.web.page_cache import kept
from archive.web.permissions import may, needs
from archive.web.safe_html import written
from archive.web.search.facets import Asked, Narrower
from archive.web.search.facets import asked as asked_in_address
from archive.web.search.writing import plain_badge, written_hits
from archive.web.signing import names_shown

bp = Blueprint("search", __name__)

ORDERS = {
    Order.BEST: "Best match first, of up to 1,000",
    Order.SOURCED: "Best sourced first",
    Order.NEWEST: "Newest first",
    Order.OLDEST: "Oldest first",
}
_HEAD = ("post", "thread", "title", "collection", "kind", "author", "posted", "level", "words")


@bp.get("/search")
@needs(Permission.READ)
@kept
def find() -> ResponseReturnValue:
    """Hits for what was asked; the form alone where nothing was."""
    asked = asked_in_address()
    named = search.collection_name(db.session(), asked.collection) if asked.collection else None
    shown = {
        "asked": asked,
        "collection": named or asked.collection,
        "operator_table": _operator_table(names=names_shown()),
    }
    if not asked.query:
        return render_template("search/form.html", **shown)
    found = _found(asked, order=asked.order, page=asked.page, facets=asked.facets)
    first = (found.page - 1) * search.HITS_A_PAGE
    return render_template(
        "search/results.html",
        found=found,
        first=first,
        orders=ORDERS,
        hits=written(written_hits(found.hits, has_words=found.has_words)),
        narrower=Narrower(asked),
        badge=plain_badge,
        moderates=may(Permission.MODERATE),
        **shown,
    )


@bp.get("/search.atom")
@needs(Permission.READ)
@kept
def feed() -> ResponseReturnValue:
    """The hits that came last as an Atom feed (RFC 4287): an old post that was only now imported is new in it."""
    asked = asked_in_address()
    found = _found(asked, order=None, size=MOST_ENTRIES)
    posts = feeds.posts_of_hits(db.session(), found.hits)
    return answer_with(
        Feed(
            title=f"Search: {asked.query}",
            subtitle=found.read_as or "Nothing was searched",
            address=asked.other("/search"),
            feed=asked.other("/search.atom"),
            entries=[post_entry(post, thread) for post, thread in posts],
        )
    )


@bp.get("/search.csv")
@needs(Permission.READ)
def table() -> ResponseReturnValue:
    """All hits that are counted as comma-separated values."""
    asked = asked_in_address()
    found = _found(asked, order=asked.order, size=search.MOST_HITS)
    response = Response(as_csv(_HEAD, _rows(found.hits)), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="search.csv"'
    return response


def _found(
    asked: Asked, *, order: Order | None, page: int = 1, size: int = search.HITS_A_PAGE, facets: bool = False
) -> SearchPage:
    return search.search(
        db.session(),
        asked.query,
        levels=asked.levels,
        collection=asked.collection or None,
        author=asked.author or None,
        order=order,
        page=page,
        size=size,
        facets=facets,
        names=names_shown(),
    )


def _rows(hits: Sequence[Hit]) -> Iterator[Sequence[str]]:
    root = own_address()
    for hit in hits:
        post = hit.post
        yield (
            f"{root}/posts/{post.public_id}",
            f"{root}/threads/{hit.thread.public_id}",
            hit.thread.title,
            hit.thread.collection_name,
            post.kind,
            post.author or post.byline or "",
            post.posted_at.isoformat(timespec="seconds") if post.posted_at else "",
            post.level or ("none" if post.kind == "answer" else ""),
            " ".join("".join(text for text, _ in hit.snippet).split()),
        )


@cache  # the same in every answer, and dear to write
def _operator_table(*, names: bool) -> str:
    """Examples of each operator that whoever asks may use, and what it means."""
    shown = [(one.examples, one.means) for name, one in OPERATORS.items() if name != "by" or names]
    table: str = get_template_attribute("search/_operators.html", "operator_table")(shown)
    return table
