"""When the threads of a collection began: counted by year, month and day, from one index alone. Days are of UTC."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Integer, cast, extract, func, select
from sqlalchemy.orm import Session

from archive.store.listing import LISTED
from archive.store.threads import Thread


class Unit(StrEnum):
    """What threads are counted by."""

    YEAR = "year"
    MONTH = "month"  # of one year
    DAY = "day"  # of one month


_PIECES = {Unit.YEAR: (1, 4), Unit.MONTH: (6, 2), Unit.DAY: (9, 2)}  # from which character, and how many


class Period(NamedTuple):
    """The threads that began in a year, a month or a day, and what hangs from them."""

    number: int  # 2019; 1 to 12; 1 to 31
    threads: int
    answers: int
    replies: int


class Extent(NamedTuple):
    """What is public of a collection, and from when to when its threads began."""

    threads: int
    answers: int
    replies: int
    first: datetime | None
    last: datetime | None
    undated: int  # threads of which no public post has a date


def count_by(
    session: Session, collection_id: int, unit: Unit, *, span: tuple[datetime, datetime] | None = None
) -> Sequence[Period]:
    """The periods in which threads of a collection began, in order; none in which none did.

    :param span: from when on they began, and before when.
    """
    number = _number(session, unit).label("number")
    query = (
        select(number, func.count(), func.sum(Thread.answers), func.sum(Thread.replies))
        .where(LISTED, Thread.collection_id == collection_id, Thread.began_at.is_not(None))
        .group_by("number")
        .order_by("number")
    )
    if span is not None:
        query = query.where(Thread.began_at >= span[0], Thread.began_at < span[1])
    return [Period(*map(int, row)) for row in session.execute(query)]


def extents(session: Session, *, collection_id: int | None = None) -> dict[int, Extent]:
    """What is public of collections, by their numbers; nothing of those of which nothing is."""
    query = (
        select(
            Thread.collection_id,
            func.count(),
            func.sum(Thread.answers),
            func.sum(Thread.replies),
            func.min(Thread.began_at),
            func.max(Thread.began_at),
            func.count() - func.count(Thread.began_at),
        )
        .where(LISTED)
        .group_by(Thread.collection_id)
    )
    query = query if collection_id is None else query.where(Thread.collection_id == collection_id)
    return {row[0]: Extent._make(row[1:]) for row in session.execute(query)}


def nearest(session: Session, collection_id: int, moment: datetime, *, later: bool) -> datetime | None:
    """When the first thread of a collection began from a moment on; or else the last one before it."""
    query = select(func.min(Thread.began_at) if later else func.max(Thread.began_at))
    here = Thread.began_at >= moment if later else Thread.began_at < moment
    found: datetime | None = session.scalar(query.where(LISTED, Thread.collection_id == collection_id, here))
    return found


def _number(session: Session, unit: Unit) -> Any:
    """SQL: the year, month or day, of UTC. PostgreSQL would count by the zone of the session; SQLite keeps the words
    2019-03-09 …, of which a piece is had in a third of the time that its own functions take.
    """
    if session.get_bind().dialect.name == "sqlite":
        return cast(func.substr(Thread.began_at, *_PIECES[unit]), Integer)
    return extract(unit.value, func.timezone("UTC", Thread.began_at))
