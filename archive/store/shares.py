"""How many public answers have each level: of threads, of collections, of an author."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.store.pages import SHOWN
from archive.store.threads import DECIDED, Post, Thread

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


def decided_by_collection(session: Session, *, collection_id: int | None = None) -> dict[int, dict[Level, int]]:
    """Public answers that have a tag, by collection and level: as many rows are read as there are tags."""
    query = (
        select(Thread.collection_id, Post.level, func.count())
        .join(Thread, Thread.id == Post.thread_id)
        .where(text(DECIDED))
        .group_by(Thread.collection_id, Post.level)
    )
    query = query if collection_id is None else query.where(Thread.collection_id == collection_id)
    decided: dict[int, dict[Level, int]] = {}
    for number, level, count in session.execute(query):
        if level is not None:
            decided.setdefault(number, {})[level] = count
    return decided


def shares_of(answers: int, decided: Mapping[Level, int]) -> dict[Level | None, int]:
    """Answers by level, those that nobody has decided on among them.

    :param answers: how many there are in all.
    """
    left = answers - sum(decided.values())
    shares: dict[Level | None, int] = {level: count for level, count in decided.items()}  # noqa: C416 - of another type
    return shares | {None: left} if left else shares


def shares_of_author(session: Session, author_id: int) -> dict[Level | None, int]:
    """An author's public answers, by decided level."""
    query = select(Post.level, func.count().label("answers")).where(SHOWN, _IS_ANSWER, Post.author_id == author_id)
    return {row.level: row.answers for row in session.execute(query.group_by(Post.level))}
