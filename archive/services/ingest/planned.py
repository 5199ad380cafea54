"""What a plan says of the posts and threads of a chunk."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.domain.batch import Outcome
from archive.domain.capture import KnownPost, KnownThread
from archive.domain.records import PostRecord
from archive.services.ingest.titles import title_of


@dataclass(frozen=True, slots=True)
class PlannedPost:
    """A post that was read, and what becomes of it."""

    record: PostRecord
    outcome: Outcome
    before_id: int | None  # of a changed one, the revision that it had


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
