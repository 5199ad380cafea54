"""Putting the posts of threads in order that grew over several chunks, batches or files.

A thread waits for this from the moment it grows, so that a run that was cut off goes on with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.domain.ids import PostKey, PublicId
from archive.domain.records import KeyBasis
from archive.domain.thread_tree import Node, circles, places, sibling_rank
from archive.services.transaction import writing
from archive.store.capture_rows import write_places
from archive.store.unsettled import Standing, cut_edge, mark_settled, posts_of, unsettled_threads

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
            waiting = dict(unsettled_threads(session, posts=POSTS_A_COMMIT))
            if not waiting:
                return
            moved: list[dict[str, int]] = []
            for thread_id, posts in posts_of(session, [*waiting]):
                yield from _cut(session, waiting[thread_id], posts)
                moved += _moved(posts)
            write_places(session, moved)
            mark_settled(session, [*waiting])


def _cut(session: Session, thread: PublicId, posts: Sequence[Standing]) -> Iterator[Circle]:
    by_id = {post.id: post for post in posts}
    for ids in circles([Node(post.id, post.parent_id) for post in posts]):
        first = min(range(len(ids)), key=lambda place: by_id[ids[place]].key)
        turned = [by_id[id_] for id_ in (*ids[first:], *ids[:first])]
        cut_edge(session, turned[0].id)
        turned[0].parent_id = None
        yield Circle(thread, [post.key for post in turned])


def _moved(posts: Sequence[Standing]) -> list[dict[str, int]]:
    if posts and posts[0].key_basis is KeyBasis.SOURCE:
        posts = sorted(posts, key=lambda post: sibling_rank(post.posted_at, post.key))
    by_id = {post.id: post for post in posts}
    return [
        {"post_id": place.id, "new_position": place.position, "new_depth": place.depth}
        for place in places([Node(post.id, post.parent_id) for post in posts])
        if (by_id[place.id].position, by_id[place.id].depth) != (place.position, place.depth)
    ]
