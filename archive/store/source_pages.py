"""Queries behind the index of works and the page of one. Every list has a total order and a limit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from archive.domain.ids import PublicId
from archive.domain.sources.reference import SourceKind
from archive.store.searching.conditions import Citing
from archive.store.source_counts import of_public
from archive.store.source_merges import SourceMerge
from archive.store.sources import Citation, Source, SourceKey
from archive.store.threads import Post
from archive.store.users import User

_Other = aliased(Source)
_MOST_STEPS = 100  # works that went one into the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which works a list holds."""

    kind: SourceKind | None = None
    domain: str | None = None
    words: Sequence[str] = ()  # folded; the beginnings of words in its title, authors or names


class AnswerRow(NamedTuple):
    """An answer that points to a work."""

    post_id: int
    remembers: bool  # whether it does no more than remember it


def list_works(session: Session, wanted: Wanted, *, after: Source | None, limit: int) -> Sequence[Source]:
    """Works by how many answers point to them; of those that are alike in that, the one named first comes first."""
    query = select(Source).where(*_shown(wanted))
    if after is not None:
        behind = and_(Source.answers == after.answers, Source.id > after.id)
        query = query.where(or_(Source.answers < after.answers, behind), Source.answers <= after.answers)
    return session.scalars(query.order_by(Source.answers.desc(), Source.id).limit(limit)).all()


def count_works(session: Session, wanted: Wanted) -> int:
    """How many there are."""
    return session.scalar(select(func.count()).select_from(Source).where(*_shown(wanted))) or 0


def count_by_kind(session: Session, wanted: Wanted) -> Mapping[SourceKind, int]:
    """By kind, how many works there would be if that kind were wanted."""
    query = select(Source.kind, func.count()).where(*_shown(replace(wanted, kind=None))).group_by(Source.kind)
    return {kind: works for kind, works in session.execute(query)}  # noqa: C416 - typed so


def common_domains(session: Session, wanted: Wanted, *, limit: int) -> Sequence[tuple[str, int]]:
    """Where on the web most works lie, and how many there would be if that place were wanted."""
    works = func.count()
    shown = _shown(replace(wanted, domain=None))
    query = select(Source.domain, works).where(*shown, Source.domain.is_not(None)).group_by(Source.domain)
    rows = session.execute(query.order_by(works.desc(), Source.domain).limit(limit))
    return [(str(domain), count) for domain, count in rows]


def find_work(session: Session, public_id: str) -> Source | None:
    """The work at an address, or the one into which it went."""
    work = session.scalar(select(Source).where(Source.public_id == public_id))
    for _ in range(_MOST_STEPS):
        if work is None or work.merged_into_id is None:
            break
        work = session.get(Source, work.merged_into_id)
    return work


def find_by_name(session: Session, names: Sequence[str]) -> Source | None:
    """The first work that readers see and that has one of these names."""
    query = select(Source).join(SourceKey, SourceKey.source_id == Source.id)
    return session.scalar(query.where(SourceKey.key.in_(names), Source.answers > 0).order_by(Source.id).limit(1))


def list_answers(session: Session, work: int, *, after: AnswerRow | None, limit: int) -> Sequence[AnswerRow]:
    """The public answers that point to a work: first those that cite it, then those that remember it; newest first."""
    remembers = func.min(case((Citation.manner == "recalled", 1), else_=0))
    query = of_public(select(Citation.post_id, remembers)).where(SourceKey.source_id == work).group_by(Citation.post_id)
    if after is not None:
        behind: ColumnElement[bool] = and_(remembers == int(after.remembers), Citation.post_id < after.post_id)
        query = query.having(or_(remembers > int(after.remembers), behind))
    rows = session.execute(query.order_by(remembers, Citation.post_id.desc()).limit(limit))
    return [AnswerRow(post_id, bool(remembered)) for post_id, remembered in rows]


def answer_row(session: Session, work: int, post: str) -> AnswerRow | None:
    """How a post points to a work; None where it does not."""
    remembers = func.min(case((Citation.manner == "recalled", 1), else_=0))
    query = of_public(select(Citation.post_id, remembers)).group_by(Citation.post_id)
    row = session.execute(query.where(SourceKey.source_id == work, Post.public_id == post)).one_or_none()
    return None if row is None else AnswerRow(row[0], bool(row[1]))


def citations_of(session: Session, work: int, post_ids: Sequence[int]) -> Mapping[int, Sequence[Citation]]:
    """By answer, where it points to a work, in the order of its text."""
    query = of_public(select(Citation)).where(SourceKey.source_id == work, Citation.post_id.in_(post_ids))
    found: dict[int, list[Citation]] = {}
    for citation in session.scalars(query.order_by(Citation.post_id, Citation.start, Citation.id)):
        found.setdefault(citation.post_id, []).append(citation)
    return found


class CitingRow(NamedTuple):
    """Where an answer points to a work."""

    citation: Citation
    work: Source


def citations_asked(session: Session, post_ids: Sequence[int], asked: Sequence[Citing]) -> Sequence[CitingRow]:
    """Where these answers point to works that a search says they must cite, in the order of their texts."""
    meant: list[ColumnElement[bool]] = [
        and_(*([Source.id == one.work] if one.work is not None else []), *said_of(one.words))
        for one in asked
        if one.work is not None or one.words
    ]
    if not meant:
        return []
    query = of_public(select(Citation, Source)).join(Source, Source.id == SourceKey.source_id)
    query = query.where(Citation.post_id.in_(post_ids), or_(*meant), Source.answers > 0)
    return [CitingRow(*row) for row in session.execute(query.order_by(Citation.post_id, Citation.start, Citation.id))]


def count_by_name(session: Session, work: int) -> Mapping[str, int]:
    """By name of a work, how many public answers point to it under that name before all others."""
    query = of_public(select(Citation.key, func.count(func.distinct(Citation.post_id))))
    rows = session.execute(query.where(SourceKey.source_id == work).group_by(Citation.key))
    return {str(name): int(answers) for name, answers in rows}


class MergeRow(NamedTuple):
    """A decision on two works."""

    decision: SourceMerge
    by: str | None  # None: a text names both
    work: PublicId
    other: PublicId


def list_merges(session: Session, work: int, *, limit: int) -> Sequence[MergeRow]:
    """What was decided on a work, newest first."""
    query = (
        select(SourceMerge, User.name, Source.public_id, _Other.public_id)
        .join(Source, Source.id == SourceMerge.source_id)
        .join(_Other, _Other.id == SourceMerge.other_id)
        .outerjoin(User, User.id == SourceMerge.by_id)
        .where(or_(SourceMerge.source_id == work, SourceMerge.other_id == work))
        .order_by(SourceMerge.id.desc())
        .limit(limit)
    )
    return [MergeRow(*row) for row in session.execute(query)]


def said_of(wanted_words: Sequence[str]) -> list[Any]:
    """SQL: whether something is said of a work with all of these words, or words that begin so."""
    return [Source.words.contains(f" {word}", autoescape=True) for word in wanted_words]


def _shown(wanted: Wanted) -> list[Any]:
    conditions: list[Any] = [Source.answers > 0, *said_of(wanted.words)]
    if wanted.kind is not None:
        conditions.append(Source.kind == wanted.kind)
    if wanted.domain is not None:
        conditions.append(Source.domain == wanted.domain)
    return conditions
