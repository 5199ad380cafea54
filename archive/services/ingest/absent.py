"""What a group of records that is a whole thread does not hold of it."""

from collections.abc import Sequence

from archive.domain.absence import WholeCapture, absent_posts
from archive.domain.capture import KnownPost, KnownThread, Match
from archive.services.ingest.known import Group, Known


def find_absent(known: Known, group: Group, thread: KnownThread, matches: Sequence[Match]) -> list[KnownPost]:
    """The posts of the thread that are absent from the group, whose matches those are, once they are taken.

    Bytes that a batch holds already are no newer capture when they come again.
    """
    if not group.whole or group.reading_id in known.read_before:
        return []
    by_id = {post.id: post for post in thread.posts.values()}
    dates = [match.record.posted_at for match in matches if match.record.posted_at is not None]
    capture = WholeCapture(
        reading_id=group.reading_id,
        shown=frozenset((match.known or thread.posts[match.key]).id for match in matches),
        unknown_texts=frozenset(match.fingerprint for match in matches if match.known is None and not group.numbered),
        newest=max(dates, default=None),
        gaps=frozenset(group.gaps),
    )

    def above(post: KnownPost) -> KnownPost | None:
        return by_id.get(post.parent_id) if post.parent_id is not None else known.at(post.awaits)

    return list(absent_posts(capture, thread, above))
