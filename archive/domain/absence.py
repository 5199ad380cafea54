"""Which posts of a thread a newer capture does not hold, and when that may be said.

Only of a capture of the whole thread, of posts that an earlier one brought, that are not younger than everything in
the newer one, and that no gap which the source owns up to can hide.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from archive.domain.capture import KnownPost, KnownThread
from archive.domain.ids import PostKey, Sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeCapture:
    """All that a source showed of a thread when it was captured, but for its gaps."""

    reading_id: int
    shown: frozenset[int]  # the ids of the posts that it holds
    unknown_texts: frozenset[Sha256]  # that it has under names which the thread did not have them under
    newest: datetime | None  # of its posts
    gaps: frozenset[PostKey | None]  # the posts under which there are more than it gives; None: somewhere


def absent_posts(
    capture: WholeCapture, thread: KnownThread, above: Callable[[KnownPost], KnownPost | None]
) -> Iterator[KnownPost]:
    """Yield the posts that can be said to be absent from the capture.

    :param above: the post that one hangs under, where it is known.
    """
    for post in thread.posts.values():
        if post.id not in capture.shown and _came_before(post, capture) and not _is_hidden(post, capture, above):
            yield post


def _came_before(post: KnownPost, capture: WholeCapture) -> bool:
    readings = {reading for reading, _ in post.seen}
    if post.rolled_back or capture.reading_id in readings or min(readings) > capture.reading_id:
        return False
    if post.fingerprint in capture.unknown_texts:  # its author may have left, and the words stand under no name
        return False
    return post.posted_at is None or (capture.newest is not None and post.posted_at <= capture.newest)


def _is_hidden(post: KnownPost, capture: WholeCapture, above: Callable[[KnownPost], KnownPost | None]) -> bool:
    """Whether the post may be in a gap: its nearest shown ancestor is not known, or has one under it."""
    if not capture.gaps:
        return False
    met: set[int] = set()
    ancestor = above(post)
    while ancestor is not None and ancestor.id not in capture.shown and ancestor.id not in met:
        met.add(ancestor.id)
        ancestor = above(ancestor)
    return None in capture.gaps or ancestor is None or ancestor.id in met or ancestor.key in capture.gaps
