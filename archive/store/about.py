"""What archivists say of collections: what they are, under which licence the texts stand, and where they come from."""

from sqlalchemy import ForeignKey, Integer, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.collection_about import About
from archive.store.base import Base


class CollectionAbout(Base):
    """What stands on the page of a collection."""

    __tablename__ = "collection_about"

    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)  # counts its changes, so that none is overwritten unseen
    description: Mapped[str] = mapped_column(Text)
    licence: Mapped[str] = mapped_column(Text)
    provenance: Mapped[str] = mapped_column(Text)


def about_in_force(session: Session, collection_id: int) -> tuple[About, int]:
    """What is said of a collection, and the version of it; 0 where nothing was ever said."""
    stored = session.get(CollectionAbout, collection_id)
    if stored is None:
        return About(), 0
    return About(description=stored.description, licence=stored.licence, provenance=stored.provenance), stored.version


def descriptions(session: Session) -> dict[int, str]:
    """What collections are, by their numbers; nothing of those of which nobody has said it."""
    query = select(CollectionAbout.collection_id, CollectionAbout.description)
    return {
        row.collection_id: row.description for row in session.execute(query.where(CollectionAbout.description != ""))
    }
