"""What is new: in a collection, in a thread, by an author, and among what a search finds."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from archive.domain.records import PostKind
from archive.services.browse import thread_lines, threads_by_id, visible_author, visible_collection, visible_thread
from archive.services.post_views import post_views
from archive.services.search import Hit
from archive.services.views import PostView, ThreadLine
from archive.store.collections import Collection
from archive.store.listing import newest_posts
from archive.store.pages import PostRow, posts_by_id, thread_rows
from archive.store.threads import Author, Post, Thread


def new_threads(session: Session, slug: str, *, limit: int) -> tuple[Collection, Sequence[ThreadLine]]:
    """A collection, and its threads that came last.

    :raises NotFoundError: if there is none of that name, or nothing of it is public.
    """
    collection = visible_collection(session, slug)
    rows = thread_rows(session, Thread.collection_id == collection.id, limit=limit)
    return collection, thread_lines(session, rows)


def new_answers(session: Session, public_id: str, *, limit: int) -> tuple[ThreadLine, Sequence[PostView]]:
    """A thread, and its answers that came last.

    :raises NotFoundError: if there is none, or it is not public.
    """
    thread = visible_thread(session, public_id, drafts=False)
    answers = (Post.thread_id == thread.id) & (Post.kind == PostKind.ANSWER)
    posts = post_views(session, newest_posts(session, answers, limit=limit), drafts=False)
    return threads_by_id(session, {thread.id})[thread.id], posts


def new_posts_by(
    session: Session, public_id: str, *, limit: int
) -> tuple[Author, Sequence[tuple[PostView, ThreadLine]]]:
    """An author, and what was posted under the name and came last, each with the thread it is in.

    :raises NotFoundError: if there is no such author, or nothing of theirs is public.
    """
    author = visible_author(session, public_id)
    return author, _with_threads(session, newest_posts(session, Post.author_id == author.id, limit=limit))


def posts_of_hits(session: Session, hits: Sequence[Hit]) -> Sequence[tuple[PostView, ThreadLine]]:
    """What was found, in its order, each with the thread it is in."""
    rows = {row.id: row for row in posts_by_id(session, [hit.post.id for hit in hits])}
    return _with_threads(session, [rows[hit.post.id] for hit in hits if hit.post.id in rows])


def _with_threads(session: Session, rows: Sequence[PostRow]) -> Sequence[tuple[PostView, ThreadLine]]:
    threads = threads_by_id(session, {row.thread_id for row in rows})
    posts = post_views(session, rows, drafts=False)
    return [(post, threads[row.thread_id]) for post, row in zip(posts, rows, strict=True)]
