"""Dates as pages and styles of citation write them. All are of UTC."""

from collections.abc import Callable
from datetime import UTC, datetime

DateForm = Callable[[datetime], str]
UNDATED = "n.d."

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# MLA Handbook, 9th edition, appendix 1: months of more than four letters are shortened.
_SHORT_MONTHS = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")


def day_month_year(moment: datetime) -> str:
    """9 March 2019."""
    moment = moment.astimezone(UTC)
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def short_day_month_year(moment: datetime) -> str:
    """9 Mar. 2019."""
    moment = moment.astimezone(UTC)
    return f"{moment.day} {_SHORT_MONTHS[moment.month - 1]} {moment.year}"


def month_day_year(moment: datetime) -> str:
    """March 9, 2019."""
    moment = moment.astimezone(UTC)
    return f"{MONTHS[moment.month - 1]} {moment.day}, {moment.year}"


def year_month_day(moment: datetime) -> str:
    """2019, March 9."""
    moment = moment.astimezone(UTC)
    return f"{moment.year}, {MONTHS[moment.month - 1]} {moment.day}"


def day_month(moment: datetime) -> str:
    """9 March."""
    moment = moment.astimezone(UTC)
    return f"{moment.day} {MONTHS[moment.month - 1]}"


def year(moment: datetime) -> str:
    """2019."""
    return str(moment.astimezone(UTC).year)


def parts(moment: datetime) -> dict[str, list[list[int]]]:
    """The day as CSL-JSON has it."""
    moment = moment.astimezone(UTC)
    return {"date-parts": [[moment.year, moment.month, moment.day]]}
