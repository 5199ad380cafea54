"""How many public answers have each level: of threads, of collections, of an author."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.store.pages import SHOWN
from archive.store.threads import Post, Thread

_IS_ANSWER = Post.public & (Post.kind == PostKind.ANSWER) & Post.takedown_id.is_(None)


def shares_by_thread(session: Session, thread_ids: Sequence[int]) -> dict[int, dict[Level | None, int]]:
    """Public answers of threads, by decided level."""
    query = (
        select(Post.thread_id, Post.level, func.count())
        .where(_IS_ANSWER, Post.thread_id.in_(thread_ids))
        .group_by(Post.thread_id, Post.level)
    )
    shares: dict[int, dict[Level | None, int]] = {}
    for thread_id, level, count in session.execute(query):
        shares.setdefault(thread_id, {})[level] = count
    return shares


@dataclass(frozen=True, slots=True)
class ShareRow:
    """Public answers of one level in one collection."""

    collection_id: int
    level: Level | None
    answers: int
    first_posted: datetime | None
    last_posted: datetime | None


def share_rows(session: Session, *, collection_id: int | None = None) -> Sequence[ShareRow]:
    """Public answers by collection and decided level, and between when they were posted."""
    query = (
        select(Thread.collection_id, Post.level, func.count(), func.min(Post.posted_at), func.max(Post.posted_at))
        .join(Thread, Thread.id == Post.thread_id)
        .where(_IS_ANSWER)
        .group_by(Thread.collection_id, Post.level)
    )
    query = query if collection_id is None else query.where(Thread.collection_id == collection_id)
    return [ShareRow(*row) for row in session.execute(query)]


def shares_of_author(session: Session, author_id: int) -> dict[Level | None, int]:
    """An author's public answers, by decided level."""
    query = select(Post.level, func.count().label("answers")).where(SHOWN, _IS_ANSWER, Post.author_id == author_id)
    return {row.level: row.answers for row in session.execute(query.group_by(Post.level))}
