"""Public posts in lists that go on where they were left, whatever came meanwhile: for programs, and for bulk."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from archive.domain.ids import PublicId, Sha256
from archive.store.pages import SHOWN, PostRow, select_posts
from archive.store.parts import parts
from archive.store.sealed import FINGERPRINT_SEEN, SealedText
from archive.store.threads import Post, Revision, Thread

_THREADS_AT_ONCE = 200


class Place(NamedTuple):
    """Where a post stands in its collection: threads as they came, their posts in reading order."""

    thread_id: int
    position: int
    post_id: int


START = Place(0, -1, 0)


def place_of(session: Session, public_id: str) -> Place | None:
    """Where a public post stands; None if there is none."""
    query = select(Post.thread_id, Post.position, Post.id).where(Post.public_id == public_id, SHOWN)
    row = session.execute(query).one_or_none()
    return None if row is None else Place._make(row)


def posts_behind(session: Session, place: Place, *, limit: int) -> Sequence[PostRow]:
    """The public posts of a thread behind a place in it."""
    behind = or_(Post.position > place.position, and_(Post.position == place.position, Post.id > place.post_id))
    query = select_posts(drafts=False).where(Post.thread_id == place.thread_id, Post.position >= place.position, behind)
    return session.execute(query.order_by(Post.position, Post.id).limit(limit)).all()


def posts_of_collection(session: Session, collection_id: int, place: Place, *, limit: int) -> Sequence[PostRow]:
    """The public posts of a collection behind a place in it."""
    found = [*posts_behind(session, place, limit=limit)] if place.thread_id else []
    last = place.thread_id
    while (wanted := limit - len(found)) > 0 and (threads := _threads_behind(session, collection_id, last, wanted)):
        last = threads[-1]
        if len(threads) == 1:
            found += posts_behind(session, Place(last, -1, 0), limit=wanted)
        else:
            query = select_posts(drafts=False).where(Post.thread_id.in_(threads))
            found += session.execute(query.order_by(Post.thread_id, Post.position, Post.id).limit(wanted))
    return found


def _threads_behind(session: Session, collection_id: int, last: int, posts: int) -> Sequence[int]:
    """The next threads that hold so many posts together, or the next one: a database sorts all posts of several threads
    before it gives the first, and those of one thread lie in their order.
    """
    size = Thread.answers + Thread.replies + 1
    query = select(Thread.id, size).where(Thread.public, Thread.collection_id == collection_id, Thread.id > last)
    few: list[int] = []
    for number, in_it in session.execute(query.order_by(Thread.id).limit(_THREADS_AT_ONCE)).all():
        if few and in_it > posts:
            break
        few.append(number)
        posts -= in_it
    return few


def fingerprints_of(session: Session, revision_ids: Iterable[int]) -> dict[int, Sha256]:
    """The fingerprints of texts as readers see them: where words are down, of what stands there, or by the hash of what
    stood there they could be guessed.
    """
    found: dict[int, Sha256] = {}
    for part in parts(list(revision_ids)):
        query = select(Revision.id, FINGERPRINT_SEEN)
        query = query.outerjoin(SealedText, SealedText.revision_id == Revision.id).where(Revision.id.in_(part))
        found.update((number, fingerprint) for number, fingerprint in session.execute(query))
    return found


def revision_of(session: Session, post: PublicId, number: int) -> int | None:
    """The number of the row of a public post's text; None if there is no such text, or readers do not see it."""
    query = select(Revision.id).join(Post, Post.id == Revision.post_id)
    return session.scalar(query.where(Post.public_id == post, SHOWN, Revision.number == number, Revision.public))
