"""Addresses of the Wayback Machine, built and never called."""

from datetime import UTC, datetime

_CAPTURES = "https://web.archive.org/web/"


def wayback_url(url: str, at: datetime | None) -> str:
    """Return where the capture of a page nearest to a date is found; without a date, the list of its captures.

    :param at: aware.
    """
    when = at.astimezone(UTC).strftime("%Y%m%d%H%M%S") if at else "*"
    return f"{_CAPTURES}{when}/{url}"
