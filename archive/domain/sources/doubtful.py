"""Which two works may be one: proposals for a person, who merges or dismisses them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from archive.domain.sources.works import family_of, fold_title


class DoubtfulPair(NamedTuple):
    """Two works that may be one, and why, in a sentence."""

    a: str
    b: str
    why: str


def doubtful_pairs(works: Iterable[tuple[str, Mapping[str, object]]]) -> Iterator[DoubtfulPair]:
    """Yield the pairs in question, each once.

    :param works: a key, or any other name of a work, and its CSL.
    """
    by_title: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for name, csl in works:
        if title := fold_title(str(csl.get("title") or "")):
            by_title[title].append((name, family_of(csl)))
    for alike in by_title.values():
        nameless = [name for name, family in alike if not family]
        named = [name for name, family in alike if family]
        if len(named) == 1:
            for name in nameless:
                a, b = sorted((named[0], name))
                yield DoubtfulPair(a, b, "They have one title, and one of them names no author.")
