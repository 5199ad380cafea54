"""Blind votes: what moderators read in answers with nobody's judgement in sight.

Of one moderator on one text only the very first vote is one, and not where its moderator took it back. That a decision
has since set it aside, or its moderator revised it, changes nothing of what was read.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from archive.domain.ids import PublicId, UserId
from archive.domain.source_quality import Level
from archive.store.acts import Act, ActKind
from archive.store.base import Word
from archive.store.threads import Post, Thread
from archive.store.votes import BLIND, Vote

_Earlier = aliased(Vote)


class ReadingRow(NamedTuple):
    """A blind vote on a text that got several."""

    revision_id: int
    post: PublicId
    collection_id: int
    moderator: UserId
    level: Level
    at: datetime
    codebook_version: int


class TrialRow(NamedTuple):
    """A blind vote on a text for which something was suggested."""

    engine: str
    suggested: Level
    path: str
    level: Level


def readings(session: Session, *, collection: int | None, most: int) -> Sequence[ReadingRow]:
    """The blind votes on texts of public answers of which there are several: text by text, the oldest vote first.

    :param collection: its number; None for all.
    :param most: texts; the newest are taken. Of some all votes but one may turn out to have been taken back.
    """
    several = select(Vote.revision_id).where(Vote.blind, Vote.counts).group_by(Vote.revision_id)
    if collection is not None:
        several = several.join(Thread, Thread.id == Vote.thread_id).where(Thread.collection_id == collection)
    newest = several.having(func.count() > 1).order_by(Vote.revision_id.desc()).limit(most)
    query = (
        select(
            Vote.revision_id,
            Post.public_id,
            Thread.collection_id,
            Vote.moderator_id,
            Vote.level,
            Vote.at,
            Vote.codebook_version,
            and_(Vote.blind, Vote.counts, ~_is_taken_back()),
        )
        .join(Post, Post.id == Vote.post_id)
        .join(Thread, Thread.id == Vote.thread_id)
        .where(Vote.revision_id.in_(newest), Post.public)
        .order_by(Vote.revision_id, Vote.id)
    )
    # The first vote of each on a text is looked for here: the databases take seconds to find it by themselves.
    first: dict[tuple[int, UserId], ReadingRow | None] = {}
    for found in session.execute(query):
        row = ReadingRow(*found[:-1])
        first.setdefault((row.revision_id, row.moderator), row if found[-1] else None)
    return [row for row in first.values() if row is not None]


def count_trial(session: Session, *, engine: str, level: Level, path: str | None, newest: int) -> tuple[int, int]:
    """How many blind votes agreed with suggestions of one kind, and how many there are.

    :param path: None for any.
    :param newest: votes that are counted.
    """
    asked = {"engine": engine, "suggested": level, "newest": newest}
    asked |= {} if path is None else {"path": path}
    agreed, votes = session.execute(_count_trial(by_path=path is not None), asked).one()
    return agreed, votes


@cache
def _count_trial(*, by_path: bool) -> Select[int, int]:
    kind = [Vote.suggestion_engine == bindparam("engine"), Vote.suggested == bindparam("suggested")]
    if by_path:
        kind.append(Vote.path == bindparam("path"))
    newest = select(Vote.level).where(*kind, _is_first_reading()).order_by(Vote.id.desc()).limit(bindparam("newest"))
    levels = newest.subquery()
    agreed = levels.c.level == bindparam("suggested", type_=Word(Level))
    return select(func.count().filter(agreed), func.count()).select_from(levels)


def trial_rows(session: Session, *, most: int) -> Sequence[TrialRow]:
    """The blind votes on texts for which something was suggested, the first on each, the newest first."""
    query = (
        select(Vote.suggestion_engine, Vote.suggested, Vote.path, Vote.level)
        .where(Vote.suggestion_engine.is_not(None), Vote.suggested.is_not(None), _is_first_reading())
        .order_by(Vote.id.desc())
        .limit(most)
    )
    return [
        TrialRow(engine, suggested, path, level)
        for engine, suggested, path, level in session.execute(query)
        if engine is not None and suggested is not None
    ]


def _is_first_reading() -> ColumnElement[bool]:
    """Whether a vote is blind, and its moderator has not taken it back, nor had anybody read the text before."""
    read_before = exists().where(
        _Earlier.post_id == Vote.post_id,
        _Earlier.revision_id == Vote.revision_id,
        _Earlier.id < Vote.id,
        or_(_Earlier.moderator_id == Vote.moderator_id, and_(_Earlier.blind, _Earlier.counts)),
    )
    return and_(BLIND, Vote.counts, ~read_before, ~_is_taken_back())


def _is_taken_back() -> ColumnElement[bool]:
    return exists().where(Act.post_id == Vote.post_id, Act.what == Vote.id, Act.kind == ActKind.VOTE, Act.undone)
