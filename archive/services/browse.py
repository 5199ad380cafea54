"""What readers see: collections, threads, authors."""

from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.checking import LOOKED_UP
from archive.domain.ids import PublicId
from archive.domain.source_quality import Level
from archive.errors import ArchiveError
from archive.services.post_views import post_views
from archive.services.thread_pages import page_of
from archive.services.thread_parts import part_with
from archive.services.views import (
    CollectionCard,
    FrontPage,
    Order,
    PostView,
    ThreadLine,
    ThreadPage,
)
from archive.store import windows
from archive.store.about import descriptions
from archive.store.calendar import Extent, extents
from archive.store.cited import looked_up_by_thread, works_as_shown
from archive.store.collections import Collection, find_collection
from archive.store.heads import Wanted, standing_of_post
from archive.store.listing import has_posts, is_listed, newest_threads
from archive.store.pages import (
    PostRow,
    ThreadRow,
    find_post,
    find_thread,
    public_collections,
    revision_rows,
    thread_rows,
)
from archive.store.shares import decided_by_collection, shares_by_thread, shares_of
from archive.store.thread_heads import thread_head, version_of
from archive.store.threads import Author, Post, Thread
from archive.store.windows import has_more

RECENT_THREADS = 12


class NotFoundError(ArchiveError):
    """There is nothing at this address, or nothing that this person may see."""

    def __init__(self, what: str = "page") -> None:
        super().__init__(f"There is no such {what} in this archive.")


def front_page(session: Session) -> FrontPage:
    """The whole archive at a glance."""
    by_collection, decided, said = extents(session), decided_by_collection(session), descriptions(session)
    cards = [
        _card(collection, by_collection[collection.id], decided.get(collection.id, {}), said.get(collection.id, ""))
        for collection in public_collections(session)
        if collection.id in by_collection
    ]
    levels = [(level, answers) for levels in decided.values() for level, answers in levels.items()]
    return FrontPage(
        collections=cards,
        recent=lines_in_order(session, newest_threads(session, limit=RECENT_THREADS)),
        threads=sum(card.threads for card in cards),
        answers=sum(card.answers for card in cards),
        decided=sum(answers for _, answers in levels),
        sourced=sum(answers for level, answers in levels if level.sourced),
    )


def thread_page(
    session: Session,
    public_id: str,
    *,
    drafts: bool,
    levels: frozenset[Level | None] | None = None,
    order: Order = Order.SOURCED,
    after: str | None = None,
    whole: bool = False,
) -> ThreadPage:
    """A thread, or a part of one that is long; with `levels`, only answers so decided.

    :param after: the post in the thread after which the part begins; None for the thread's beginning.
    :param whole: whether all of it is asked for, at which a page gives as much as it can hold.
    :raises NotFoundError: if there is none, or none that may be seen.
    """
    thread = thread_head(session, public_id)
    if thread is None or not (thread.public or drafts):
        raise NotFoundError("thread")
    show_drafts = drafts and not thread.public
    wanted = Wanted(
        thread_id=thread.id,
        question_id=None,
        sourced_first=order is Order.SOURCED,
        levels=levels,
        drafts=show_drafts,
    )
    begin = standing_of_post(session, thread.id, after, drafts=show_drafts) if after else None
    if after and begin is None:
        raise NotFoundError("part of this thread")
    page = page_of(session, thread, wanted, after=begin, whole=whole)
    if not page.posts and (levels is None or not page.all_answers):  # it was rolled back, or the part is behind its end
        raise NotFoundError("thread")
    return page


class ThreadState(NamedTuple):
    """What a thread's page is cached by."""

    version: int  # counts up with everything that changes the thread
    works: Hashable  # as they are shown, since other threads say what a work is


def thread_state(session: Session, public_id: str, *, drafts: bool) -> ThreadState:
    """The state of a thread.

    :raises NotFoundError: if there is none, or none that may be seen.
    """
    thread = version_of(session, public_id)
    if thread is None or not (thread.public or drafts):
        raise NotFoundError("thread")
    return ThreadState(thread.version, tuple(map(tuple, works_as_shown(session, thread.id))))


class PostPlace(NamedTuple):
    """Where a post is read."""

    thread: PublicId
    post: PublicId
    after: PublicId | None  # the post after which its part begins, as posted; None for the first one
    in_parts: bool  # whether the thread is read in parts at all


def post_place(session: Session, public_id: str, *, drafts: bool) -> PostPlace:
    """The thread that a post is in, and the part that holds it.

    :raises NotFoundError: if there is none, or none that may be seen.
    """
    row = visible_post(session, public_id, drafts=drafts)
    thread = session.get_one(Thread, row.thread_id)
    show_drafts = drafts and not thread.public
    if not has_more(session, thread.id, windows.PART_POSTS, drafts=show_drafts):
        return PostPlace(thread.public_id, row.public_id, None, in_parts=False)
    return PostPlace(thread.public_id, row.public_id, part_with(session, row, drafts=show_drafts), in_parts=True)


def revisions_page(session: Session, public_id: str, *, drafts: bool) -> tuple[ThreadLine, Sequence[PostView]]:
    """A post once for each of its revisions, newest first, and the thread it is in.

    :raises NotFoundError: if there is none, or none that may be seen.
    """
    row = visible_post(session, public_id, drafts=drafts)
    rows = revision_rows(session, row.id, drafts=drafts)
    return threads_by_id(session, {row.thread_id})[row.thread_id], post_views(session, rows, drafts=drafts)


def visible_thread(session: Session, public_id: str, *, drafts: bool) -> Thread:
    """The thread.

    :raises NotFoundError: if there is none, or none that may be seen.
    """
    thread = find_thread(session, public_id)
    if thread is None or not (thread.public or drafts):
        raise NotFoundError("thread")
    return thread


def any_collection(session: Session, slug: str, *, held: bool = False) -> Collection:
    """The collection, whether or not anything of it is public.

    :param held: whether nobody else may change it until the transaction ends.
    :raises NotFoundError: if there is none of that name.
    """
    collection = find_collection(session, slug, held=held)
    if collection is None:
        raise NotFoundError("collection")
    return collection


def visible_collection(session: Session, slug: str) -> Collection:
    """The collection.

    :raises NotFoundError: if there is none of that name, or nothing of it is public.
    """
    collection = any_collection(session, slug)
    if not is_listed(session, collection.id):
        raise NotFoundError("collection")
    return collection


def visible_author(session: Session, public_id: str) -> Author:
    """The author.

    :raises NotFoundError: if there is none, or nothing of theirs is public.
    """
    author = session.scalar(select(Author).where(Author.public_id == public_id))
    if author is None or not has_posts(session, author.id):
        raise NotFoundError("author")
    return author


def visible_post(session: Session, public_id: str, *, drafts: bool) -> PostRow:
    """The post, with its current text where it is public, and otherwise, for those who see drafts, its newest.

    :raises NotFoundError: if there is none, or none that may be seen.
    """
    row = find_post(session, public_id, drafts=False)
    if row is None and drafts:
        row = find_post(session, public_id, drafts=True)
    if row is None:
        raise NotFoundError("post")
    return row


def post_numbered(session: Session, public_id: str) -> int:
    """The number of a public post.

    :raises NotFoundError: if there is none.
    """
    number = session.scalar(select(Post.id).where(Post.public_id == public_id, Post.public))
    if number is None:
        raise NotFoundError("post")
    return number


def threads_by_id(session: Session, ids: set[int]) -> dict[int, ThreadLine]:
    """Threads for a list, by their numbers."""
    rows = thread_rows(session, Thread.id.in_(ids), drafts=True, limit=len(ids))
    return dict(zip((row.id for row in rows), thread_lines(session, rows), strict=True))


def lines_in_order(session: Session, numbers: Sequence[int]) -> Sequence[ThreadLine]:
    """Public threads for a list, in the order of their numbers given."""
    rows = {row.id: row for row in thread_rows(session, Thread.id.in_(numbers), limit=len(numbers))}
    return thread_lines(session, [rows[number] for number in numbers if number in rows])


def thread_lines(session: Session, rows: Sequence[ThreadRow]) -> Sequence[ThreadLine]:
    """Rows of threads with their shares."""
    shares = shares_by_thread(session, [row.id for row in rows])
    cited = [thread_id for thread_id, levels in shares.items() if any(level and level.sourced for level in levels)]
    checked = looked_up_by_thread(session, cited, LOOKED_UP)
    return [
        ThreadLine(
            public_id=row.public_id,
            title=row.title,
            collection=row.collection,
            collection_name=row.collection_name,
            asker=row.asker,
            asked_at=row.asked_at,
            began_at=row.began_at,
            answers=row.answers,
            replies=row.replies,
            shares=shares.get(row.id, {}),
            checked=checked.get(row.id, 0),
            changed_at=row.changed_at,
        )
        for row in rows
    ]


def _card(collection: Collection, extent: Extent, decided: Mapping[Level, int], said: str) -> CollectionCard:
    return CollectionCard(
        slug=collection.slug,
        name=collection.name,
        description=said,
        threads=extent.threads,
        answers=extent.answers,
        shares=shares_of(extent.answers, decided),
        first=extent.first,
        last=extent.last,
    )
