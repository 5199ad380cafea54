"""Posts that a capture of a thread says there are, and does not give."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, String, bindparam, exists, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import PublicId
from archive.store.base import Base
from archive.store.batches import Batch, BatchInput, in_sight
from archive.store.parts import parts
from archive.store.threads import Post, Revision, Sighting

SOMEWHERE = PublicId("")  # in the thread, where the source does not say under which post


class Gap(Base):
    """How many posts a reading leaves out below a post. It stays true; readers see it while that is published."""

    __tablename__ = "gap"
    __table_args__ = (Index("ix_gap_thread_id", "thread_id"),)

    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"), primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"), primary_key=True)
    parent: Mapped[PublicId] = mapped_column(String(14), primary_key=True)  # an address, whether or not it has come
    posts: Mapped[int]


class GapRow(NamedTuple):
    """What the newest capture that says so leaves out below a post."""

    parent: PublicId
    posts: int
    reading_id: int
    received_at: datetime


def gaps_of_thread(session: Session, thread_id: int, *, drafts: bool) -> Sequence[GapRow]:
    """The gaps of a thread, by the post under which they are."""
    rows = session.connection().execute(_gaps(drafts=drafts), {"thread_id": thread_id})
    newest = {row[0]: GapRow._make(row) for row in rows}
    return [newest[parent] for parent in sorted(newest)]


@cache
def _gaps(*, drafts: bool) -> Any:
    return (
        select(Gap.parent, Gap.posts, Gap.reading_id, func.min(Batch.started_at))
        .join(BatchInput, BatchInput.reading_id == Gap.reading_id)
        .join(Batch, Batch.id == BatchInput.batch_id)
        .where(Gap.thread_id == bindparam("thread_id"), in_sight(drafts=drafts))
        .group_by(Gap.parent, Gap.posts, Gap.reading_id)
        .order_by(Gap.reading_id)
    )


def shown_by(session: Session, thread_id: int, positions: tuple[int, int]) -> set[tuple[int, int]]:
    """Which readings show which posts of a part of a thread: pairs of their numbers.

    :param positions: the first and the last of the posts that are asked for.
    """
    asked = Revision.post_id.in_(select(Post.id).where(Post.thread_id == thread_id, Post.position.between(*positions)))
    brought = select(Revision.reading_id, Revision.post_id).where(asked)
    again = select(Sighting.reading_id, Revision.post_id).join(Revision, Revision.id == Sighting.revision_id)
    return {(row[0], row[1]) for query in (brought, again.where(asked)) for row in session.execute(query)}


def count_not_shown_by(session: Session, reading_id: int, thread_id: int) -> int:
    """How many public posts of a thread a reading does not show."""
    brought = exists().where(Revision.post_id == Post.id, Revision.reading_id == reading_id)
    again = exists().where(
        Revision.post_id == Post.id, Sighting.revision_id == Revision.id, Sighting.reading_id == reading_id
    )
    query = select(func.count()).select_from(Post).where(Post.thread_id == thread_id, Post.public, ~brought, ~again)
    return session.scalar(query) or 0


def which_are_public(session: Session, addresses: Collection[PublicId]) -> set[PublicId]:
    """Those of some addresses at which readers see a post."""
    found: set[PublicId] = set()
    for part in parts(sorted(addresses)):
        found.update(session.scalars(select(Post.public_id).where(Post.public_id.in_(part), Post.public)))
    return found
