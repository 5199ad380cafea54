"""When a mail was written, by its Date field.

Format: RFC 5322, section 3.3, with the obsolete forms of section 4.3; some programs write RFC 3339.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from re import Match

_MONTHS = {
    name: number for number, name in enumerate(b"jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_ORDINARY = re.compile(
    rb"(?:[A-Za-z]{3},[ \t]*)?(\d{1,2})[ \t]+([A-Za-z]{3})[ \t]+([12]\d{3})[ \t]+"
    rb"(\d{1,2}):(\d\d)(?::(\d\d))?[ \t]+([+-])(\d\d)(\d\d)(?:[ \t]*\([^()]*\))?"
)
_YEAR_WITH_ZEROS = re.compile(r"(?<![\d:+-])0\d{3}(?![\d:])")  # Python takes the year 0001 for 2001
_UTC_FROM_SOMEWHERE = re.compile(r"-0000\b")  # RFC 5322: the moment is right, the sender's zone unknown


def read_date(value: bytes) -> datetime | None:
    """The moment, in UTC; None where the field gives none, or not its zone."""
    match = _ORDINARY.fullmatch(value)
    try:
        return _read_odd_date(value) if match is None else _from_parts(match)
    except (ValueError, OverflowError, TypeError, IndexError, KeyError):
        return None


def _from_parts(parts: Match[bytes]) -> datetime:
    day, month, year, hour, minute, second, sign, hours, minutes = parts.groups()
    if int(hours) > 23 or int(minutes) > 59:
        raise ValueError(hours)
    there = datetime(int(year), _MONTHS[month.lower()], int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return there - ahead if sign == b"+" else there + ahead


def _read_odd_date(value: bytes) -> datetime | None:
    text = " ".join(value.decode("latin-1").split())
    if not text or _YEAR_WITH_ZEROS.search(text):
        return None
    moment = datetime.fromisoformat(text) if text[:4].isdigit() and "T" in text else parsedate_to_datetime(text)
    if moment.tzinfo is None and _UTC_FROM_SOMEWHERE.search(text):
        moment = moment.replace(tzinfo=UTC)
    return None if moment.tzinfo is None else moment.astimezone(UTC)
