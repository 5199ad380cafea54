"""Figures, dates and sizes as people read them."""

from datetime import UTC, datetime

from archive.domain.dates_in_words import MONTHS, day_month_year
from archive.domain.visible_words import words_seen


def number_words(number: int) -> str:
    """A whole number with its thousands apart: 2,826."""
    return f"{number:,}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 answer", "2,826 answers", "2 replies"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def month_name(number: int) -> str:
    """The name of a month, counted from 1."""
    return MONTHS[number - 1]


def day(moment: datetime) -> str:
    """The date in words, UTC: 9 March 2019."""
    return day_month_year(moment)


def day_and_time(moment: datetime) -> str:
    """The date and time in words: 9 March 2019, 14:02 UTC."""
    moment = moment.astimezone(UTC)
    return f"{day_month_year(moment)}, {moment.hour:02}:{moment.minute:02} UTC"


def clock_time(moment: datetime) -> str:
    """The time of day, UTC: 14:05."""
    moment = moment.astimezone(UTC)
    return f"{moment.hour:02}:{moment.minute:02}"


def machine_time(moment: datetime) -> str:
    """The moment as a machine reads it: 2019-03-09T14:02:00Z."""
    moment = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{moment.isoformat('T', 'seconds')[:-6]}Z"


def size_words(size: int) -> str:
    """A size in bytes as people say it."""
    if size < 1024:
        return counted(size, "byte")
    shown, units = size / 1024, ["KiB", "MiB", "GiB"]
    while shown >= 1024 and len(units) > 1:
        shown, units = shown / 1024, units[1:]
    return f"{shown:,.1f} {units[0]}"


def duration_words(seconds: float) -> str:
    """A stretch of time as people say it: 40 seconds, 1 min 6 s, 2 h 5 min, 3 days."""
    whole = round(seconds)
    if whole < 60:
        return counted(whole, "second")
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 48 * 3600:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return counted(whole // 86_400, "day")


def first_words(text: str, length: int) -> str:
    """The beginning of a text on one line, cut at a word.

    :param length: characters.
    """
    line = " ".join(text[: length * 2].split())
    if len(line) <= length and len(text) <= length * 2:
        return line
    return line[: length + 1].rpartition(" ")[0][:length] + " …"


FILTERS = {
    "number": number_words,
    "counted": counted,
    "day": day,
    "day_and_time": day_and_time,
    "clock": clock_time,
    "machine_time": machine_time,
    "size": size_words,
    "seen": words_seen,  # of evidence, and the markup of its text
    "short": first_words,
}
