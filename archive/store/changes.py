"""What a batch changed in posts that the archive had: revisions beside those before, and posts that it lacks.

What it added that was not there at all is told by the revisions that it brought.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ForeignKey, Index, Row, String, exists, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from archive.domain.ids import PublicId
from archive.domain.records import Markup, PostKind, PostState
from archive.store.base import Base
from archive.store.batches import Batch, BatchInput, in_sight
from archive.store.pages import SHOWN
from archive.store.threads import Post, Revision, RevisionText, Sighting, Thread


class Change(Base):
    """A post that a batch gave another text or another author, or brought back."""

    __tablename__ = "change"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    before_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))  # None: what was there was rolled back
    old_byline: Mapped[str | None] = mapped_column(String(1000))
    new_byline: Mapped[str | None] = mapped_column(String(1000))  # None: the author stays


class Absence(Base):
    """A post that a capture of its whole thread does not hold: that of the last such reading of a batch.

    It stays true whatever becomes of the batch; what readers see of it follows from what is published.
    """

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_post_id", "post_id"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"))


class RevisionLine(NamedTuple):
    """A revision with its text, and where its post is."""

    id: int
    number: int
    captured_at: datetime
    markup: Markup
    state: PostState
    title: str | None
    text: str
    post_id: int
    post: PublicId
    kind: PostKind
    byline: str | None
    thread: PublicId
    thread_title: str


def added_revisions(session: Session, batch_id: int, *, after: int, limit: int) -> Sequence[int]:
    """The first revisions of posts that a batch added, and those that it brought back, in order."""
    readings = select(BatchInput.reading_id).where(BatchInput.batch_id == batch_id)  # without repairs taken back
    brought = select(Revision.id).where(
        Revision.batch_id == batch_id, Revision.number == 1, Revision.id > after, Revision.reading_id.in_(readings)
    )
    back = select(Change.revision_id).where(
        Change.batch_id == batch_id, Change.before_id.is_(None), Change.revision_id > after
    )
    found = [
        *session.scalars(brought.order_by(Revision.id).limit(limit)),
        *session.scalars(back.order_by(Change.revision_id).limit(limit)),
    ]
    return sorted(set(found))[:limit]


def changed_revisions(session: Session, batch_id: int, *, after: int, limit: int) -> Sequence[Row[Any]]:
    """Revisions that a batch put beside others, and those others, in order: `revision_id`, `before_id`, and the two
    by-lines. Where only the author is another, both revisions are the same.
    """
    columns: tuple[Any, ...] = (Change.revision_id, Change.before_id, Change.old_byline, Change.new_byline)
    query = select(*columns).where(
        Change.batch_id == batch_id, Change.before_id.is_not(None), Change.revision_id > after
    )
    return session.execute(query.order_by(Change.revision_id).limit(limit)).all()


def absent_posts(session: Session, batch_id: int, *, after: int, limit: int) -> Sequence[Row[Any]]:
    """Posts that a batch lacks: `post_id`, its newest `revision_id`, and the `name` of the file that lacks it."""
    newest = select(func.max(Revision.id)).where(Revision.post_id == Absence.post_id).scalar_subquery()
    name = (
        select(func.min(BatchInput.name))
        .where(BatchInput.batch_id == batch_id, BatchInput.reading_id == Absence.reading_id)
        .scalar_subquery()
    )
    query = select(Absence.post_id, newest.label("revision_id"), name.label("name"))
    query = query.where(Absence.batch_id == batch_id, Absence.post_id > after)
    return session.execute(query.order_by(Absence.post_id).limit(limit)).all()


def count_changed(session: Session, batch_id: int) -> int:
    """How many posts a batch gave another text, each time, or another author."""
    query = select(func.count()).where(Change.batch_id == batch_id, Change.before_id.is_not(None))
    return session.scalar(query) or 0


def count_absent(session: Session, batch_id: int) -> int:
    """How many posts a batch lacks."""
    return session.scalar(select(func.count()).where(Absence.batch_id == batch_id)) or 0


def revision_lines(session: Session, ids: Iterable[int]) -> dict[int, RevisionLine]:
    """Revisions by their numbers; at most a page of them."""
    query = (
        select(
            Revision.id,
            Revision.number,
            Revision.captured_at,
            Revision.markup,
            Revision.state,
            RevisionText.title,
            RevisionText.text,
            Post.id,
            Post.public_id,
            Post.kind,
            Post.byline,
            Thread.public_id,
            Thread.title,
        )
        .join(RevisionText, RevisionText.revision_id == Revision.id)
        .join(Post, Post.id == Revision.post_id)
        .join(Thread, Thread.id == Post.thread_id)
        .where(Revision.id.in_(list(ids)))
    )
    return {row[0]: RevisionLine._make(row) for row in session.execute(query)}


_ONE_STRETCH = 4  # positions of drafts, or of what is shown elsewhere, for each that is asked for
_Later = aliased(Revision)
_Again = aliased(Revision)


def absences_in_thread(
    session: Session, thread_id: int, positions: Sequence[int], *, drafts: bool
) -> dict[int, datetime]:
    """By post, when the newest capture of its thread came that lacks it, of those that do since it was seen last.

    :param positions: where the posts are that are asked for.
    """
    if not positions:
        return {}
    asked = select(Post.id).where(Post.thread_id == thread_id, _at(positions))

    def seen(reading_id: Any) -> Any:
        held = BatchInput.reading_id == reading_id, Batch.id == BatchInput.batch_id
        return exists().where(*held, in_sight(drafts=drafts))

    noted = aliased(Batch)
    brought = exists().where(
        _Later.post_id == Absence.post_id, _Later.reading_id > Absence.reading_id, seen(_Later.reading_id)
    )
    again = exists().where(
        _Again.post_id == Absence.post_id,
        Sighting.revision_id == _Again.id,
        Sighting.reading_id > Absence.reading_id,
        seen(Sighting.reading_id),
    )
    query = (
        select(Absence.post_id, func.max(noted.started_at))
        .join(noted, noted.id == Absence.batch_id)
        .where(
            Absence.post_id.in_(asked if drafts else asked.where(SHOWN)),
            seen(Absence.reading_id),
            ~brought,
            ~again,
        )
        .group_by(Absence.post_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _at(positions: Sequence[int]) -> ColumnElement[bool]:
    first, last = min(positions), max(positions)
    near = last - first < _ONE_STRETCH * len(positions)
    return Post.position.between(first, last) if near else Post.position.in_(positions)
