"""Times as dumps write them."""

from datetime import UTC, datetime

_FIRST, _LAST = 0, 253_402_300_799  # seconds: 1970 to the end of 9999


def from_epoch(value: object) -> datetime | None:
    """The moment, of seconds since 1970 as a whole number, a fraction or their digits; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    if not _FIRST < seconds <= _LAST:  # no number is neither; and 0 is what programs write for no date
        return None
    return datetime.fromtimestamp(seconds, UTC)


def from_iso_in_utc(value: str) -> datetime | None:
    """The moment that ISO 8601 names to the second; without a zone it is UTC. None where it is none."""
    if value[10:11] != "T" or len(value) < 19:  # a day alone does not say when
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # the second in the first and last hours that there are
        return None


def from_iso(value: object) -> datetime | None:
    """The moment, of ISO 8601 with its offset from UTC; None where it is none, or says no offset."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
