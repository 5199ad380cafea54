"""Named works: each place in what is read of a text where a work is named, before those of one work are joined."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from archive.domain.assessment.entries import ENTRY
from archive.domain.assessment.kinds import NUMBERS, Hit
from archive.domain.assessment.reading import Reading
from archive.domain.assessment.titles import is_title
from archive.domain.sources.addresses import read_address
from archive.domain.sources.beside import tidy_title, work_at
from archive.domain.sources.given_names import GIVEN_NAMES, TITLE_HEROES
from archive.domain.sources.numbers import number_of
from archive.domain.sources.passages import item_at, passage_at
from archive.domain.sources.people import people
from archive.domain.sources.reference import Csl, SourceKind
from archive.domain.sources.works import STANDING_WORKS, record_of, work_keys

_YEAR = re.compile(r"(?<!\d)(1[5-9]\d{2}|20\d{2})[a-d]?(?!\d)")
_PAGE = re.compile(r"(?<=\d)[a-d]?,?[\s:]\s?((?:pp?\.\s?)?\d{1,4}(?:[-–]\d{1,4})?)\)?$")
_MARKS = frozenset('*_"“`[>')
_LONGEST_LINK = 300  # characters of its words
_QUOTED_LINK = re.compile(r"\[(?:[\"“][*_]?|[*_](?![*_]))(?P<title>[^\[\]\"“”*_\n]{8,200})(?:[*_]?[\"”]|[*_])\]\($")
_LINKED = re.compile(r"[*_\"”]{0,3}\]\(((?:https?://|www\.)[^()\s]{2,2000})")
_OWNED = re.compile(r"(?P<owner>[A-ZÀ-ÖØ-Þ][\w.-]{1,24}(?:\s[A-ZÀ-ÖØ-Þ][\w.-]{1,24}){0,3})(?:'s|s')\s(?=[A-Z0-9])")
_AUTHOR_FIRST = re.compile(
    r"(?P<names>[A-Z][\w.-]{1,24}(?:\s[A-Z][\w.-]{1,24}){1,3}),\s(?=(?:The|A|An)\s|[A-Z][\w' -]{1,60}:)"
)
# “Marta Ellwood, Tulips”: one word behind a name, and no further one in a row.
_AUTHOR_AND_WORD = re.compile(
    r"(?P<names>(?P<given>[A-Z][a-z]{1,14})(?:\s[A-Z]\.)?\s[A-Z][\w-]{2,24}),\s(?P<word>[A-Z][a-z]{5,24})$"
)
_GOES_ON = re.compile(r",?\s(?:and|or|&)\s|,\s[A-Z]")
_ITALICS = re.compile(r"([*_]{1,2})([^*_\n]{1,60})\1")
_OPENED = re.compile(r"\(\s?$")
_TO_END = re.compile(
    r"[*_]{1,2}[^*_\n]{1,60}[*_]{1,2}(?:[^*_\n.?!]|[.?!](?!\s|$)){1,120}(?=[.?!](?:\s|$)|$)", re.MULTILINE
)
_LIKE_A_TITLE = re.compile(r"(?:The|A|An)\s|[A-Z][\w'-]*:|[A-Z][\w'-]*\s(?:and|of|in|the|to|for)\s")
_WIKIPEDIA = re.compile(r"wiki", re.IGNORECASE)
_ON = re.compile(
    r"(?:'s)?\s(?:(?:page|article|entry|list)\s)?(?:on|for|about|of|entitled|titled|called)\s(?:the\s)?"
    r"(?:[\"“'*](?P<quoted>[^\"“”*\n]{2,80})[\"”'*]"
    r"|(?P<plain>[A-Z0-9][\w'-]*(?:\s(?:of\s|the\s|in\s|and\s)?[A-Z0-9][\w'-]*){0,6}(?:\s\([^()\n]{1,40}\))?))"
)


@dataclass(slots=True)
class NamedWork:
    """A work named at a place."""

    start: int  # characters from the start of what is read
    end: int
    kind: SourceKind
    keys: tuple[str, ...]
    csl: Csl
    sentence: int
    capped: bool = False  # whether a disclaimer governs it
    remembered: bool = False  # whether it is named only as what somebody wrote
    is_entry: bool = False  # whether it fills a line of a bibliography
    place: tuple[int, int] | None = None
    reach: int = field(default=0)  # where what was read of it ends: its author, its year

    def __post_init__(self) -> None:
        self.reach = max(self.reach, self.end)


def find_named_works(reading: Reading, hits: Sequence[Hit]) -> Iterator[NamedWork]:
    """Yield the works that the signals of a text name, one a signal and in their order."""
    for hit in hits:
        if (read := _READERS.get(hit.kind)) and (named_work := read(reading.own, hit)) and named_work.keys:
            yield named_work


def _address(own: str, hit: Hit) -> NamedWork | None:
    address = read_address(own[hit.start : hit.end]) if hit.strength > 1 else None
    if address is None:
        return None
    url = f"url:{address.value}"
    title = _title_in_link(own, hit.start, numbered=address.numbered is not None)
    if address.numbered:
        kind, keys, csl = address.numbered
        return _named_work(hit, kind, (*keys, url), {**csl, **title, "URL": address.csl["URL"]})
    return _named_work(hit, SourceKind.URL, (url,), {**title, **address.csl})


def _title_in_link(own: str, address: int, *, numbered: bool) -> Csl:
    """The title that fills the words of a link, in quotation marks or italics; other words only lead there."""
    match = _QUOTED_LINK.search(own, max(0, address - _LONGEST_LINK), address)
    title = tidy_title(match["title"]) if match else ""
    return {"title": title} if title and (numbered or (is_title(title) and title.count(" ") > 1)) else {}


def _number(own: str, hit: Hit) -> NamedWork | None:
    numbered = number_of(SourceKind(hit.kind), own[hit.start : hit.end])
    return _named_work(hit, numbered.kind, numbered.keys, numbered.csl) if numbered else None


def _passage(own: str, hit: Hit) -> NamedWork | None:
    passage = passage_at(own, hit.start, hit.end)
    if passage is None:
        return None
    named_work = _named_work(hit, SourceKind.CANONICAL, (passage.key,), passage.csl)
    named_work.start, named_work.place = passage.start, passage.place
    return named_work


def _item(own: str, hit: Hit) -> NamedWork:
    item = item_at(own, hit.start, hit.end)
    named_work = _named_work(hit, SourceKind.ARCHIVAL, (item.key,), item.csl)
    named_work.place = item.place
    return named_work


def _work(own: str, hit: Hit) -> NamedWork | None:
    named_work = _WORKS.get(hit.why, _titled)(own, hit) if hit.kind == "reference" else _candidate(own, hit)
    if named_work:
        named_work.capped = hit.kind == "candidate"
    return named_work


def _candidate(own: str, hit: Hit) -> NamedWork | None:
    """A work under a disclaimer: why it was seen is not said any more."""
    words = own[hit.start : hit.end]
    if _WIKIPEDIA.match(words):
        return _encyclopedia(own, hit)
    if "," in words and (entry := _entry(own, hit)) and entry.keys:
        return entry
    if words.lower() in STANDING_WORKS:
        return _standing(own, hit)
    if _YEAR.search(words[-12:]) and (shortened := _author_and_year(own, hit)) and shortened.keys:
        return shortened
    return None if words.endswith(" Press") else _titled(own, hit)


def _titled(own: str, hit: Hit) -> NamedWork | None:
    linked = _LINKED.match(own, hit.end)
    if linked and read_address(linked[1]) is None:
        return None  # the name of a picture, of a forum
    beside = work_at(own, hit.start, hit.end)
    is_marked = own[hit.start - 1 : hit.start] in _MARKS
    if not is_marked and (author := _AUTHOR_FIRST.match(own, hit.start, hit.end) or _author_and_word(own, hit)):
        beside = work_at(own, author.end("names") + 2, hit.end)  # “Marta Ellwood, The Salt”, in one run
        if beside:
            beside.csl["author"] = people(author["names"])
    elif beside and not is_marked and "author" not in beside.csl and (owner := _OWNED.match(own, hit.start, hit.end)):
        if " " not in owner["owner"] and not _LIKE_A_TITLE.match(own, owner.end(), hit.end):
            return _named_work(
                hit, SourceKind.WORK, work_keys(beside.csl), beside.csl, reach=beside.end
            )  # “Cat's Cradle”
        beside = work_at(own, owner.end(), hit.end)  # “Marta Ellwood's Salt and the Crown”, in one run
    if beside is None:
        return None
    csl = beside.csl
    if "author" not in csl and (record := record_of(str(csl["title"]))):
        csl["author"] = people(record[1])
    named_work = _named_work(hit, SourceKind.WORK, work_keys(csl), csl, reach=beside.end)
    named_work.place = beside.place if "page" not in csl else None
    return named_work


def _author_and_word(own: str, hit: Hit) -> re.Match[str] | None:
    """What says that one word behind a name is a title; None where both may be titles in a row."""
    found = _AUTHOR_AND_WORD.match(own, hit.start, hit.end)
    if found is None or found["given"] not in GIVEN_NAMES or found["names"] in TITLE_HEROES:
        return None
    return None if _GOES_ON.match(own, hit.end) or found["word"] in GIVEN_NAMES else found


def _author_and_year(own: str, hit: Hit) -> NamedWork | None:
    words = own[hit.start : hit.end]
    year = _YEAR.search(words)
    names = people(re.sub(r"^\(?(?:see\s|cf\.\s)?", "", words[: year.start()]).strip(" (,")) if year else []
    if not year or not names:
        return None
    csl: Csl = {"type": "document", "author": names, "issued": {"date-parts": [[int(year[1])]]}}
    named_work = _named_work(hit, SourceKind.WORK, work_keys(csl), csl)
    if page := _PAGE.search(words):
        named_work.place = (hit.start + page.start(1), hit.start + page.end(1))
    return named_work


def _entry(own: str, hit: Hit) -> NamedWork | None:
    entry = ENTRY.match(own, own.rfind("\n", 0, hit.start) + 1)
    beside = work_at(own, entry.start("title"), _end_of_title(own, entry)) if entry else None
    if entry is None or beside is None:
        return None
    csl = beside.csl
    csl["title"] = _ITALICS.sub(r"\2", str(csl["title"]))
    if names := people(entry["names"]):
        csl["author"] = names
    if entry["year"]:
        csl["issued"] = {"date-parts": [[int(entry["year"])]]}
    end = own.find("\n", hit.end)
    named_work = _named_work(hit, SourceKind.WORK, work_keys(csl), csl, reach=end if end >= 0 else len(own))
    named_work.is_entry = True
    return named_work


def _end_of_title(own: str, entry: re.Match[str]) -> int:
    """Where a title ends; italics inside brackets, as for a species, do not end it."""
    end = entry.end("title")
    goes_on = _TO_END.match(own, end) if not entry["mark"] and _OPENED.search(entry["title"]) else None
    return goes_on.end() if goes_on else end


def _encyclopedia(own: str, hit: Hit) -> NamedWork | None:
    """An article of Wikipedia that is named; one that is not is only somebody's word that it says so."""
    named = _ON.match(own, hit.end) or _ON.match(own, own.find(" ", hit.start))
    if named is None or "pedia" not in own[hit.start : hit.end].lower():
        return None
    title = tidy_title(named["quoted"] or named["plain"])
    csl: Csl = {"type": "entry-encyclopedia", "container-title": "Wikipedia", "title": title}
    return _named_work(hit, SourceKind.WORK, work_keys({"title": f"Wikipedia {title}"}), csl, reach=named.end())


def _standing(own: str, hit: Hit) -> NamedWork:
    title = STANDING_WORKS.get(" ".join(own[hit.start : hit.end].lower().split()), own[hit.start : hit.end])
    csl: Csl = {"type": "book", "title": title}
    return _named_work(hit, SourceKind.WORK, work_keys(csl), csl)


def _nothing(_: str, __: Hit) -> None:
    return None


def _named_work(hit: Hit, kind: SourceKind, keys: tuple[str, ...], csl: Csl, *, reach: int = 0) -> NamedWork:
    return NamedWork(hit.start, hit.end, kind, keys, csl, hit.sentence, reach=reach)


_WORKS: dict[str, Callable[[str, Hit], NamedWork | None]] = {
    "an author and a year": _author_and_year,
    "an entry of a bibliography": _entry,
    "an encyclopedia article": _encyclopedia,
    "a work of reference that there is one of": _standing,
    "the publisher of a book": _nothing,
}
_READERS: dict[str, Callable[[str, Hit], NamedWork | None]] = {
    "url": _address,
    **dict.fromkeys(NUMBERS, _number),
    "archival": _item,
    "canonical": _passage,
    "reference": _work,
    "candidate": _work,
}
