"""Writing citations: what a run of the engine found in some texts, in the place of what an earlier run found."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from archive.domain.sources.naming import fit_name
from archive.domain.sources.reference import Csl, Manner, Reference
from archive.store.bulk import insert_absent
from archive.store.checks import CitationCheck
from archive.store.parts import parts
from archive.store.sources import BY_PERSON, Citation, SourceKey
from archive.store.traces import Trace

_MOST_LOCATOR = 200  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class CitingText:
    """A text, and the works that it names."""

    thread_id: int
    post_id: int
    revision_id: int
    references: Sequence[Reference]


def names_in(text: CitingText) -> Iterable[str]:
    """All names that a text gives of works, as they are stored."""
    return (fit_name(key) for reference in text.references for key in reference.keys)


def replace_citations(session: Session, texts: Sequence[CitingText], *, engine: str) -> set[str]:
    """Store what was found, all of whose names are stored; names to which some text points anew, otherwise or no more.

    What an earlier run found at the same place stays the same citation, with its verdicts. What is found no more goes,
    unless somebody looked it up or supplied a reference for it: that is kept, and is not current. What a moderator
    named stays current, whatever is found.
    """
    before = _current(session, [text.revision_id for text in texts])
    new: list[_Values] = []
    touched: set[str] = set()
    for text in texts:
        old = before.get(text.revision_id, [])
        found = {(values.start, values.end, values.key): values for values in _values(text, engine)}
        for same in [citation for citation in old if (citation.start, citation.end, citation.key) in found]:
            _renew(same, found.pop((same.start, same.end, same.key)), old, touched)
        for values in found.values():
            beside = _beside(old, values)
            if beside is None:
                new.append(values)
                touched.add(values.key)
            else:
                _renew(beside, values, old, touched)
    gone = [citation for old in before.values() for citation in old if citation.engine != BY_PERSON]
    touched |= {citation.key for citation in gone}
    _let_go(session, gone)
    session.flush()
    insert_absent(session, Citation, [{**values._asdict(), "check_id": None} for values in new])
    return touched


def works_of(session: Session, names: Iterable[str]) -> set[int]:
    """The works that have these names."""
    works: set[int] = set()
    for part in parts(sorted(names)):
        works |= {*session.scalars(select(SourceKey.source_id).where(SourceKey.key.in_(part)))}
    return works


def _current(session: Session, revision_ids: Sequence[int]) -> dict[int, list[Citation]]:
    found: dict[int, list[Citation]] = {}
    for part in parts(revision_ids):
        query = select(Citation).where(Citation.revision_id.in_(part)).order_by(Citation.id)
        for citation in session.scalars(query):
            found.setdefault(citation.revision_id, []).append(citation)
    return found


class _Values(NamedTuple):
    """The columns of a citation, but for its number and its verdict."""

    thread_id: int
    post_id: int
    revision_id: int
    start: int
    end: int
    key: str
    keys: list[str]
    csl: Csl
    locator: str | None
    manner: Manner
    engine: str
    is_current: bool
    sealed: bool


def _values(text: CitingText, engine: str) -> Iterator[_Values]:
    for reference in text.references:
        keys = [fit_name(key) for key in reference.keys]
        yield _Values(
            thread_id=text.thread_id,
            post_id=text.post_id,
            revision_id=text.revision_id,
            start=reference.start,
            end=reference.end,
            key=keys[0],
            keys=keys,
            csl=reference.csl,
            locator=reference.locator and reference.locator[:_MOST_LOCATOR],
            manner=reference.manner,
            engine=engine,
            is_current=True,
            sealed=False,
        )


def _renew(citation: Citation, values: _Values, old: list[Citation], touched: set[str]) -> None:
    """Have a citation be what was found now; one that a moderator named stays as it is."""
    touched |= {citation.key, values.key}
    old.remove(citation)
    if citation.engine == BY_PERSON:
        return
    for column, value in values._asdict().items():
        setattr(citation, column, value)


def _beside(old: Sequence[Citation], values: _Values) -> Citation | None:
    """What an earlier run found there: the same name at a place that overlaps, or another name at the same place."""
    overlapping = [citation for citation in old if citation.start < values.end and values.start < citation.end]
    exact = [citation for citation in overlapping if (citation.start, citation.end) == (values.start, values.end)]
    named = [citation for citation in overlapping if citation.key == values.key]
    return next(iter(named), exact[0] if len(exact) == 1 else None)


def _let_go(session: Session, gone: Sequence[Citation]) -> None:
    for part in parts([citation.id for citation in gone]):
        looked_up = exists().where(CitationCheck.citation_id == Citation.id)
        traced = exists().where(Trace.citation_id == Citation.id)
        query = select(Citation.id).where(Citation.id.in_(part), or_(looked_up, traced))
        kept = {*session.scalars(query)}
        for citation in gone:
            if citation.id in kept:
                citation.is_current = False
        others = [id_ for id_ in part if id_ not in kept]
        session.execute(delete(Citation).where(Citation.id.in_(others)))
