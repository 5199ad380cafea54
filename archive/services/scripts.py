"""Threads for scripts: everything that was not rolled back, drafts among it, as plain values."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from archive.domain.ids import CollectionSlug
from archive.domain.records import PostKind
from archive.services.browse import NotFoundError, any_collection
from archive.services.ingest.receive import CollectionNameError, slug_of
from archive.services.post_views import facts_of
from archive.store.collections import Collection, find_collection
from archive.store.pages import (
    PostRow,
    ThreadRow,
    count_live_posts,
    find_thread,
    live_thread,
    thread_rows,
)
from archive.store.threads import Thread
from archive.store.windows import posts_of_thread

_AT_A_TIME = 500


def named_collection(session: Session, name: str) -> CollectionSlug:
    """The collection that is called so, or has that name in addresses.

    :raises NotFoundError: if there is none.
    """
    try:
        found = find_collection(session, slug_of(name))
    except CollectionNameError:
        found = None
    if found is None:
        raise NotFoundError("collection")
    return found.slug


def list_threads(session: Session, *, collection: str | None) -> Iterator[dict[str, Any]]:
    """Yield threads in the order in which they came.

    :raises NotFoundError: if there is no collection of that name.
    """
    conditions = [live_thread()]
    if collection is not None:
        conditions.append(Thread.collection_id == any_collection(session, collection).id)
    last = 0
    while rows := thread_rows(session, *conditions, Thread.id > last, drafts=True, oldest_first=True, limit=_AT_A_TIME):
        counts = count_live_posts(session, [row.id for row in rows])
        for row in rows:
            yield _line(row, counts.get(row.id, {}))
        last = rows[-1].id


def show_thread(session: Session, public_id: str) -> dict[str, Any]:
    """A thread with its posts in reading order.

    :raises NotFoundError: if there is none, or it was rolled back.
    """
    thread = find_thread(session, public_id)
    posts = [] if thread is None else list(_all_posts(session, thread))
    if thread is None or not posts:
        raise NotFoundError("thread")
    question = next((row for row in posts if row.kind is PostKind.QUESTION), None)
    return {
        "id": thread.public_id,
        "title": thread.title,
        "asker": (question.author or question.byline) if question else None,
        "collection": session.get_one(Collection, thread.collection_id).slug,
        "public": thread.public,
        "posts": [_post(row) for row in posts],
    }


def _all_posts(session: Session, thread: Thread) -> Iterator[PostRow]:
    after = -1
    while rows := posts_of_thread(session, thread.id, drafts=not thread.public, after=after):
        yield from rows
        after = rows[-1].position


def _line(row: ThreadRow, counts: dict[PostKind, int]) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "title": row.title,
        "asker": row.asker,
        "collection": row.collection,
        "public": row.public,
        "posts": sum(counts.values()),
        "questions": counts.get(PostKind.QUESTION, 0),
        "answers": counts.get(PostKind.ANSWER, 0),
        "replies": counts.get(PostKind.REPLY, 0),
    }


def _post(row: PostRow) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "kind": row.kind,
        "author": row.author or row.byline,
        "text": row.text,
        "state": row.state,
        "facts": facts_of(row),
        "parent": row.parent,
        "posted_at": row.posted_at,
        "level": row.level,
        "original": {"sha256": row.original, "offset": row.offset, "length": row.length},
    }
