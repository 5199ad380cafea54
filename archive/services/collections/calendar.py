"""A collection by year, month and day of asking. Days are of UTC, as everything that the archive says of times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from archive.domain.ids import CollectionSlug
from archive.services.browse import NotFoundError, lines_in_order, visible_collection
from archive.services.views import ThreadLine
from archive.store.calendar import Period, Unit, count_by, extents, nearest
from archive.store.listing import ThreadOrder, thread_numbers
from archive.store.threads import Thread

THREADS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Span:
    """A year, a month or a day."""

    first: date
    after: date  # the first day that is no more of it

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """When it begins, and when it is over."""
        return _midnight(self.first), _midnight(self.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage:
    """How many threads of a collection began in each part of a span, and where else some did."""

    slug: CollectionSlug
    name: str
    periods: Sequence[Period]
    earlier: date | None  # the last day before the span on which a thread began; None: there is none, or no span
    later: date | None
    undated: int  # threads without any date


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPage:
    """The threads that began on a day, the newest first; or those without any date, the last received first."""

    slug: CollectionSlug
    name: str
    threads: Sequence[ThreadLine]
    further: int | None  # what to ask for as `before` to see further ones
    earlier: date | None
    later: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyPage:
    """A time in which no thread of a collection began, and where some did before and after."""

    slug: CollectionSlug
    name: str
    earlier: date | None
    later: date | None


def span_of(year: int, month: int | None = None, day: int | None = None) -> Span:
    """A year, a month of it, or a day of that.

    :raises NotFoundError: if the calendar has no such day, or none can follow.
    """
    try:
        first = date(year, month or 1, day or 1)
        if day:
            return Span(first, first + timedelta(days=1))
        return Span(first, date(year + 1, 1, 1) if not month or month == 12 else date(year, month + 1, 1))
    except (ValueError, OverflowError) as error:
        raise NotFoundError("day in the calendar") from error


def calendar_page(session: Session, slug: str, unit: Unit, span: Span | None = None) -> CalendarPage:
    """The years of a collection, or the months or days of a span.

    :raises NotFoundError: if there is no such collection, or no public thread of it began then.
    """
    collection = visible_collection(session, slug)
    periods = count_by(session, collection.id, unit, span=span.moments if span else None)
    if span and not periods:
        raise NotFoundError("time in the calendar of this collection")
    earlier, later = _beside(session, collection.id, span) if span else (None, None)
    return CalendarPage(
        slug=collection.slug,
        name=collection.name,
        periods=periods,
        earlier=earlier,
        later=later,
        undated=0 if span else extents(session, collection_id=collection.id)[collection.id].undated,
    )


def day_page(session: Session, slug: str, span: Span | None, *, before: int | None) -> DayPage:
    """The threads of a collection that began on a day; without a span, those that have no date.

    :raises NotFoundError: if there is no such collection, or there are no such threads.
    """
    collection = visible_collection(session, slug)
    order = ThreadOrder.ASKED if span else ThreadOrder.RECEIVED
    numbers = thread_numbers(session, collection.id, order, _then(span), before=before, limit=THREADS_A_PAGE + 1)
    if not numbers and before is None:
        raise NotFoundError("day in the calendar of this collection")
    shown = numbers[:THREADS_A_PAGE]
    earlier, later = _beside(session, collection.id, span) if span else (None, None)
    return DayPage(
        slug=collection.slug,
        name=collection.name,
        threads=lines_in_order(session, shown),
        further=shown[-1] if len(numbers) > THREADS_A_PAGE else None,
        earlier=earlier,
        later=later,
    )


def empty_page(session: Session, slug: str, span: Span) -> EmptyPage:
    """What there is around a span in which no thread of a collection began.

    :raises NotFoundError: if there is no such collection.
    """
    collection = visible_collection(session, slug)
    earlier, later = _beside(session, collection.id, span)
    return EmptyPage(slug=collection.slug, name=collection.name, earlier=earlier, later=later)


def _then(span: Span | None) -> ColumnElement[bool]:
    if span is None:
        return Thread.began_at.is_(None)
    start, end = span.moments
    return (Thread.began_at >= start) & (Thread.began_at < end)


def _beside(session: Session, collection_id: int, span: Span) -> tuple[date | None, date | None]:
    start, end = span.moments
    before = nearest(session, collection_id, start, later=False)
    after = nearest(session, collection_id, end, later=True)
    return before.date() if before else None, after.date() if after else None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
