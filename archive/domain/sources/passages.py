"""Passages and call numbers: the work or the archive in which they stand, and the place in it."""

import re
from itertools import chain
from typing import NamedTuple

from archive.domain.assessment.locators import CANON
from archive.domain.sources.reference import Csl
from archive.domain.sources.works import fold

_VERSE_OF = {fold(name): key for key, names in CANON["verse"]["names"].items() for name in names}
_AUTHOR_OF = {fold(name): key for key, names in CANON["passage"]["authors"].items() for name in names}
_WORK_OF = {
    fold(name): key
    for key, names in chain(CANON["passage"]["works"].items(), CANON["passage"]["behind"].items())
    for name in names
}
_FULL = {
    key: names[0]
    for table in (CANON["verse"]["names"], *(CANON["passage"][part] for part in ("authors", "works", "behind")))
    for key, names in table.items()
}
_BY = CANON["passage"]["by"]
_SCRIPTURES = frozenset({"quran", "bukhari", "mishnah"})  # that are no books of the Bible
_NUMBERED_BOOK = re.compile(r"(?:^|[\s(])([123]|I{1,3})\s$")
_ROMAN = {"I": "1", "II": "2", "III": "3"}
_NUMBERS = re.compile(r"(?<![\w.])(?:lines?\s)?\d[\d.:a-e]*(?:[-–]\d[\d.:a-e]*)?$")
_BOOK_OF = re.compile(r"([Bb](?:oo)?k\.?\s(?:\d{1,2}|[IVXL]{1,6}))\sof\s(?:[Tt]he\s)?(.+)$")

_FOND = re.compile(
    r"(?:([A-Z][A-Za-z]{2,6}(?:\s[A-Z][A-Za-z]{1,3})?),?\s)?(?:f|fond)\.?\s?((?:[RP]-)?\d+),?\s{0,2}(?:op|opis'?)\.?\s?(\d+[a-z]?),?\s{0,2}"
    r"(?:d|delo|ed\.\s?khr)\.?\s?(\d+)",
    re.IGNORECASE,
)
_KEW = re.compile(r"(?:(TNA|PRO)\)?[:,]?\s{1,2})?(?:PRO[:,]?\s)?([A-Z]{1,4})\s?(\d+)/(\d+(?:/\d+)?)")
_GERMAN = re.compile(r"(BArch|Bundesarchiv)(?:-[A-Z]{2})?,?\s(.+)")
_AMERICAN = re.compile(r"(?:RG|Record\sGroup)[-\s]?(\d{1,3})", re.IGNORECASE)
_KEPT = re.compile(r"Papers|Collection|Archive|Records", re.IGNORECASE)
_KEEPER = re.compile(r"(?:[A-Z][\w'.-]{1,20},?\s(?:of\s|the\s|and\s|for\s){0,2}){1,6}$")
_LEAF = re.compile(r",?\s(ll?\.\s?\d{1,4}(?:\s?ob\.?)?(?:[-–]\d{1,4}(?:\s?ob\.?)?)?)", re.IGNORECASE)


class Passage(NamedTuple):
    """A passage, a work or an item, with its place in the text."""

    key: str
    csl: Csl
    start: int
    place: tuple[int, int] | None  # of the place in the work


def passage_at(own: str, start: int, end: int) -> Passage | None:
    """Return the text of which a passage is cited: by its author's name, its title, or both."""
    words = own[start:end]
    if book := _BOOK_OF.match(words):
        named, place = book[2], (start + book.start(1), start + book.end(1))
    elif numbers := _NUMBERS.search(words):
        named, place = words[: numbers.start()], (start + numbers.start(), end)
    else:
        return None
    return _scripture(own, start, named, place) or _classic(start, named, place)


def _scripture(own: str, start: int, named: str, place: tuple[int, int]) -> Passage | None:
    key = _VERSE_OF.get(fold(named))
    if key is None or (":" not in own[place[0] : place[1]]):
        return None
    number = _NUMBERED_BOOK.search(own[max(0, start - 5) : start])
    which = _ROMAN.get(number[1], number[1]) if number and key not in _SCRIPTURES else ""
    title = f"{which} {_FULL[key]}".strip()
    bible = "" if key in _SCRIPTURES else "bible."
    return Passage(
        f"canonical:{bible}{which}{key}",
        {"type": "book" if key in _SCRIPTURES else "chapter", "title": title},
        start - (len(number[1]) + 1 if number and which else 0),
        place,
    )


def _classic(start: int, named: str, place: tuple[int, int]) -> Passage | None:
    words = re.sub(r"[*_(),]|'s?(?=\s|$)", " ", named).split()
    for count in (3, 2, 1):
        author = _AUTHOR_OF.get(fold(" ".join(words[:count])))
        if author:
            work = fold(" ".join(words[count:]))
            key = f"{author}.{_WORK_OF.get(work, work)}" if work else author
            csl: Csl = {"type": "book", "author": [{"family": _FULL[author]}]}
            if work:
                csl["title"] = _FULL.get(_WORK_OF.get(work, ""), " ".join(words[count:]))
            return Passage(f"canonical:{key.replace(' ', '-')}", csl, start, place)
    return _without_author(start, fold(" ".join(words)), place)


def _without_author(start: int, named: str, place: tuple[int, int]) -> Passage | None:
    work = _WORK_OF.get(named)
    if work is None:
        return None
    csl: Csl = {"type": "book", "title": _FULL[work]}
    if author := _BY.get(work):
        return Passage(f"canonical:{author}.{work}", {**csl, "author": [{"family": _FULL[author]}]}, start, place)
    return Passage(f"canonical:{work}", csl, start, place)


def item_at(own: str, start: int, end: int) -> Passage:
    """Return the archival item of a call number; a leaf named behind it is the place in it."""
    if _KEPT.match(own, start) and (keeper := _KEEPER.search(own[max(0, start - 80) : start])):
        start -= len(keeper[0])
    words = " ".join(own[start:end].split())
    archive, path, said = _item(words)
    leaf = _LEAF.match(own, end)
    csl: Csl = {"type": "document", **({"archive": archive} if archive else {}), "archive_location": said}
    return Passage(f"archival:{path}", csl, start, leaf.span(1) if leaf else None)


def _item(words: str) -> tuple[str, str, str]:
    """The archive as far as it is named, the key of the item, and its number as written."""
    if fond := _FOND.match(words):
        archive = fond[1] or ""
        return (
            archive,
            "/".join([fold(archive) or "fond", *(part.lower() for part in fond.groups()[1:])]),
            words.removeprefix(archive).strip(" ,"),
        )
    if kew := _KEW.match(words):
        said = words[kew.start(2) :]
        return kew[1] or "", f"tna/{kew[2].lower()}/{kew[3]}/{kew[4]}", said
    if german := _GERMAN.match(words):
        return german[1], f"barch/{fold(german[2])}", german[2]
    if american := _AMERICAN.match(words):
        return "", f"nara/{american[1]}/{fold(words[american.end() :])}", words
    return "", re.sub(r"^additional\b", "add", fold(words)), words
