"""Putting the posts of threads in order that grew over several chunks, batches or files.

A thread waits for this from the moment it grows, so that a run that was cut off goes on with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from sqlalchemy.orm import Session

from archive.domain.ids import PostKey, PublicId
from archive.domain.records import Edge
from archive.services.transaction import writing
from archive.store.capture_rows import write_places
from archive.store.hanging import wait_again
from archive.store.moving import carry, subtree
from archive.store.publishing import arranging_lock, touch
from archive.store.threads import mark_unsettled
from archive.store.titles import title_by_subject
from archive.store.unsettled import (
    Link,
    Standing,
    cut_edge,
    holds_mails,
    links_of,
    mark_settled,
    standing_of,
    unsettled_threads,
)

POSTS_A_COMMIT = 20_000
_MOVED_AT_ONCE = 10_000  # posts


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
    cut: list[Circle] = []
    left: set[int] = set()
    standings = [*standing_of(session, [*threads])]
    for thread_id, standing in standings:
        for turned in _circles(session, standing):
            standing.tree.cut(turned[0].id)
            left |= _cut(session, thread_id, turned[0])
            cut.append(Circle(threads[thread_id], [link.key for link in turned]))
    write_moved(session, [standing for _, standing in standings])
    for thread_id in holds_mails(session, [*threads]):
        title_by_subject(session, thread_id)
    mark_settled(session, [*threads])
    mark_unsettled(session, sorted(left))
    return cut, left


def write_moved(session: Session, standings: Sequence[Standing]) -> None:
    """Move the posts of threads that are to stand elsewhere than they do."""
    moved = chain.from_iterable(map(_moved, standings))
    while some := list(islice(moved, _MOVED_AT_ONCE)):
        write_places(session, some)


def _moved(standing: Standing) -> Iterator[dict[str, int]]:
    for rank, place in standing.tree.places():
        if (standing.positions[rank], standing.depths[rank]) != (place.position, place.depth):
            yield {"id": place.id, "position": place.position, "depth": place.depth}


def _circles(session: Session, standing: Standing) -> Iterator[Sequence[Link]]:
    """Yield the posts of each circle, the one to be cut first: what a person decided is cut only where all is that."""
    for ids in [*standing.tree.circles()]:
        links = links_of(session, ids)
        said = [place for place, link in enumerate(links) if link.edge is not Edge.PERSON]
        first = min(said or range(len(links)), key=lambda place: links[place].key)
        yield [*links[first:], *links[:first]]


def _cut(session: Session, thread_id: int, post: Link) -> set[int]:
    """Let a post hang from nothing, in the thread that its source names; the threads to be put in order anew."""
    if post.edge is Edge.PERSON:  # it stays where it is, and waits until somebody decides anew
        wait_again(session, post.id)
        return set()
    cut_edge(session, post.id)
    if post.source_thread_id is None:
        return set()
    carry(session, subtree(session, thread_id, post.id), post.source_thread_id)
    return {thread_id, post.source_thread_id}
