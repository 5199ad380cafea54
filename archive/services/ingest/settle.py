"""Putting the posts of threads in order that grew over several chunks, batches or files.

A thread waits for this from the moment it grows, so that a run that was cut off goes on with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.domain.ids import PostKey, PublicId
from archive.domain.records import Edge
from archive.domain.thread_tree import Node, circles, places, sibling_rank
from archive.services.transaction import writing
from archive.store.capture_rows import write_places
from archive.store.hanging import wait_again
from archive.store.moving import carry, subtree
from archive.store.publishing import arranging_lock, touch
from archive.store.threads import mark_unsettled
from archive.store.titles import title_by_subject
from archive.store.unsettled import (
    Standing,
    cut_edge,
    mark_settled,
    posts_of,
    unsettled_threads,
)

POSTS_A_COMMIT = 20_000


@dataclass(frozen=True, slots=True)
class Circle:
    """Posts each of which answers the next and the last one the first, cut above the one whose key sorts first."""

    thread: PublicId
    keys: Sequence[PostKey]  # the first is the one that now hangs from nothing


def settle(session: Session) -> Iterator[Circle]:
    """Put every waiting thread in order; yields the circles that were cut, in the transaction that cuts them."""
    while True:
        with writing(session):
            arranging_lock(session)
            waiting = dict(unsettled_threads(session, posts=POSTS_A_COMMIT))
            if not waiting:
                return
            yield from _put_in_order(session, waiting)[0]


def settle_touched(session: Session) -> Iterator[Circle]:
    """The same of the waiting threads that a batch touches, in the transaction of the caller, and of those to which
    what was cut goes back.
    """
    while waiting := dict(unsettled_threads(session, posts=POSTS_A_COMMIT, touched=True)):
        cut, left = _put_in_order(session, waiting)
        touch(session, left)
        yield from cut


def _put_in_order(session: Session, threads: Mapping[int, PublicId]) -> tuple[Sequence[Circle], set[int]]:
    """Put threads in order; the circles that were cut, and the threads that have to be put in order because of it."""
    moved: list[dict[str, int]] = []
    cut: list[Circle] = []
    left: set[int] = set()
    for thread_id, posts in posts_of(session, [*threads]):
        for turned in _circles(posts):
            left |= _cut(session, thread_id, turned[0])
            cut.append(Circle(threads[thread_id], [post.key for post in turned]))
        moved += moved_places(posts)
        if any(post.edge is Edge.REFERENCES for post in posts):
            title_by_subject(session, thread_id)
    write_places(session, moved)
    mark_settled(session, [*threads])
    mark_unsettled(session, sorted(left))
    return cut, left


def moved_places(posts: Sequence[Standing]) -> list[dict[str, int]]:
    """Where posts of a thread are to stand that stand elsewhere, as `write_places` wants it."""
    posts = sorted(posts, key=lambda post: sibling_rank(post.posted_at, post.key, post.key_basis))
    by_id = {post.id: post for post in posts}
    return [
        {"id": place.id, "position": place.position, "depth": place.depth}
        for place in places([Node(post.id, post.parent_id) for post in posts])
        if (by_id[place.id].position, by_id[place.id].depth) != (place.position, place.depth)
    ]


def _circles(posts: Sequence[Standing]) -> Iterator[Sequence[Standing]]:
    """Yield the posts of each circle, the one to be cut first: what a person decided is cut only where all is that."""
    by_id = {post.id: post for post in posts}
    for ids in circles([Node(post.id, post.parent_id) for post in posts]):
        said = [place for place in range(len(ids)) if by_id[ids[place]].edge is not Edge.PERSON]
        first = min(said or range(len(ids)), key=lambda place: by_id[ids[place]].key)
        yield [by_id[id_] for id_ in (*ids[first:], *ids[:first])]


def _cut(session: Session, thread_id: int, post: Standing) -> set[int]:
    """Let a post hang from nothing, in the thread that its source names; the threads to be put in order anew."""
    post.parent_id = None
    if post.edge is Edge.PERSON:  # it stays where it is, and waits until somebody decides anew
        wait_again(session, post.id)
        return set()
    cut_edge(session, post.id)
    if post.source_thread_id is None:
        return set()
    carry(session, subtree(session, thread_id, post.id), post.source_thread_id)
    return {thread_id, post.source_thread_id}
