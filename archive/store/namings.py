"""Namings: what captures call the author of a post, where they do not all say the same."""

from collections.abc import Iterable

from sqlalchemy import ForeignKey, Index, String, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.store.base import Base
from archive.store.parts import parts


class Naming(Base):
    """The author whom a reading names for a post. There is none as long as all captures of the post agree; from the
    first that does not, one of each later reading, and one of the reading that brought the post.
    """

    __tablename__ = "naming"
    __table_args__ = (Index("ix_naming_post_id", "post_id"),)

    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    byline: Mapped[str | None] = mapped_column(String(1000))  # as printed; None: nothing is said
    author_id: Mapped[int | None] = mapped_column(ForeignKey("author.id"))


def names_given(session: Session, post_ids: Iterable[int]) -> dict[int, dict[int, str | None]]:
    """By post, of those on which captures differ, the names by reading."""
    ids, names = sorted({*post_ids}), dict[int, dict[int, str | None]]()
    among = Naming.post_id.between(ids[0], ids[-1]) if ids else None
    if among is None or not session.scalar(select(exists().where(among))):
        return names
    for part in parts(ids):
        query = select(Naming.post_id, Naming.reading_id, Naming.byline).where(Naming.post_id.in_(part))
        for post_id, reading_id, byline in session.execute(query):
            names.setdefault(post_id, {})[reading_id] = byline
    return names
