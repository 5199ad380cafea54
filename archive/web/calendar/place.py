"""A place in a calendar: the whole of it, a year, a month or a day, as addresses name it and as people call it."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from archive.services.browse import NotFoundError
from archive.services.collections.calendar import Span, span_of
from archive.store.calendar import Period, Unit
from archive.web.words import month_name

UNDATED = "undated"
_WHEN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class Cell:
    """A day in the table of a month."""

    day: int
    threads: int
    address: str
    words: str


@dataclass(frozen=True, slots=True)
class Place:
    """A year, a month or a day; without any of them the whole calendar, or what has no date."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    undated: bool = False

    @property
    def span(self) -> Span | None:
        """The time that it is; None for the whole calendar and for what has no date."""
        return span_of(self.year, self.month, self.day) if self.year is not None else None

    @property
    def unit(self) -> Unit:
        """What is counted in it."""
        return Unit.DAY if self.month else Unit.MONTH if self.year is not None else Unit.YEAR

    @property
    def address(self) -> str:
        """How it is named behind the calendar's address: 2019-03-09."""
        if self.undated:
            return UNDATED
        parts = ("%04d", self.year), ("%02d", self.month), ("%02d", self.day)
        return "-".join(form % part for form, part in parts if part is not None)

    @property
    def title(self) -> str:
        """What it is called: 9 March 2019."""
        if self.undated:
            return "Threads without a date"
        if self.year is None:
            return "Calendar"
        words = [str(self.day or ""), month_name(self.month) if self.month else "", str(self.year)]
        return " ".join(filter(None, words))

    @property
    def above(self) -> Sequence[tuple[str, str]]:
        """What it lies in, the outermost first: each with its address behind the calendar's."""
        places = [Place()]
        places += [Place(self.year)] if self.month else []
        places += [Place(self.year, self.month)] if self.day else []
        is_top = self.year is None and not self.undated
        return [] if is_top else [(place.title, f"/{place.address}".rstrip("/")) for place in places]

    def above_with(self, days: Sequence[date]) -> Sequence[tuple[str, str]]:
        """What it lies in, as far as that holds one of some days."""
        return [above for above in self.above if not above[1] or any(f"/{day}".startswith(above[1]) for day in days)]

    def below(self, number: int) -> str:
        """The address of a part of it."""
        return (Place(number) if self.year is None else Place(self.year, number)).address

    def words(self, number: int) -> str:
        """What a part of it is called."""
        return str(number) if self.year is None else month_name(number)

    def like(self, day: date) -> str:
        """The address of the year, month or day that holds a day, as this is one."""
        return self._like(day).address

    def words_of(self, day: date) -> str:
        """What that is called."""
        return self._like(day).title

    def _like(self, day: date) -> "Place":
        return Place(day.year, day.month if self.month else None, day.day if self.day else None)


def place_named(when: str) -> Place:
    """The place with that address behind the calendar's.

    :raises NotFoundError: if there can be none.
    """
    if when == UNDATED:
        return Place(undated=True)
    found = _WHEN.fullmatch(when)
    if found is None:
        raise NotFoundError("day in the calendar")
    year, month, day = (None if part is None else int(part) for part in found.groups())
    if year is None or 0 in (year, month, day):
        raise NotFoundError("day in the calendar")
    span_of(year, month, day)
    return Place(year, month, day)


def weeks_of(place: Place, days: Sequence[Period]) -> Sequence[Sequence[Cell | None]]:
    """The days of a month in weeks from Monday on; nothing for days of other months."""
    if place.year is None or place.month is None:
        return []
    threads = {day.number: day.threads for day in days}
    weeks = calendar.Calendar().monthdayscalendar(place.year, place.month)
    return [[_cell(place, day, threads.get(day, 0)) if day else None for day in week] for week in weeks]


def _cell(place: Place, day: int, threads: int) -> Cell:
    here = Place(place.year, place.month, day)
    return Cell(day, threads, here.address, here.title)
