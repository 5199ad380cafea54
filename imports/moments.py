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
