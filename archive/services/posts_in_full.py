"""Public posts with everything that readers can see of them: for programs, and for bulk."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from sqlalchemy.orm import Session

from archive.domain.ids import Sha256
from archive.services.browse import NotFoundError, visible_author, visible_collection, visible_post, visible_thread
from archive.services.post_views import post_views
from archive.services.transaction import look_at_one_moment
from archive.services.views import PostView
from archive.store.cited import CitedRow, citations_of
from archive.store.listing import newest_posts
from archive.store.pages import PostRow, ThreadTitle, posts_by_id, revision_rows, thread_titles
from archive.store.post_lists import (
    START,
    Place,
    fingerprints_of,
    place_of,
    posts_behind,
    posts_of_collection,
)
from archive.store.threads import Post

_AT_ONCE = 200  # posts that are read in one transaction


@dataclass(frozen=True, slots=True)
class FullPost:
    """A post with where it stands, what it cites and the bytes it came from."""

    post: PostView
    thread: ThreadTitle
    citations: Sequence[CitedRow]
    fingerprint: Sha256 | None  # of its text as readers see it; None where all of it is down
    original: Sha256
    offset: int  # bytes
    length: int  # bytes


@dataclass(frozen=True, slots=True)
class Part:
    """Some posts of a list."""

    posts: Sequence[FullPost]
    last: str | None  # the post behind which there are further ones; None where there are none


def in_full(session: Session, rows: Sequence[PostRow]) -> list[FullPost]:
    """Public posts, in the order of their rows."""
    views = post_views(session, rows, drafts=False)
    threads = thread_titles(session, {row.thread_id for row in rows})
    texts = [view.revision_id for view in views if view.taken_down is None]
    prints, cited = fingerprints_of(session, texts), _citations(session, texts)
    return [
        FullPost(
            post=view,
            thread=threads[row.thread_id],
            citations=cited.get(row.revision_id, ()),
            fingerprint=prints.get(row.revision_id),
            original=row.original,
            offset=row.offset,
            length=row.length,
        )
        for row, view in zip(rows, views, strict=True)
    ]


def numbered_in_full(session: Session, post_ids: Sequence[int]) -> dict[int, FullPost]:
    """Public posts by their numbers."""
    return {found.post.id: found for found in in_full(session, posts_by_id(session, post_ids))}


def one_post(session: Session, public_id: str) -> FullPost:
    """A public post.

    :raises NotFoundError: if there is none.
    """
    return in_full(session, [visible_post(session, public_id, drafts=False)])[0]


def its_revisions(session: Session, public_id: str) -> Sequence[FullPost]:
    """A public post once for each of its public texts, the newest first.

    :raises NotFoundError: if there is none.
    """
    row = visible_post(session, public_id, drafts=False)
    return in_full(session, revision_rows(session, row.id, drafts=False))


def posts_of_thread(session: Session, public_id: str, *, after: str | None, limit: int) -> Part:
    """Some posts of a public thread in reading order, behind one where it is named.

    :raises NotFoundError: if there is no such thread, or no such post in it.
    """
    thread = visible_thread(session, public_id, drafts=False)
    place = Place(thread.id, -1, 0) if after is None else _place(session, after)
    if place.thread_id != thread.id:
        raise NotFoundError("part of this thread")
    return _part(session, posts_behind(session, place, limit=limit + 1), limit)


def posts_of_author(session: Session, public_id: str, *, after: str | None, limit: int) -> Part:
    """Some posts of an author, the last received first.

    :raises NotFoundError: if there is no such author, or nothing of theirs is public, or no such post.
    """
    author = visible_author(session, public_id)
    before = None if after is None else _place(session, after).post_id
    rows = newest_posts(session, Post.author_id == author.id, before=before, limit=limit + 1)
    return _part(session, rows, limit)


def all_of_collection(session: Session, slug: str, *, after: str | None) -> Iterator[FullPost]:
    """All public posts of a collection, thread by thread as they came, behind one where it is named. They are read a
    few at a time, each few in a short transaction: what is taken down meanwhile comes no more.

    :raises NotFoundError: if there is no such collection, or nothing of it is public, or no such post.
    """
    number = visible_collection(session, slug).id
    return _all_behind(session, number, START if after is None else _place(session, after))


def _all_behind(session: Session, collection_id: int, place: Place) -> Iterator[FullPost]:
    while True:
        look_at_one_moment(session)
        rows = posts_of_collection(session, collection_id, place, limit=_AT_ONCE)
        found = in_full(session, rows)
        session.rollback()
        session.expunge_all()  # what was sent is held no longer
        yield from found
        if len(rows) < _AT_ONCE:
            return
        place = Place(rows[-1].thread_id, rows[-1].position, rows[-1].id)


def _place(session: Session, public_id: str) -> Place:
    place = place_of(session, public_id)
    if place is None:
        raise NotFoundError("post")
    return place


def _part(session: Session, rows: Sequence[PostRow], limit: int) -> Part:
    return Part(in_full(session, rows[:limit]), rows[limit - 1].public_id if len(rows) > limit else None)


def _citations(session: Session, revision_ids: Sequence[int]) -> Mapping[int, Sequence[CitedRow]]:
    rows = citations_of(session, revision_ids)
    return {text: [*cited] for text, cited in groupby(rows, attrgetter("revision_id"))}
