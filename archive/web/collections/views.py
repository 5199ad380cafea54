"""The front page; a collection with its threads; its files; and what archivists say of it."""

from dataclasses import asdict
from urllib.parse import quote, urlencode

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain.collection_about import MOST, About
from archive.domain.permissions import Permission
from archive.domain.records import Markup
from archive.errors import ArchiveError
from archive.services import browse
from archive.services.agreement import agreement_in_short
from archive.services.collections.about import AboutConflictError, about_page, describe
from archive.services.collections.pages import CollectionPage, collection_page, files_page
from archive.store.database import db
from archive.store.listing import ThreadOrder
from archive.web import arguments
from archive.web.agreement.words import in_short
from archive.web.collections.plot import plot_of
from archive.web.current_user import me
from archive.web.errors import form_status
from archive.web.form_fields import FieldError, number_field, text_field
from archive.web.page_cache import kept
from archive.web.permissions import may, needs
from archive.web.safe_html import render
from archive.web.see_other import see_other

bp = Blueprint("collections", __name__)

# What a page calls each order of threads.
ORDERS: dict[ThreadOrder, str] = {
    ThreadOrder.RECEIVED: "Last received",
    ThreadOrder.ASKED: "Newest question",
    ThreadOrder.ANSWERED: "Most answers",
    ThreadOrder.SOURCED: "Most that can be looked up",
}
LABELS = {"description": "What it is", "licence": "Licence of the texts", "provenance": "Where it comes from"}


@bp.get("/")
@needs(Permission.READ)
@kept
def front() -> ResponseReturnValue:
    """The whole archive at a glance; what to do first, while it is empty."""
    page = browse.front_page(db.session())
    return render_template("collections/front.html" if page.threads else "collections/front_empty.html", page=page)


@bp.get("/collections")
@needs(Permission.READ)
def collections() -> ResponseReturnValue:
    """All collections stand on the front page."""
    return redirect("/", 302)


@bp.get("/collections/<slug:slug>")
@needs(Permission.READ)
@kept
def show(slug: str) -> ResponseReturnValue:
    """A collection: what it is, and its threads."""
    order, before = arguments.one_of("order", ThreadOrder, ThreadOrder.RECEIVED), arguments.whole_number("before")
    page = collection_page(db.session(), slug, order, before=before)
    return render_template(
        "collections/collection.html",
        page=page,
        orders=ORDERS,
        older=_address(slug, order, page.further) if page.further else None,
        first=_address(slug, order, None),
        describes=may(Permission.IMPORT),
        administers=may(Permission.ADMINISTER),
        **_beside(page),
    )


@bp.get("/collections/<slug:slug>/files")
@needs(Permission.READ)
@kept
def files(slug: str) -> ResponseReturnValue:
    """The files that the collection was read from."""
    batch, position = arguments.whole_number("batch"), arguments.whole_number("position")
    before = (batch, position - 1) if batch and position else None
    return render_template("collections/files.html", page=files_page(db.session(), slug, before=before), before=before)


@bp.get("/collections/<slug:slug>/about")
@needs(Permission.IMPORT)
def about(slug: str) -> ResponseReturnValue:
    """What is said of the collection, in a form."""
    return _form(slug)


@bp.post("/collections/<slug:slug>/about")
@needs(Permission.IMPORT)
def change_about(slug: str) -> ResponseReturnValue:
    """Say something else."""
    try:
        typed = {name: text_field(name, label=label, most=MOST[name]) for name, label in LABELS.items()}
        describe(db.session(), slug, About(**typed), version=number_field("version"), by=me())
    except (AboutConflictError, FieldError) as error:
        return _form(slug, error)
    return see_other(f"/collections/{quote(slug)}/about?stored=1#stored")


def _form(slug: str, error: ArchiveError | None = None) -> ResponseReturnValue:
    page = about_page(db.session(), slug)
    stands = asdict(page.about)
    field = error.name if isinstance(error, FieldError) and error.name in LABELS else ""
    shown = render_template(
        "collections/about.html",
        page=page,
        typed={name: request.form.get(name, "") for name in LABELS} if error else stands,
        labels=LABELS,
        most=MOST,
        errors={field: str(error)} if error else {},
        conflict=isinstance(error, AboutConflictError),
        stored="stored" in request.args,
    )
    return shown, 409 if isinstance(error, AboutConflictError) else form_status(error)


def _address(slug: str, order: ThreadOrder, before: int | None) -> str:
    asked = {"order": order.value if order is not ThreadOrder.RECEIVED else "", "before": before or ""}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/collections/{quote(slug)}" + (f"?{query}" if query else "")


def _beside(page: CollectionPage) -> dict[str, object]:
    """What only the first page of a collection tells: how far moderators agree, and when it was written."""
    if page.head is None:
        return {"agreement": "", "plot": None, "said": {}}
    agreement = agreement_in_short(db.session(), collection=page.slug)
    return {
        "agreement": in_short(agreement) if agreement else "",
        "plot": plot_of(page.head.years),
        "said": {name: render(text, Markup.PLAIN).html for name, text in asdict(page.head.about).items()},
    }
