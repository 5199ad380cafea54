"""Several mentions of one work in one place become one: a title and its link, its DOI, its ISBN."""

import re
from collections.abc import Sequence

from archive.domain.sources.csl import merged_csl
from archive.domain.sources.mentions import Mention
from archive.domain.sources.reference import SourceKind
from archive.domain.sources.works import families_of, family_of, fold, year_of

_NUMBERS = frozenset(
    {SourceKind.DOI, SourceKind.ISBN, SourceKind.ARXIV, SourceKind.JSTOR, SourceKind.PMID, SourceKind.OCLC}
)
_FAR = 200  # characters between a title and its number
_LONGEST_LINK = 600  # characters of its words
_TO_LINK = re.compile(
    r"[\s,.:;()\[\]<*_\"”–—-]*(?:(?:available|retrieved|accessed|online|at|from|see|link|here|doi|pdf|url|source)\b[\s:,]*){0,4}[(\[<]?",
    re.IGNORECASE,
)
_TO_NUMBER = re.compile(
    r"[\s,;.()\[\]|/]*(?:and\s)?(?:e?-?issn|doi|pmc?id|isbn|oclc|jstor|arxiv)?[\s:#]*", re.IGNORECASE
)


def join(own: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions, each work once in a place, in order of their start."""
    ordered = sorted(_without_overlaps(mentions), key=lambda one: (one.start, one.end))
    joined: list[Mention] = []
    for mention in ordered:
        if joined and _is_one(own, joined[-1], mention):
            _take_in(joined[-1], mention)
        else:
            joined.append(mention)
    _resolve(joined)
    return joined


def _without_overlaps(mentions: Sequence[Mention]) -> list[Mention]:
    """Titles inside a number, a passage or an entry are no works of their own."""
    strong = [one for one in mentions if one.kind is not SourceKind.WORK]
    works = [one for one in mentions if one.kind is SourceKind.WORK]
    taken = [(one.start, one.end) for one in strong if one.kind is not SourceKind.URL]
    kept: list[Mention] = []
    reached = 0
    for work in sorted(works, key=lambda one: (one.start, -one.end)):
        inside = any(start < work.end and work.start < end for start, end in taken)
        if not inside and work.start >= reached:
            kept.append(work)
            reached = work.reach
    return strong + kept


def _is_one(own: str, title: Mention, other: Mention) -> bool:
    """Whether what follows a mention is only another name of the same work."""
    between = own[title.end : other.start]
    if title.kind is SourceKind.WORK and other.kind is SourceKind.URL:
        return _is_linked(own, title, other) or (
            title.reach <= other.start
            and "\n\n" not in between
            and _TO_LINK.fullmatch(own, title.reach, other.start) is not None
        )
    if title.kind is SourceKind.WORK and other.kind in _NUMBERS:
        return _is_linked(own, title, other) or (
            len(between) < _FAR and "\n\n" not in between and not _LISTED.search(between)
        )
    if title.kind in _NUMBERS and other.kind in (*_NUMBERS, SourceKind.URL):
        if between == "](" and title.keys[0] in other.keys:
            return True
        return not _shares_scheme(title, other) and _TO_NUMBER.fullmatch(between) is not None
    return False


_LISTED = re.compile(r"\n\s*(?:[*•-]|\d+[.)])\s")


def _is_linked(own: str, title: Mention, address: Mention) -> bool:
    """Whether the title stands in the words of the link."""
    if own[address.start - 2 : address.start] != "](":
        return False
    bracket = own.rfind("[", max(0, address.start - _LONGEST_LINK), title.start + 1)
    return (
        bracket >= 0
        and "](" not in own[bracket : address.start - 2]
        and (not _is_about(address) or fold(str(title.csl.get("title"))) in _names_of(address))
    )


def _is_about(address: Mention) -> bool:
    """Whether a page tells of works and is none of them."""
    return address.csl.get("type") == "entry-encyclopedia"


def _names_of(page: Mention) -> list[str]:
    return [fold(str(page.csl.get(field, ""))) for field in ("title", "container-title")]


def _shares_scheme(a: Mention, b: Mention) -> bool:
    return bool({key.split(":", 1)[0] for key in a.keys} & {key.split(":", 1)[0] for key in b.keys})


def _take_in(title: Mention, other: Mention) -> None:
    """`title` becomes both. A title without an author is too little to be a key beside a stronger one."""
    works = title.keys if title.kind is not SourceKind.WORK or family_of(title.csl) else ()
    keys = (*other.keys, *works) if title.kind is SourceKind.WORK else (*title.keys, *other.keys)
    title.keys = tuple(dict.fromkeys(keys))
    title.csl = merged_csl(other.csl, title.csl) if _is_about(other) else merged_csl(title.csl, other.csl)
    title.kind = other.kind if title.kind is SourceKind.WORK else title.kind
    title.end, title.reach = max(title.end, other.end), max(title.reach, other.reach)
    title.place = title.place or other.place


def _resolve(mentions: Sequence[Mention]) -> None:
    """What is cited as author and year takes the name of the entry that the same text gives in full."""
    full = {
        ("+".join(families_of(one.csl)[:3]), year_of(one.csl)): one
        for one in reversed(mentions)
        if one.csl.get("title") and family_of(one.csl) and year_of(one.csl)
    }
    for one in mentions:
        short = ("+".join(families_of(one.csl)[:3]), year_of(one.csl))
        if one.kind is SourceKind.WORK and not one.csl.get("title") and short in full:
            one.keys, one.csl, one.kind = full[short].keys, full[short].csl, full[short].kind
