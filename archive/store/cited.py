"""Queries behind what pages show of the citations of answers, and of the verdicts on them.

Shown are those that the newest run of the engine found, and those on which somebody decided whatever it found since.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from archive.domain.checking import Standing
from archive.domain.ids import PublicId
from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.domain.sources import display_title
from archive.domain.sources.reference import Manner, SourceKind
from archive.domain.sources.verdicts import Verdict
from archive.store.checks import CitationCheck
from archive.store.parts import parts
from archive.store.sources import Citation, Source, SourceKey
from archive.store.threads import Author, Post, Revision
from archive.store.users import User

OFFERED = (Manner.CONSULTED, Manner.VIA)  # manners of a reference that is offered as such


class CitedRow(NamedTuple):
    """A citation with its work and the verdict in force."""

    id: int
    post_id: int
    revision_id: int
    start: int  # characters of the revision
    end: int  # characters, exclusive
    key: str
    locator: str | None
    manner: Manner
    csl: dict[str, Any]  # what this text says of the work
    source_id: int
    source: PublicId
    kind: SourceKind
    title: str  # as public answers say it; where none does any more, as this text does
    has_page: bool  # whether readers can see the page of the work: an answer points to it as texts are read now
    check_id: int | None
    verdict: Verdict | None  # None: unchecked
    note: str | None
    by: str | None
    at: datetime | None


def shown() -> ColumnElement[bool]:
    """SQL: whether a citation is shown with its text."""
    return ~Citation.sealed & or_(Citation.is_current, Citation.check_id.is_not(None))


def citations_of(session: Session, revision_ids: Iterable[int]) -> Sequence[CitedRow]:
    """The citations of texts, in the order in which they stand there."""
    found: list[CitedRow] = []
    for part in parts(list(revision_ids)):
        rows = session.connection().execute(_citations(), {"revisions": part}).all()
        found += [_titled(CitedRow._make(row)) for row in rows]
    return found


@cache
def _citations() -> Any:
    return (
        select(
            Citation.id,
            Citation.post_id,
            Citation.revision_id,
            Citation.start,
            Citation.end,
            Citation.key,
            Citation.locator,
            Citation.manner,
            Citation.csl,
            Source.id,
            Source.public_id,
            Source.kind,
            Source.title,
            Source.answers > 0,
            Citation.check_id,
            CitationCheck.verdict,
            CitationCheck.note,
            User.name,
            CitationCheck.at,
        )
        .join(SourceKey, SourceKey.key == Citation.key)
        .join(Source, Source.id == SourceKey.source_id)
        .outerjoin(CitationCheck, CitationCheck.id == Citation.check_id)
        .outerjoin(User, User.id == CitationCheck.moderator_id)
        .where(Citation.revision_id.in_(bindparam("revisions", expanding=True)), shown())
        .order_by(Citation.revision_id, Citation.start, Citation.end, Citation.id)
    )


def works_as_shown(session: Session, thread_id: int) -> Sequence[Any]:
    """What pages of a thread show of the works that it cites and other threads can change, in a total order."""
    return session.connection().execute(_WORKS, {"thread_id": thread_id}).all()


_WORKS = (
    select(Source.public_id, Source.kind, Source.title, Source.answers > 0)
    .join(SourceKey, SourceKey.source_id == Source.id)
    .join(Citation, Citation.key == SourceKey.key)
    .where(Citation.thread_id == bindparam("thread_id"), Citation.is_current)
    .distinct()
    .order_by(Source.public_id)
)


def _titled(row: CitedRow) -> CitedRow:
    return row if row.has_page else row._replace(title=display_title(row.csl))


class CitingText(NamedTuple):
    """A post of a thread whose text, as readers see it, points to works."""

    revision_id: int
    post_id: int
    post: PublicId
    by: str | None
    level: Level | None


def citing_texts(session: Session, thread_id: int, *, limit: int) -> Sequence[CitingText]:
    """The public posts of a thread that point to works, in reading order."""
    points = exists().where(Citation.revision_id == Revision.id, shown())
    query = (
        select(Revision.id, Post.id, Post.public_id, func.coalesce(Author.name, Post.byline), Post.level)
        .join(Revision, (Revision.post_id == Post.id) & Revision.is_current)
        .outerjoin(Author, Author.id == Post.author_id)
        .where(Post.thread_id == thread_id, Post.public, Post.takedown_id.is_(None), points)
        .order_by(Post.position, Post.id)
        .limit(limit)
    )
    return [CitingText._make(row) for row in session.execute(query)]


def said_of_works(session: Session, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By work, what all public answers together say of it; works to which none points are left out."""
    found: dict[int, dict[str, Any]] = {}
    for part in parts(ids):
        query = select(Source.id, Source.csl).where(Source.id.in_(part), Source.answers > 0)
        found.update({number: csl for number, csl in session.execute(query)})  # noqa: C416 - typed so
    return found


def standings_of(session: Session, revision_ids: Iterable[int]) -> dict[int, list[Standing]]:
    """By text, the verdicts in force on the references that it offers; one for each citation."""
    found: dict[int, list[Standing]] = {}
    for part in parts(list(revision_ids)):
        rows = session.connection().execute(_standings(), {"revisions": part}).all()
        for revision_id, work, locator, verdict in rows:
            found.setdefault(revision_id, []).append(Standing(work, locator, verdict or Verdict.UNCHECKED))
    return found


@cache
def _standings() -> Any:
    return (
        select(Citation.revision_id, SourceKey.source_id, Citation.locator, CitationCheck.verdict)
        .join(SourceKey, SourceKey.key == Citation.key)
        .outerjoin(CitationCheck, CitationCheck.id == Citation.check_id)
        .where(Citation.revision_id.in_(bindparam("revisions", expanding=True)), _counts())
        .order_by(Citation.revision_id, Citation.start, Citation.id)
    )


def looked_up_by_thread(session: Session, thread_ids: Sequence[int], looked_up: Iterable[Verdict]) -> dict[int, int]:
    """How many cited answers of each thread have a reference that somebody looked up."""
    query = (
        select(Post.thread_id, func.count(Post.id.distinct()).label("answers"))
        .join(Revision, (Revision.post_id == Post.id) & Revision.is_current)
        .join(Citation, Citation.revision_id == Revision.id)
        .join(CitationCheck, CitationCheck.id == Citation.check_id)
        .where(
            Post.thread_id.in_(thread_ids),
            Post.public,
            Post.kind == PostKind.ANSWER,
            Post.takedown_id.is_(None),
            Post.level.in_([level for level in Level if level.sourced]),
            CitationCheck.verdict.in_(list(looked_up)),
            _counts(),
        )
        .group_by(Post.thread_id)
    )
    return {row.thread_id: row.answers for row in session.execute(query)}


def _counts() -> ColumnElement[bool]:
    """SQL: whether a citation is one that its answer stands on, or that somebody looked up all the same."""
    return shown() & or_(Citation.manner.in_(OFFERED), CitationCheck.verdict != Verdict.UNCHECKED)
