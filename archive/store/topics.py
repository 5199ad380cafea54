"""Under what sources file threads: of public threads, the topics of the current texts of their questions.

Nothing else stands in the table, so that no draft is counted; it follows from the posts, as what a thread is called.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ForeignKey, Index, String, delete, func, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.records import PostKind
from archive.domain.topics import MOST_CHARACTERS, topics_of
from archive.store.base import Base
from archive.store.bulk import insert_rows
from archive.store.pages import SHOWN
from archive.store.parts import parts
from archive.store.threads import Post, Revision, Thread

_AT_ONCE = 5_000  # threads
_END_OF_PART = text(
    "SELECT max(id) FROM (SELECT id FROM touched_thread WHERE id > :low ORDER BY id LIMIT :most) AS part"
)


class ThreadTopic(Base):
    """A topic of a thread."""

    __tablename__ = "thread_topic"
    __table_args__ = (
        Index("ix_thread_topic_topic", "collection_id", "topic", "thread_id"),
        {"sqlite_with_rowid": False},
    )

    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(MOST_CHARACTERS), primary_key=True)
    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id"))


class TopicCount(NamedTuple):
    """A topic of a collection."""

    topic: str
    threads: int


def file_threads(session: Session, thread_ids: Sequence[int]) -> None:
    """Bring the topics of threads in line with their posts."""
    for part in parts(thread_ids):
        session.execute(delete(ThreadTopic).where(ThreadTopic.thread_id.in_(part)))
        _write(session, session.execute(_said().where(Thread.id.in_(part))).all())


def file_touched(session: Session) -> None:
    """The same of all threads that a batch touches."""
    session.execute(text("DELETE FROM thread_topic WHERE thread_id IN (SELECT id FROM touched_thread)"))
    low = 0
    while (high := session.scalar(_END_OF_PART, {"low": low, "most": _AT_ONCE})) is not None:
        touched = text("thread.id IN (SELECT id FROM touched_thread WHERE id > :low AND id <= :high)")
        _write(session, session.execute(_said().where(touched), {"low": low, "high": high}))
        low = high


def wrong_topics(session: Session) -> Iterator[str]:
    """Yield the addresses of threads whose topics are not what their questions say."""
    last = session.scalar(select(func.max(Thread.id))) or 0
    for low in range(0, last, _AT_ONCE):
        here = Thread.id.between(low + 1, low + _AT_ONCE)
        query = select(ThreadTopic.thread_id, ThreadTopic.topic).join(Thread, Thread.id == ThreadTopic.thread_id)
        held = {(thread_id, topic) for thread_id, topic in session.execute(query.where(here))}
        said = {
            (row.thread_id, topic)
            for row in session.execute(_said().where(here))
            for topic in topics_of(orjson.loads(row.facts))
        }
        wrong = {thread_id for thread_id, _ in held ^ said}
        yield from session.scalars(select(Thread.public_id).where(Thread.id.in_(wrong)).order_by(Thread.id))


def topics_of_collection(
    session: Session, collection_id: int, *, after: TopicCount | None, limit: int
) -> Sequence[TopicCount]:
    """The topics of a collection with the most threads first, behind one of them where it is named."""
    threads = func.count()
    query = (
        select(ThreadTopic.topic, threads)
        .where(ThreadTopic.collection_id == collection_id)
        .group_by(ThreadTopic.topic)
        .order_by(threads.desc(), ThreadTopic.topic)
        .limit(limit)
    )
    if after is not None:
        behind = (threads == after.threads) & (ThreadTopic.topic > after.topic)
        query = query.having(or_(threads < after.threads, behind))
    return [TopicCount._make(row) for row in session.execute(query)]


def count_topic(session: Session, collection_id: int, topic: str) -> int:
    """How many threads of a collection have a topic."""
    query = select(func.count()).where(ThreadTopic.collection_id == collection_id, ThreadTopic.topic == topic)
    return session.scalar(query) or 0


def count_topics(session: Session, collection_id: int) -> int:
    """How many topics a collection has."""
    query = select(func.count(ThreadTopic.topic.distinct())).where(ThreadTopic.collection_id == collection_id)
    return session.scalar(query) or 0


def threads_on(session: Session, collection_id: int, topic: str, *, before: int | None, limit: int) -> Sequence[int]:
    """The threads of a collection that have a topic, the last received first."""
    query = select(ThreadTopic.thread_id).where(ThreadTopic.collection_id == collection_id, ThreadTopic.topic == topic)
    query = query if before is None else query.where(ThreadTopic.thread_id < before)
    return session.scalars(query.order_by(ThreadTopic.thread_id.desc()).limit(limit)).all()


def _said() -> Any:
    """SQL: threads, and the facts of their public questions that name a topic."""
    return (
        select(Thread.id.label("thread_id"), Thread.collection_id, Revision.facts)
        .join(Post, Post.thread_id == Thread.id)
        .join(Revision, (Revision.post_id == Post.id) & Revision.is_current)
        .where(SHOWN, Post.kind == PostKind.QUESTION, Post.takedown_id.is_(None))
        .where(or_(Revision.facts.contains('"tags":'), Revision.facts.contains('"flair":')))
    )


def _write(session: Session, rows: Iterable[Any]) -> None:
    found: dict[tuple[int, str], int] = {}
    for thread_id, collection_id, facts in rows:
        for topic in topics_of(orjson.loads(facts)):
            found[thread_id, topic] = collection_id
    filed = [
        {"thread_id": thread_id, "topic": topic, "collection_id": collection_id}
        for (thread_id, topic), collection_id in found.items()
    ]
    insert_rows(session, ThreadTopic, filed)
