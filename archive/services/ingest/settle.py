"""Putting the posts of threads in order that grew over several chunks, batches or files.

A thread waits for this from the moment it grows, so that a run that was cut off goes on with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import PostKey, PublicId
from archive.domain.records import Edge
from archive.services.ingest.joining import join, own_thread_of_mail, settle_kinds
from archive.services.transaction import writing
from archive.store.capture_rows import write_places
from archive.store.hanging import wait_again
from archive.store.moving import carry, subtree
from archive.store.publishing import arranging_lock, refresh_threads, touch
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


@dataclass(frozen=True, slots=True)
class _Ordered:
    """What came of putting some threads in order."""

    circles: Sequence[Circle]
    left: set[int]  # threads between which posts were carried
    shown: set[int]  # those of them, and others, in which public posts were


def settle(session: Session) -> Iterator[Circle]:
    """Put every waiting thread in order; yields the circles that were cut, in the transaction that cuts them."""
    while True:
        with writing(session):
            arranging_lock(session)
            waiting = dict(unsettled_threads(session, posts=POSTS_A_COMMIT))
            if not waiting:
                return
            ordered = _put_in_order(session, waiting)
            refresh_threads(session, sorted(ordered.shown), now=now())
            yield from ordered.circles


def settle_touched(session: Session) -> tuple[Sequence[Circle], set[int]]:
    """The same of the waiting threads that a batch touches, in the transaction of the caller, and of those into which
    posts go by that; the circles, and the threads between which posts were carried.
    """
    circles: list[Circle] = []
    rearranged: set[int] = set()
    while waiting := dict(unsettled_threads(session, posts=POSTS_A_COMMIT, touched=True)):
        ordered = _put_in_order(session, waiting)
        touch(session, ordered.left)
        circles += ordered.circles
        rearranged |= ordered.left
    return circles, rearranged


def _put_in_order(session: Session, threads: Mapping[int, PublicId]) -> _Ordered:
    """Put threads in order."""
    cut: list[Circle] = []
    cut_from: set[int] = set()
    joined = join(session, [*threads])
    left = joined.threads
    standings = [*standing_of(session, [*threads])]
    for thread_id, standing in standings:
        for turned in _circles(session, standing):
            standing.tree.cut(turned[0].id)
            cut_from |= _cut(session, thread_id, turned[0])
            cut.append(Circle(threads[thread_id], [link.key for link in turned]))
    write_moved(session, [standing for _, standing in standings])
    with_mails = holds_mails(session, [*threads])
    judged = settle_kinds(session, with_mails)
    for thread_id in with_mails:
        title_by_subject(session, thread_id)
    mark_settled(session, [*threads])
    mark_unsettled(session, sorted(cut_from | (left - threads.keys())))
    return _Ordered(cut, left | cut_from, joined.public | {post.thread_id for post in judged if post.public})


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
    """Let a post hang from nothing, in the thread that its source names, or, of a mail, one that begins with it; the
    threads to be put in order anew.
    """
    if post.edge is Edge.PERSON:  # it stays where it is, and waits until somebody decides anew
        wait_again(session, post.id)
        return set()
    cut_edge(session, post.id)
    home = post.source_thread_id or thread_id
    if post.edge is Edge.REFERENCES:
        home = own_thread_of_mail(session, post.key, thread_id)
    if home == thread_id:
        return set()
    carry(session, subtree(session, thread_id, post.id), home)
    return {thread_id, home}
