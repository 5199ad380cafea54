"""What a batch changed in posts that the archive had: revisions beside those before, and posts that it lacks.

What it added that was not there at all is told by the revisions that it brought.
"""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from archive.store.base import Base


class Change(Base):
    """A post that a batch gave another text, or brought back."""

    __tablename__ = "change"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    before_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"))  # None: what was there was rolled back


class Absence(Base):
    """A post that a capture of its whole thread does not hold: that of the last such reading of a batch.

    It stays true whatever becomes of the batch; what readers see of it follows from what is published.
    """

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_post_id", "post_id"),)

    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"))
