"""The calendar of a collection."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.services.browse import NotFoundError
from archive.services.collections.calendar import Span, calendar_page, day_page, empty_page
from archive.store.database import db
from archive.web import arguments
from archive.web.calendar.place import Place, place_named, weeks_of
from archive.web.page_cache import kept
from archive.web.permissions import needs

bp = Blueprint("calendar", __name__)


@bp.get("/collections/<slug:slug>/calendar")
@needs(Permission.READ)
@kept
def years(slug: str) -> ResponseReturnValue:
    """The years in which threads of a collection began."""
    return _periods(slug, Place())


@bp.get("/collections/<slug:slug>/calendar/<when>")
@needs(Permission.READ)
@kept
def show(slug: str, when: str) -> ResponseReturnValue:
    """The months of a year, the days of a month, or the threads of a day."""
    place = place_named(when)
    try:
        return _threads(slug, place) if place.day or place.undated else _periods(slug, place)
    except NotFoundError:
        if place.span is None:
            raise
        return _nothing(slug, place, place.span)


def _threads(slug: str, place: Place) -> ResponseReturnValue:
    before = arguments.whole_number("before")
    page = day_page(db.session(), slug, place.span, before=before)
    return render_template("calendar/day.html", page=page, place=place, before=before)


def _periods(slug: str, place: Place) -> ResponseReturnValue:
    page = calendar_page(db.session(), slug, place.unit, place.span)
    return render_template("calendar/calendar.html", page=page, place=place, weeks=weeks_of(place, page.periods))


def _nothing(slug: str, place: Place, span: Span) -> ResponseReturnValue:
    page = empty_page(db.session(), slug, span)
    above = place.above_with([day for day in (page.earlier, page.later) if day])
    return render_template("calendar/empty.html", page=page, place=place, above=above), 404
