"""Which two works may be one: proposals for a person, who merges or dismisses them."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from typing import NamedTuple

from archive.domain.sources.works import RECORDS, family_of, fold, fold_title

_LEAST_TITLE = 2  # words of a title that two works hardly share by chance
_MOST_ALIKE = 60  # works of one title, or of one family name, that are compared with each other
_ALMOST = 0.8  # of the letters of a name, in their order: “Kruschev” and “Khrushchev”
_ALMOST_TITLE = 0.9
_NUMBERS = re.compile(r"\b(?:\d+|[ivx]+)\b")
_OF_ONESELF = frozenset({"memoirs", "autobiography"})


class DoubtfulPair(NamedTuple):
    """Two works that may be one, and why, in a sentence."""

    a: str
    b: str
    why: str


class _Work(NamedTuple):
    name: str
    family: str
    title: str
    main: str  # the title as far as its colon


_Judge = Callable[[_Work, _Work], str | None]


def doubtful_pairs(works: Iterable[tuple[str, Mapping[str, object]]]) -> Iterator[DoubtfulPair]:
    """Yield the pairs in question, each once.

    :param works: a key, or any other name of a work, and its CSL; no two of them are known to be one.
    """
    by_title: dict[str, list[_Work]] = defaultdict(list)
    by_family: dict[str, list[_Work]] = defaultdict(list)
    for name, csl in works:
        said = str(csl.get("title") or "")
        title = fold_title(said) or RECORDS.get(fold(str(csl.get("genre") or "")), "")
        if title:
            work = _Work(name, family_of(csl), RECORDS.get(title, title), fold_title(said.split(":", maxsplit=1)[0]))
            by_title[work.title].append(work)
            if work.family:
                by_family[work.family].append(work)
    seen: set[tuple[str, str]] = set()
    for group, judge in ((by_title, _of_one_title), (by_family, _of_one_family)):
        for alike in group.values():
            yield from _pairs(alike, judge, seen)


def _pairs(alike: Sequence[_Work], judge: _Judge, seen: set[tuple[str, str]]) -> Iterator[DoubtfulPair]:
    for one, other in combinations(alike[:_MOST_ALIKE], 2):
        a, b = sorted((one.name, other.name))
        if (a, b) not in seen and (why := judge(one, other)):
            seen.add((a, b))
            yield DoubtfulPair(a, b, why)


def _of_one_title(one: _Work, other: _Work) -> str | None:
    if len(one.title.split()) < _LEAST_TITLE and not (one.family and other.family):
        return None
    if not one.family or not other.family:
        return "They have one title, and one of them names no author."
    if one.family != other.family and _alike(one.family, other.family, _ALMOST):
        return "They have one title, and the names of their authors differ by a few letters."
    return None


def _of_one_family(one: _Work, other: _Work) -> str | None:
    if one.title == other.title:
        return None
    if {one.title, other.title} == _OF_ONESELF:
        return "They have one author, and both are what that author wrote of his or her own life."
    if one.main == other.title or other.main == one.title:
        return "They have one author, and the title of one begins the other."
    if _NUMBERS.findall(one.title) == _NUMBERS.findall(other.title) and _alike(one.title, other.title, _ALMOST_TITLE):
        return "They have one author, and titles that differ by a few letters."
    return None


def _alike(one: str, other: str, least: float) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least and matcher.ratio() >= least
