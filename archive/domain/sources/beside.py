"""What stands beside a title: its author, its year, who published it, what it appeared in."""

import re
from html import unescape
from typing import NamedTuple

from archive.domain.assessment.cue_lists import ENGLISH
from archive.domain.assessment.names import BOOKISH, FULL_NAME, NAME
from archive.domain.sources.people import NAMES, people
from archive.domain.sources.reference import Csl

_BEFORE, _AFTER = 160, 320  # characters looked at
_YEAR = r"(?P<year>1[4-9]\d{2}|20\d{2})(?!\d)"
_ADJECTIVES = r"(?:[\w-]{1,16}\s){0,3}"

_OPENING = re.compile(r"[*_\"“”`\[(<]{1,4}\s?$|<(?:i|em)>$", re.IGNORECASE)
_CLOSING = re.compile(r"(?:[,.?!]?(?:\s?''|[*_\"”'`\]]{1,4}|</(?:i|em)>)(?:\([^()\s]{1,2000}\))?)?", re.IGNORECASE)

_BOOK = rf"{_ADJECTIVES}(?:{BOOKISH}),?\s"
_SAYS = "|".join(sorted(ENGLISH.lists["argues"] | ENGLISH.lists["argued"]))
_PEOPLE_BEFORE = (
    re.compile(
        rf"\b(?P<names>{NAMES})(?:'s?|\ss|\s's)\s{_ADJECTIVES}(?:(?:{BOOKISH}|series),?\s(?:called\s|titled\s|on\s)?)?$"
    ),
    re.compile(rf"\b(?P<names>{FULL_NAME}(?:,?\s(?:and|&)\s{FULL_NAME})?),\s$"),
    re.compile(rf"(?:^|\n|[*•-]\s)(?P<names>{FULL_NAME}):\s$"),
    re.compile(
        rf"\b(?P<names>{NAMES})\s(?:\w+ly\s)?(?:{_SAYS})\s(?:\w+\s){{0,3}}in\s(?:(?:the|his|her|their)\s)?(?:book\s)?$"
    ),
    re.compile(
        rf"\b(?P<names>{NAME})(?:,?\s[a-z]{{2,15}}){{0,5}}\s(?:in|of)\s(?:his|her|their)\s{_BOOK}(?:called\s)?$"
    ),
)
# A family name alone, where a citation of a journal begins with it: “…: Ellwood, "Salt Roads", Review of Taxes 19”.
_ALONE_BEFORE = re.compile(r"(?:^|\n|[:(]\s?|\b[Ss]ee\s)(?P<name>[A-ZÀ-ÖØ-Þ][\w'-]{2,24}),\s$")
_LEADING_WORDS = frozenset(
    {"abstract", "afterwards", "again", "article", "citation", "elsewhere", "indeed", "instead", "meanwhile"}
    | {"quote", "reference", "thus", "title", "today"}
)
_IS_A = rf"[,.\s\-–—:]{{0,4}}(?:(?:is|was|a|an|the|written|{BOOKISH})\s){{0,4}}"
_PEOPLE_AFTER = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_IS_A}(?P<edited>edited\s|eds?\.\s)?[Bb]y:?\s(?:the\s)?(?P<names>{NAMES})",
        rf",?\s(?P<edited>ed\.|eds\.|edited by)\s(?P<names>{NAMES})",
        rf"\s?\((?P<names>{FULL_NAME}(?:\s(?:and|&)\s{FULL_NAME})?),?\s{_YEAR}[a-d]?\)",
        rf"\s?\(by\s(?P<names>{FULL_NAME})\)",
        rf"\s?[-–—]\s(?P<names>{FULL_NAME})(?=\s*(?:\n|$|[,.(]))",
    )
)
_BARE_PAGE = re.compile(r",\s(\d{1,4}(?:[-–]\d{1,4})?)(?=[.;)]|\s*(?:\n|$))")
_TRANSLATED = re.compile(rf",?\s\(?(?:trans\.|translated by|tr\.)\s(?P<names>{NAMES})\)?")
_CAPITALS = re.compile(r"\s[A-Z]{3,}$")
_CONTAINER = re.compile(
    r"[,.]?\s{0,2}(?P<within>[Ii]n:?\s)?(?:\*|_|<i>|<em>)(?P<container>[^*_<\n]{3,160})(?:\*|_|</i>|</em>)"
)
_PLAIN_CONTAINER = re.compile(
    r"[,.]?\s(?P<within>in\s)?(?P<container>(?:[A-Z][\w'&-]{1,20}\s?(?:(?:of|the|and|for|in)\s){0,2}){1,7})"
    r",?\s?(?=,\s(?:vol|no\.)|\s?\d{1,3}[,:.(\s])"
)
_ISSUE = re.compile(
    r"[,.]?\s(?:vol\.?\s|volume\s)?(?P<volume>\d{1,3})(?!\d)(?:\s?\((?P<bracketed>\d{1,3})\)|[,.:]?\s(?:no|nr|issue)\.?\s?"
    r"(?P<issue>\d{1,3}))?",
    re.IGNORECASE,
)
_PAGES = re.compile(r"[,:;]\s?(?:pp?\.\s?)?(?P<page>\d{1,5}[-–—]{1,2}\d{1,5})\b")
_PUBLISHED = re.compile(
    rf"[,.]?\s?\((?:(?P<place>[A-Z][\w .,]{{1,30}}):\s?)?(?P<publisher>[^():\n]{{2,60}}?)?(?:,\s)?{_YEAR}[;)\],]"
    r"|[,.]\s(?:(?P<place2>[A-Z][\w.]{1,15}(?:\s[A-Z][\w.]{1,15})?(?:,\s[A-Z]{2})?):\s)?"
    r"(?P<publisher2>(?:[A-Z][\w'&.-]{1,18}\s(?:of\s|and\s|&\s)?){1,4}(?:Press|Books|Publishers|Publishing|Verlag|Harcourt))\b"
    rf"(?:[,.]?\s\(?{_YEAR.replace('year', 'year2')})?"
)
_YEAR_AFTER = re.compile(rf",?\s\(?{_YEAR}\b|\s?\([^()\n]{{0,40}}?\b{_YEAR.replace('year', 'year2')}[^()\n]{{0,20}}\)")
_PRESS = re.compile(
    r"\b(?:Press|Books|Publish\w+|Verlag|University|Univ|Sons|Inc|Penguin|Routledge|Brill|Norton|Sharpe|Wiley)\b"
)
_TYPES = (
    ("thesis", re.compile(r"\b(?:thesis|dissertation)\b", re.IGNORECASE)),
    ("motion_picture", re.compile(r"\b(?:film|movie|documentary)\b", re.IGNORECASE)),
    ("broadcast", re.compile(r"\b(?:podcast|episode)\b", re.IGNORECASE)),
    ("book", re.compile(r"\b(?:book|books|novel|memoir|autobiography|biography|monograph|textbook)\b", re.IGNORECASE)),
    ("article", re.compile(r"\b(?:article|paper|essay|study)\b", re.IGNORECASE)),
)


class Beside(NamedTuple):
    """A work by what stands beside its title."""

    csl: Csl
    end: int  # of what was read: the author and the year behind the title included
    place: tuple[int, int] | None  # of a bare page number behind it, as in notes


def work_at(own: str, start: int, end: int) -> Beside | None:
    """Return the work whose title stands at a place; None where nothing is left of the title.

    :param own: the text, without what others say.
    """
    title = tidy_title(own[start:end])
    if not title:
        return None
    before, after = own[max(0, start - _BEFORE) : start], own[end : end + _AFTER]
    opening, closing = _OPENING.search(before), _CLOSING.match(after)
    before = before[: opening.start()] if opening else before
    csl: Csl = {"type": "document", "title": title}
    _read_before(csl, before)
    skipped = closing.end() if closing else 0
    read = _read_after(csl, after[skipped:], in_quotes=bool(opening and opening[0][0] in '"“`'))
    if "volume" in csl and "author" not in csl and (alone := _ALONE_BEFORE.search(before)):
        _say_surname(csl, alone["name"])
    _say_type(csl, before[-40:], after[skipped : skipped + 40])
    here = end + skipped + read
    page = _BARE_PAGE.match(own, here) if "issued" in csl and own[here - 1 : here] == ")" else None
    return Beside(csl, here, page.span(1) if page else None)


def tidy_title(words: str) -> str:
    """A title without the marks of the sentence around it."""
    return (
        " ".join(unescape(re.sub(r"<[^<>]{0,200}>", "", words)).replace("\\", "").split())
        .strip(" ,.:;*_\"“”'")
        .rstrip(" ,.:;*_([{<")
    )


def _read_before(csl: Csl, before: str) -> None:
    for pattern in _PEOPLE_BEFORE:
        if (match := pattern.search(before)) and (names := people(match["names"])):
            csl["author"] = names
            _say_year(csl, match.groupdict().get("year"))
            return


def _say_surname(csl: Csl, name: str) -> None:
    is_word = name.lower() in ENGLISH.lists["ordinary"] | _LEADING_WORDS or name.endswith("ly") or name.isupper()
    if not is_word and (names := people(name)):
        csl["author"] = names


def _read_after(csl: Csl, rest: str, *, in_quotes: bool) -> int:
    """Read on behind a title, and return how far, in characters."""
    here = 0
    if in_quotes and (container := _CONTAINER.match(rest) or _PLAIN_CONTAINER.match(rest)):
        csl["container-title"] = tidy_title(container["container"])
        csl["type"] = "chapter" if container["within"] else "article-journal"
        is_plain = container.re is _PLAIN_CONTAINER  # which takes the blank before the volume with it
        here = container.start("container") + len(container["container"].rstrip()) if is_plain else container.end()
    here = _read_people(csl, rest, here)
    if (translated := _TRANSLATED.match(rest, here)) and (names := people(translated["names"])):
        csl["translator"] = names
        here = translated.end()
    in_journal = csl["type"] == "article-journal"
    if in_journal and (issue := _ISSUE.match(rest, here)):
        csl["volume"] = issue["volume"]
        if number := issue["issue"] or issue["bracketed"]:
            csl["issue"] = number
        here = issue.end()
    if published := _PUBLISHED.match(rest, here):
        _say_publisher(csl, published)
        here = published.end()
    elif year := _YEAR_AFTER.match(rest, here):
        _say_year(csl, year["year"] or year["year2"])
        here = year.end()
    if in_journal and (pages := _PAGES.match(rest, here)):
        csl["page"] = re.sub(r"[-–—]+", "-", pages["page"])
        here = pages.end()
    return here


def _read_people(csl: Csl, rest: str, here: int) -> int:
    for pattern in _PEOPLE_AFTER:
        match = pattern.match(rest, here)
        if match and not _PRESS.search(match["names"]) and (names := people(match["names"])):
            csl.setdefault("editor" if match.groupdict().get("edited") else "author", names)
            _say_year(csl, match.groupdict().get("year"))
            heading = _CAPITALS.search(match[0])  # “by Marta Ellwood ISBN …”
            return match.end() - (len(heading[0]) if heading else 0)
    return here


def _say_year(csl: Csl, year: str | None) -> None:
    if year and "issued" not in csl:
        csl["issued"] = {"date-parts": [[int(year)]]}


def _say_publisher(csl: Csl, published: re.Match[str]) -> None:
    _say_year(csl, published["year"] or published["year2"])
    place, publisher = published["place"] or published["place2"], published["publisher"] or published["publisher2"]
    publisher = (publisher or "").strip(" ,")
    if place and publisher:
        csl["publisher-place"], csl["publisher"] = place.strip(), publisher
    elif publisher and _PRESS.search(publisher):
        csl["publisher"] = publisher
    else:
        return
    if csl["type"] == "document":
        csl["type"] = "book"


def _say_type(csl: Csl, before: str, after: str) -> None:
    if csl["type"] != "document":
        return
    near = before.rsplit("\n", 1)[-1], re.split(r"[.!?(\n]", after, maxsplit=1)[0]
    csl["type"] = next((kind for words in near for kind, says in _TYPES if says.search(words)), "document")
