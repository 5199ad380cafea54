"""The topics of a collection, and the threads on one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.domain.ids import CollectionSlug
from archive.services.browse import NotFoundError, lines_in_order, visible_collection
from archive.services.views import ThreadLine
from archive.store.topics import TopicCount, count_topic, count_topics, threads_on, topics_of_collection

TOPICS_A_PAGE = 200
THREADS_A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsPage:
    """Some topics of a collection, those with the most threads first."""

    slug: CollectionSlug
    name: str
    topics: Sequence[TopicCount]
    all_topics: int
    further: TopicCount | None  # the topic behind which there are further ones


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPage:
    """Some threads on a topic, the last received first."""

    slug: CollectionSlug
    name: str
    topic: str
    all_threads: int
    threads: Sequence[ThreadLine]
    further: int | None  # what to ask for as `before` to see further ones


def topics_page(session: Session, slug: str, *, after: TopicCount | None) -> TopicsPage:
    """The topics of a collection, from behind `after` on.

    :raises NotFoundError: if there is none of that name, or nothing of it is public.
    """
    collection = visible_collection(session, slug)
    topics = topics_of_collection(session, collection.id, after=after, limit=TOPICS_A_PAGE + 1)
    return TopicsPage(
        slug=collection.slug,
        name=collection.name,
        topics=topics[:TOPICS_A_PAGE],
        all_topics=count_topics(session, collection.id),
        further=topics[TOPICS_A_PAGE - 1] if len(topics) > TOPICS_A_PAGE else None,
    )


def topic_page(session: Session, slug: str, topic: str, *, before: int | None) -> TopicPage:
    """The threads of a collection on a topic, from behind `before` on.

    :raises NotFoundError: if there is no such collection, or no public thread of it is on that topic.
    """
    collection = visible_collection(session, slug)
    all_threads = 0 if "\0" in topic else count_topic(session, collection.id, topic)
    if not all_threads:
        raise NotFoundError("topic")
    numbers = threads_on(session, collection.id, topic, before=before, limit=THREADS_A_PAGE + 1)
    shown = numbers[:THREADS_A_PAGE]
    return TopicPage(
        slug=collection.slug,
        name=collection.name,
        topic=topic,
        all_threads=all_threads,
        threads=lines_in_order(session, shown),
        further=shown[-1] if len(numbers) > THREADS_A_PAGE else None,
    )
