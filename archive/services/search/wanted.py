"""What a search asks for, and how the archive understands it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.domain.searching import Filter, Ignored, Query, Term, parse
from archive.domain.searching.query import says_which
from archive.domain.searching.stems import NO_LANGUAGE
from archive.domain.searching.words import indexed
from archive.domain.source_quality import Level
from archive.services.sources.asked import CitedWork, cited_work
from archive.store.searching.conditions import Asking, Place, is_called
from archive.store.searching.dialects import dialect_of
from archive.store.searching.finding import Plan, plan
from archive.store.searching.forms import forms_of
from archive.store.searching.hits import places

_FOR_MODERATORS = frozenset({"by"})  # operators, where an archive does not name them


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a search asks for: words and operators, and filters that an address or a form has beside them."""

    text: str = ""
    levels: frozenset[Level | None] | None = None  # None in it: not yet tagged
    collection: str | None = None
    author: str | None = None

    @property
    def says_which(self) -> bool:
        """Whether it leaves anything out."""
        return _is_searched(parse(self.text), self.beside)

    @property
    def beside(self) -> tuple[Filter, ...]:
        """The filters beside the text."""
        filters = [] if self.levels is None else [Filter("quality", self.levels, "")]
        filters += [Filter("collection", self.collection, self.collection)] if self.collection else []
        filters += [Filter("author", self.author, self.author)] if self.author else []
        return tuple(filters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A search as the archive understands it."""

    query: Query
    beside: Sequence[Filter]
    places: Sequence[Place]  # collections that can be searched
    cited: Sequence[tuple[CitedWork, bool]]  # works that are named, each with whether it must be cited
    ignored: Sequence[Ignored]
    plan: Plan
    words: frozenset[str]  # that hits hold, in all their forms, as the indexes know them

    @property
    def is_searched(self) -> bool:
        """Whether it says what to look for, and not only what not."""
        return _is_searched(self.query, self.beside)

    @property
    def has_endings(self) -> bool:
        """Whether words are found in their other endings in some collection."""
        return any(place.language != NO_LANGUAGE for place in self.places)


def understand(session: Session, wanted: Wanted, *, names: bool = False) -> Understood:
    """Make of a search what the database can be asked.

    :param names: whether whoever asks sees the names of moderators.
    """
    query = parse(wanted.text, without=frozenset() if names else _FOR_MODERATORS)
    return understood(session, query, wanted.beside)


def understood(session: Session, query: Query, beside: Sequence[Filter] = ()) -> Understood:
    """The same, of a search that was read already, and of filters beside it."""
    known = places(session)
    works = {one.value: cited_work(session, one.value) for one in query.filters if one.operator == "cites"}
    forms = forms_of(session, _inflected(query), {place.language for place in known} or {NO_LANGUAGE})
    asking = Asking(
        dialect=dialect_of(session),
        places=known,
        works={value: work.as_filter for value, work in works.items()},
        expand=_expander(forms),
    )
    return Understood(
        query=query,
        beside=beside,
        places=known,
        cited=[(works[one.value], one in query.wanted_filters) for one in query.filters if one.operator == "cites"],
        ignored=(*query.ignored, *_unknown_places(query, known)),
        plan=plan(asking, (*query.clauses, *beside)),
        words=frozenset(_words(query, forms)),
    )


def _is_searched(query: Query, beside: Sequence[Filter]) -> bool:
    """Whether something is looked for. What was typed and holds nothing that can be leaves out everything."""
    if query.text.strip() and not query.clauses:
        return False
    return any(map(says_which, (*query.clauses, *beside)))


_Forms = Mapping[tuple[str, str], Sequence[str]]


def _inflected(query: Query) -> set[str]:
    return {indexed(term.words[0]) for term in query.terms if not term.exact}


def _expander(forms: _Forms) -> Callable[[str], Callable[[Term], Sequence[str]]]:
    def of_language(language: str) -> Callable[[Term], Sequence[str]]:
        return lambda term: () if term.exact else forms[language, indexed(term.words[0])]

    return of_language


def _words(query: Query, forms: _Forms) -> set[str]:
    found: set[str] = set()
    inflected = {indexed(term.words[0]) for term in query.wanted if not term.exact}
    for (_language, word), some in forms.items():
        found |= {*some} if word in inflected else set()
    return found | {indexed(word) for term in query.wanted if term.exact for word in term.words}


def _unknown_places(query: Query, known: Sequence[Place]) -> list[Ignored]:
    """What is said of collections that there are not."""
    asked = {one.value: one for one in query.filters if one.operator == "collection"}
    return [
        Ignored(f"collection:{one.text}", f"There is no collection called “{value}”, so it has no posts.")
        for value, one in asked.items()
        if not any(is_called(place, value) for place in known)
    ]
