"""Public threads for those who walk the archive, in parts of so many numbers, so that none has to be counted out."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.store.listing import LISTED
from archive.store.threads import Thread

NUMBERS_A_PART = 20_000  # of threads, public or not; a sitemap may list 50,000 addresses
_AT_ONCE = 1_000  # rows


class Part(NamedTuple):
    """A part in which something is public."""

    number: int  # from 1
    threads: int
    changed_at: datetime  # when the last of them was


def parts_of_sitemap(session: Session) -> Iterator[Part]:
    """Yield the parts in which something is public, in order."""
    number = ((Thread.id - 1) // NUMBERS_A_PART + 1).label("number")
    query = select(number, func.count(), func.max(Thread.changed_at)).where(LISTED).group_by("number")
    for row in session.execute(query.order_by("number")):
        yield Part._make(row)


def part_of_sitemap(session: Session, number: int) -> Part | None:
    """One part; None where nothing in it is public."""
    query = select(func.count(), func.max(Thread.changed_at)).where(LISTED, _within(number))
    threads, changed_at = session.execute(query).one()
    return Part(number, threads, changed_at) if threads else None


def threads_of_part(session: Session, number: int) -> Iterator[tuple[PublicId, datetime]]:
    """Yield the public threads of a part in order, with when each changed last."""
    query = select(Thread.public_id, Thread.changed_at).where(LISTED, _within(number)).order_by(Thread.id)
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        yield row.public_id, row.changed_at


def _within(number: int) -> ColumnElement[bool]:
    return Thread.id.between((number - 1) * NUMBERS_A_PART + 1, number * NUMBERS_A_PART)
