"""What follows of works from the answers that cite them: counts, and what is said of them.

Only current texts of public answers count. Nothing else is shown, so that no draft says anything of a work.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import case, func, select, text
from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.domain.records import PostKind
from archive.domain.sources import display_title, merged_csl
from archive.domain.sources.naming import by_strength, family_key, fit_name, host_of, kind_of, title_key, words_of
from archive.domain.sources.reference import Csl, Manner
from archive.store.parts import parts
from archive.store.source_names import citing_lock
from archive.store.sources import Citation, Source, SourceKey
from archive.store.threads import Post, Revision

MOST_SAID = 50  # citations of one work from which is taken what is said of it, the first ones
_MOST_TITLE = 300  # characters
_NOTHING_SAID: tuple[Csl, list[str]] = ({}, [])  # of a work to which no public answer points (any more)


class Counts(NamedTuple):
    """How many answers point to a work."""

    answers: int
    from_memory: int  # those of them that only remember it


def of_public(query: Any) -> Any:
    """A query of citations, with those alone that readers may see, their names, and their posts."""
    return (
        query.select_from(Citation)
        .join(SourceKey, SourceKey.key == Citation.key)
        .join(Revision, Revision.id == Citation.revision_id)
        .join(Post, Post.id == Citation.post_id)
        .where(Citation.is_current, Revision.is_current, Post.public, Post.kind == PostKind.ANSWER)
    )


def recount(session: Session, works: Iterable[int]) -> set[int]:
    """Bring works in line with the answers that cite them now; those that have another title or author by that."""
    renamed: set[int] = set()
    for part in parts(sorted(set(works))):
        counts, said = count(session, part), {work: _said(rows) for work, rows in _first_citations(session, part)}
        for work in session.scalars(select(Source).where(Source.id.in_(part)).order_by(Source.id)):
            work.answers, work.from_memory = counts.get(work.id, Counts(0, 0))
            before = work.title_key, work.family_key
            _describe(work, *said.get(work.id, _NOTHING_SAID))
            if work.id in said and (work.title_key, work.family_key) != before:
                renamed.add(work.id)
        session.flush()
    return renamed


def wrong_works(session: Session) -> Iterator[PublicId]:
    """Yield the addresses of works of which something else is said or counted than follows from public answers."""
    for part in parts(session.scalars(select(Source.id).order_by(Source.id)).all()):
        counts, said = count(session, part), {work: _said(rows) for work, rows in _first_citations(session, part)}
        for work in session.scalars(select(Source).where(Source.id.in_(part)).order_by(Source.id)):
            is_counted = Counts(work.answers, work.from_memory) == counts.get(work.id, Counts(0, 0))
            is_said = (dict(work.csl), work.names) == said.get(work.id, _NOTHING_SAID)
            if not is_counted or not is_said or (work.id not in said and (work.title or work.words)):
                yield work.public_id
        session.expunge_all()


def recount_threads(session: Session, thread_ids: Sequence[int]) -> None:
    """The same of all works that are cited in threads."""
    citing_lock(session)
    works: set[int] = set()
    for part in parts(thread_ids):
        query = select(SourceKey.source_id).join(Citation, Citation.key == SourceKey.key)
        works |= {*session.scalars(query.where(Citation.thread_id.in_(part)).distinct())}
    recount(session, works)


def recount_touched(session: Session) -> None:
    """The same of all works that are cited in the threads that a batch touches."""
    citing_lock(session)
    recount(session, session.scalars(_CITED_IN_TOUCHED).all())


def count(session: Session, works: Sequence[int]) -> dict[int, Counts]:
    """By work, how many public answers point to it; none where there are none."""
    by_answer = (
        of_public(
            select(
                SourceKey.source_id.label("work"),
                Citation.post_id,
                func.min(case((Citation.manner == Manner.RECALLED, 1), else_=0)).label("remembered"),
            )
        )
        .where(SourceKey.source_id.in_(works))
        .group_by(SourceKey.source_id, Citation.post_id)
        .subquery()
    )
    query = select(by_answer.c.work, func.count(), func.sum(by_answer.c.remembered)).group_by(by_answer.c.work)
    return {work: Counts(answers, remembered) for work, answers, remembered in session.execute(query)}


class _Row(NamedTuple):
    """What one citation says of its work."""

    work: int
    keys: list[str]
    csl: Csl


def _first_citations(session: Session, works: Sequence[int]) -> Iterator[tuple[int, Iterator[_Row]]]:
    place = func.row_number().over(partition_by=SourceKey.source_id, order_by=Citation.id)
    numbered = select(Citation.id, SourceKey.source_id.label("work"), place.label("place"))
    first = of_public(numbered).where(SourceKey.source_id.in_(works)).subquery()
    query = (
        select(first.c.work, Citation.keys, Citation.csl)
        .join(Citation, Citation.id == first.c.id)
        .where(first.c.place <= MOST_SAID)
        .order_by(first.c.work, first.c.id)
    )
    rows = (_Row(*row) for row in session.execute(query))
    return groupby(rows, key=lambda row: row.work)


def _said(rows: Iterable[_Row]) -> tuple[Csl, list[str]]:
    csl: Csl = {}
    names: dict[str, None] = {}
    for row in rows:
        csl = merged_csl(csl, row.csl)
        names |= dict.fromkeys(map(fit_name, row.keys))
    return csl, by_strength(names)


def _describe(work: Source, csl: Csl, names: list[str]) -> None:
    work.csl, work.names = dict(csl), [*names]
    work.title_key, work.family_key = title_key(csl), family_key(csl)
    work.domain = host_of(names)
    work.title, work.words = (display_title(csl)[:_MOST_TITLE], words_of(csl, names)) if names else ("", "")
    if names:
        work.kind = kind_of(names[0])


_CITED_IN_TOUCHED = text("""
    SELECT DISTINCT source_key.source_id FROM citation JOIN source_key ON source_key.key = citation.key
    WHERE citation.thread_id IN (SELECT id FROM touched_thread)
""")
