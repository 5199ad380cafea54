"""What is in a collection: its threads, the topics under which its source files them, its authors."""

from typing import Annotated
from urllib.parse import quote

from msgspec import Meta, Struct

from archive.api.asking import RequestError
from archive.api.lists import page
from archive.api.operations import READING, operation
from archive.api.reading.collections import thread_shape
from archive.api.shapes.basics import AuthorName, Before, Page
from archive.api.shapes.reading import AuthorPosts, Thread, Topic
from archive.api.shaping import Shaper
from archive.domain.topics import MOST_CHARACTERS
from archive.services.collections.authors import authors_page
from archive.services.collections.topics import topic_page, topics_page
from archive.services.thread_lists import threads_of_collection
from archive.store.database import db
from archive.store.listing import ThreadOrder
from archive.store.topics import TopicCount
from archive.web.addresses import MOST_ROWS

_COLLECTION = "/collections/<slug:collection>"


class InOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Threads in an order, or on a topic."""

    order: (
        Annotated[ThreadOrder, Meta(description="In which they stand: `received`, if none is named. Not with a topic.")]
        | None
    ) = None
    topic: (
        Annotated[
            str, Meta(max_length=MOST_CHARACTERS, description="On it, the last received first: without an order.")
        ]
        | None
    ) = None
    before: Before | None = None


class BehindCount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list by how many there are of something."""

    after: Annotated[str, Meta(pattern="^[0-9]{1,10}-[0-9]{1,10}$", examples=["12-345"])] | None = None


class BehindTopic(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list by how many there are of something."""

    after: Annotated[str, Meta(pattern="^[0-9]{1,10}-", max_length=MOST_CHARACTERS + 11)] | None = None


@operation(
    "GET",
    f"{_COLLECTION}/threads",
    group=READING,
    summary="Threads of a collection",
    query=InOrder,
    returns=Page[Thread],
)
def threads(collection: str, asked: InOrder) -> Page[Thread]:
    """The last received first, where no other order is asked for; those on a topic always."""
    session, shaper = db.session(), Shaper()
    if asked.topic is None:
        order = asked.order or ThreadOrder.RECEIVED
        lines, further = threads_of_collection(session, collection, order, before=asked.before)
    elif asked.order is not None:
        raise RequestError("The threads on a topic come in one order: “topic” goes without “order”.")
    else:
        found = topic_page(session, collection, asked.topic, before=asked.before)
        lines, further = found.threads, found.further
    return page([thread_shape(shaper, line) for line in lines], before=further)


@operation(
    "GET",
    f"{_COLLECTION}/topics",
    group=READING,
    summary="Topics of a collection",
    query=BehindTopic,
    returns=Page[Topic],
)
def topics(collection: str, asked: BehindTopic) -> Page[Topic]:
    """The tags and the flair of its source, those with the most threads first."""
    after = None
    if asked.after is not None:
        threads, _, topic = asked.after.partition("-")
        after = TopicCount(topic, min(int(threads), MOST_ROWS))
    found, shaper = topics_page(db.session(), collection, after=after), Shaper()
    last = found.further
    items = [
        Topic(
            topic=one.topic,
            threads=one.threads,
            url=f"{shaper.url(f'/collections/{found.slug}/topics/')}{quote(one.topic)}",
        )
        for one in found.topics
    ]
    return page(items, after=f"{last.threads}-{last.topic}" if last else None)


@operation(
    "GET",
    f"{_COLLECTION}/authors",
    group=READING,
    summary="Authors of a collection",
    query=BehindCount,
    returns=Page[AuthorPosts],
)
def authors(collection: str, asked: BehindCount) -> Page[AuthorPosts]:
    """Those with the most posts first."""
    after = None
    if asked.after is not None:
        posts, _, number = asked.after.partition("-")
        after = min(int(posts), MOST_ROWS), min(int(number), MOST_ROWS)
    found, shaper = authors_page(db.session(), collection, after=after), Shaper()
    last = found.further
    items = [
        AuthorPosts(
            author=AuthorName(id=one.public_id, name=one.name, url=shaper.url(f"/authors/{one.public_id}")),
            posts=one.posts,
        )
        for one in found.authors
    ]
    return page(items, after=f"{last.posts}-{last.id}" if last else None)
