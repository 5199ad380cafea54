"""Entries of a bibliography: a line that begins with an author, the family name first, and goes on with a title.

Ellwood, M., & Brandt, I. (1987). Salt and the crown. Lyon: Guild Press.
Ellwood, Marta. Salt and the Crown. Lyon: Guild Press, 1987.
"""

import re
from collections.abc import Iterator
from itertools import islice

from archive.domain.assessment.kinds import Hit
from archive.domain.assessment.reading import Reading
from archive.domain.assessment.titles import is_title

_FAMILY = r"(?:(?:de|van|von|der|la|le|al|el|bin|ibn)[\s-]){0,2}[A-ZÀ-ÖØ-Þ][\w'-]{1,24}"
_GIVEN = (
    r"(?:(?:[A-ZÀ-ÖØ-Þ]\.[\s-]?){1,4}(?:[A-ZÀ-ÖØ-Þ][\w'-]{1,20})?(?<!\s)"
    r"|[A-ZÀ-ÖØ-Þ][\w'-]{1,20}(?:\s[A-Z]\.?|\s[A-ZÀ-ÖØ-Þ][\w'-]{1,20})?)"
)
_MORE = (
    rf"(?:,?\s?[*_]{{0,2}}et\sal\b(?:\.[*_]{{1,2}}(?=\s))?|,?\s?(?:and\s|&(?:amp;)?\s)[^()\n\"“*]{{0,60}}"
    rf"|,\s{_FAMILY},\s?[A-Z][^()\n\"“*]{{0,200}})?"
)
_YEAR = r"(?:1[4-9]|20)\d{2}"

# Behind the beginning of a line, a bullet or a number.
_LEAD = r"(?:(?:See|Sources?|Cf\.|From)(?:\salso)?:?\s{1,2}|\[)?"
_LINE = rf"[ \t]{{0,4}}(?:[*•·>-]\s{{1,3}}|\[?\d{{1,3}}[.)\]]\s{{1,3}})?{_LEAD}"
ENTRY = re.compile(
    rf"{_LINE}(?P<names>{_FAMILY},\s{{1,2}}{_GIVEN}{_MORE}|{_FAMILY},?\set\sal\.?,?)"
    rf"(?:\s?\((?P<year>{_YEAR})[a-d]?(?:,\s[^()\n]{{1,20}})?\.?\)[.,:]?\s{{1,2}}|(?<=[.,*_])\s{{1,2}}|[.:]\s{{1,2}})"
    r"(?P<mark>[\"“*_]{0,2})(?P<title>[^\n\"“”*]{4,240}?)(?P<end>[.?!]?[\"”*_]{1,2}|[.?!](?=\s|$)|$)"
)
_BEGINS = rf"[ \t]{{0,4}}(?:[*•·>\-\d\[]\S{{0,4}}\s{{1,3}})?{_LEAD}[\w'-]{{2,26}}(?:,\s|\set\sal)"
_FIRST, _NEXT = re.compile(_BEGINS), re.compile(rf"\n(?={_BEGINS})")
_LINE_ENDS = re.compile(r":[ \t*_]*\n")
_HEADING = re.compile(
    r"(?:(?:book|reading) list|list of books|bibliography|works cited|(?:further|recommended) reading|references"
    r"|sources)[^\n]{0,30}$",
    re.IGNORECASE,
)
_LONGEST_HEADING = 60  # characters, of its end
_LISTED = re.compile(
    r"\s{0,4}(?:[*•·>-]\s{1,3}|\[?\d{1,3}[.)\]]\s{1,3})?(?P<title>[A-Z][\w'-]{1,24}(?:[,:]?\s[\w'-]{1,24}){1,16})"
    r"[ \t]*(?:\([^()\n]{1,200}\))?[ \t]*(?:\n|$)"
)
_YEAR_ANYWHERE = re.compile(rf"\b{_YEAR}\b")
_MOST = 200  # lines of one text
_MOST_LISTS = 30
_LONGEST = 600  # characters of an entry


def find_entries(reading: Reading) -> Iterator[Hit]:
    """Yield the entries that also give a year, or mark the title: from the name to the end of the title."""
    text, found = reading.own, 0
    lines = [line.end() for line in _NEXT.finditer(text)]
    for line in [0, *lines] if _FIRST.match(text) else lines:
        match = ENTRY.match(text, line)
        if match is None or found >= _MOST:
            continue
        end = text.find("\n", match.end())
        rest = text[match.end() : min(end if end >= 0 else len(text), match.end() + _LONGEST)]
        if match["year"] or match["mark"] or _YEAR_ANYWHERE.search(rest):
            found += 1
            start = match.start("names")
            yield Hit(
                start, match.end("title"), "reference", "an entry of a bibliography", 2, reading.sentence_at(start)
            )


def find_listed(reading: Reading) -> Iterator[Hit]:
    """Yield the titles that stand alone on the lines below a heading, as “Reading list:”."""
    text = reading.own
    for end in islice(_LINE_ENDS.finditer(text), _MOST_LISTS):
        here = end.end()
        is_heading = _HEADING.search(text[max(0, end.start() - _LONGEST_HEADING) : end.start()])
        while is_heading and (line := _LISTED.match(text, here)):
            start, last = line.span("title")
            if is_title(text[start:last]):
                yield Hit(start, last, "reference", "a title in a list of sources", 2, reading.sentence_at(start))
            here = line.end()
