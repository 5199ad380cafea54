"""Several names of one work in one place become one: a title and its link, its DOI, its ISBN."""

import re
from collections.abc import Sequence

from archive.domain.sources.csl import merged_csl
from archive.domain.sources.named_works import NamedWork
from archive.domain.sources.one_citation import is_where_it_appeared, title_before
from archive.domain.sources.reference import SourceKind
from archive.domain.sources.works import families_of, family_of, fold, work_keys, year_of

_NUMBERS = frozenset(
    {SourceKind.DOI, SourceKind.ISBN, SourceKind.ARXIV, SourceKind.JSTOR, SourceKind.PMID, SourceKind.OCLC}
)
_LONGEST_LINK = 600  # characters of its words

# What may stand between a title and its link or number: marks, the edition, its kind of number. Other words end it.
_GAP = r"[ ,:()\[\]<*_\"”'’–—-]{0,8}"
_EDITION = (
    r"(?:(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|fourth|revised|new|rev\.)\s(?:edition|edn?\.?)|paperback"
    r"|hardcover|pdf)?"
)
_CALLED = (
    r"(?:(?:[.;]\s)?(?:available|retrieved|accessed|online|at|from|link|url|doi|pmc?id|isbn(?:-1[03])?|oclc|jstor"
    r"|arxiv|source)\b[ :#]{0,3}){0,4}"
)
_TO_NAME = re.compile(rf"{_GAP}{_EDITION}{_GAP}{_CALLED}(?:\n|:\n\n)?{_GAP}", re.IGNORECASE)
_TO_NUMBER = re.compile(
    r"[ \t,;.()\[\]|/]{0,8}\n?(?:e?-?issn|doi|pmc?id|isbn|oclc|jstor|arxiv)?[ \t:#]{0,4}", re.IGNORECASE
)


def join(own: str, named_works: Sequence[NamedWork]) -> list[NamedWork]:
    """Return the works, each once in a place, in order of their start."""
    ordered = sorted(_without_overlaps(named_works), key=lambda one: (one.start, one.end))
    joined: list[NamedWork] = []
    for named_work in ordered:
        if joined and _is_one(own, joined[-1], named_work):
            _take_in(joined[-1], named_work)
        else:
            _name_by_what_leads_to(own, joined[-1].reach if joined else 0, named_work)
            joined.append(named_work)
    _resolve(joined)
    return joined


def _without_overlaps(named_works: Sequence[NamedWork]) -> list[NamedWork]:
    """Titles inside a number, a passage or an entry are no works of their own."""
    strong = [one for one in named_works if one.kind is not SourceKind.WORK]
    works = [one for one in named_works if one.kind is SourceKind.WORK]
    taken = [(one.start, one.end) for one in strong if one.kind is not SourceKind.URL]
    kept: list[NamedWork] = []
    reached = 0
    for work in sorted(works, key=lambda one: (one.start, -one.end)):
        inside = any(start < work.end and work.start < end for start, end in taken)
        if not inside and work.start >= reached:
            kept.append(work)
            reached = work.reach
    return strong + kept


def _is_one(own: str, title: NamedWork, other: NamedWork) -> bool:
    """Whether what follows a named work is only another name of the same work."""
    if title.kind is SourceKind.WORK and other.kind in (*_NUMBERS, SourceKind.URL):
        return _is_linked(own, title, other) or (
            _TO_NAME.fullmatch(own, title.reach, other.start) is not None
            or is_where_it_appeared(own[title.reach : other.start], in_journal="container-title" in title.csl)
            if title.reach <= other.start
            else title.is_entry and not _shares_scheme(title, other)
        )
    if title.kind in _NUMBERS and other.kind in (*_NUMBERS, SourceKind.URL):
        between = own[title.end : other.start]
        if between == "](" and title.keys[0] in other.keys:
            return True
        return not _shares_scheme(title, other) and (title.is_entry or _TO_NUMBER.fullmatch(between) is not None)
    return False


def _name_by_what_leads_to(own: str, earliest: int, address: NamedWork) -> None:
    """An address with no title of its own takes the one that stands right before it."""
    if (
        address.kind is not SourceKind.URL
        or "title" in address.csl
        or own[address.start - 1 : address.start] not in " (<"
    ):
        return
    if (before := title_before(own, earliest, address.start)) is not None:
        address.start, address.csl = before.start, {**address.csl, **before.csl}
        address.keys = (*address.keys, *work_keys(before.csl))


def _is_linked(own: str, title: NamedWork, address: NamedWork) -> bool:
    """Whether the title stands in the words of the link."""
    if own[address.start - 2 : address.start] != "](":
        return False
    bracket = own.rfind("[", max(0, address.start - _LONGEST_LINK), title.start + 1)
    return (
        bracket >= 0
        and "](" not in own[bracket : address.start - 2]
        and (not _is_about(address) or fold(str(title.csl.get("title"))) in _names_of(address))
    )


def _is_about(address: NamedWork) -> bool:
    """Whether a page tells of works and is none of them."""
    return address.csl.get("type") == "entry-encyclopedia"


def _names_of(page: NamedWork) -> list[str]:
    return [fold(str(page.csl.get(field, ""))) for field in ("title", "container-title")]


def _shares_scheme(a: NamedWork, b: NamedWork) -> bool:
    return bool({key.split(":", 1)[0] for key in a.keys} & {key.split(":", 1)[0] for key in b.keys})


def _take_in(title: NamedWork, other: NamedWork) -> None:
    """`title` becomes both. A title without an author is too little to be a key beside a stronger one."""
    works = title.keys if title.kind is not SourceKind.WORK or family_of(title.csl) else ()
    keys = (*other.keys, *works) if title.kind is SourceKind.WORK else (*title.keys, *other.keys)
    title.keys = tuple(dict.fromkeys(keys))
    title.csl = merged_csl(other.csl, title.csl) if _is_about(other) else merged_csl(title.csl, other.csl)
    title.kind = other.kind if title.kind is SourceKind.WORK else title.kind
    title.end, title.reach = max(title.end, other.end), max(title.reach, other.reach)
    title.place = title.place or other.place


def _resolve(named_works: Sequence[NamedWork]) -> None:
    """What is cited as author and year takes the name of the entry that the same text gives in full."""
    full = {
        ("+".join(families_of(one.csl)[:3]), year_of(one.csl)): one
        for one in reversed(named_works)
        if one.csl.get("title") and family_of(one.csl) and year_of(one.csl)
    }
    for one in named_works:
        short = ("+".join(families_of(one.csl)[:3]), year_of(one.csl))
        if one.kind is SourceKind.WORK and not one.csl.get("title") and short in full:
            one.keys, one.csl, one.kind = full[short].keys, full[short].csl, full[short].kind
