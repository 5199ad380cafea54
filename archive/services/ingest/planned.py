"""What a plan says of the posts and threads of a chunk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from archive.domain.batch import Outcome
from archive.domain.capture import KnownPost, KnownThread, Match
from archive.domain.ids import PostKey
from archive.domain.records import PostRecord
from archive.services.ingest.titles import title_of

Names = tuple[str | None, str | None]  # by-lines of a post: the one before, and the one now


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post that was read, and what becomes of it."""

    record: PostRecord
    outcome: Outcome
    before_id: int | None  # of a changed one, the revision that it had
    names: Names | None = None  # where it gets another
    key: PostKey | None = None  # under which it is known; None where nobody asks


@dataclass(frozen=True, slots=True)
class PlannedThread:
    """A group, what becomes of each of its posts, and the threads that they are in: a source may contradict itself."""

    thread: KnownThread
    thread_ids: frozenset[int]
    posts: Sequence[PlannedPost]
    absent: Sequence[KnownPost]  # what the archive has of the thread, and this newer capture of it lacks

    @property
    def title(self) -> str:
        """The thread's title, as far as the group tells it."""
        return title_of([post.record for post in self.posts])


def known_post(row: dict[str, Any], match: Match, reading_id: int) -> KnownPost:
    """A post that is about to be written; its revision follows."""
    return KnownPost(
        id=row["id"],
        thread_id=row["thread_id"],
        key=match.key,
        said_thread_id=row["source_thread_id"] or row["thread_id"],
        kind=match.record.kind,
        stands_as=row["kind"],
        byline=match.record.byline,
        fingerprint=match.fingerprint,
        markup=match.record.markup,
        revision_id=0,
        is_earlier=match.record.is_earlier,
        last_number=0,
        seen={},
        live=set(),
        in_batch=True,
        parent_id=row["parent_id"],
        position=-1,
        depth=-1,
        posted_at=match.record.posted_at,
        awaits=row["awaits"],
        edge=match.record.edge,
        row=row,
        author_id=row["author_id"],
        namer=reading_id,
    )
