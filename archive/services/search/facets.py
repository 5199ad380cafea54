"""What hits have in common, and how many have it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.services.search.wanted import Understood
from archive.services.views import Shares
from archive.store.searching.conditions import Place
from archive.store.searching.facets import author_names, cited_domains
from archive.store.searching.finding import Matched

_T = TypeVar("_T")
_MOST = 8  # of a list
_MOST_YEARS = 40
_ANSWER = PostKind.ANSWER.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """By what a search can be narrowed, each with how many of the counted hits that leaves."""

    counted: int  # hits, those received last
    levels: Shares  # of hits that are answers
    kinds: Sequence[tuple[str, int]]
    collections: Sequence[tuple[Place, int]]
    authors: Sequence[tuple[str, int]]
    years: Sequence[tuple[int, int]]  # in their order
    domains: Sequence[tuple[str, int]]  # that hits cite


NONE = Facets(counted=0, levels={}, kinds=(), collections=(), authors=(), years=(), domains=())


def facets_of(session: Session, understood: Understood, matched: Matched) -> Facets:
    """Count hits by what they have in common."""
    by_id = {place.id: place for place in understood.places}
    collections = Counter({by_id[id_]: n for id_, n in Counter(matched.collection_ids).items() if id_ in by_id})
    authors = Counter(matched.author_ids)
    del authors[None]
    by_name = Counter[str]()
    for id_, name in author_names(session, [id_ for id_, _ in authors.most_common(2 * _MOST) if id_]).items():
        by_name[name] += authors[id_]
    years = Counter(matched.years)
    levels = Counter(zip(matched.kinds, matched.levels, strict=True))
    of_answers = {level: posts for (kind, level), posts in levels.items() if kind == _ANSWER}
    return Facets(
        counted=len(matched.kinds),
        levels={None if level is None else Level(level): posts for level, posts in of_answers.items()},
        kinds=Counter(matched.kinds).most_common(),
        collections=_most(collections, lambda place: place.name),
        authors=_most(by_name, str),
        years=sorted((year, posts) for year, posts in years.items() if year is not None)[-_MOST_YEARS:],
        domains=cited_domains(session, matched.revision_ids, limit=_MOST) if of_answers else (),
    )


def _most(counted: Counter[_T], name: Callable[[_T], str]) -> Sequence[tuple[_T, int]]:
    """What is counted most; of what is counted alike, by name."""
    return sorted(counted.items(), key=lambda one: (-one[1], name(one[0])))[:_MOST]
