"""Collections: a community or a list each."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import CollectionSlug
from archive.domain.searching.stems import DEFAULT_LANGUAGE
from archive.store.base import Base, UtcDateTime


class Collection(Base):
    """A community or a list, by the name that its addresses carry."""

    __tablename__ = "collection"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[CollectionSlug] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    language: Mapped[str] = mapped_column(String(20), default=DEFAULT_LANGUAGE)  # whose endings searches know


def find_collection(session: Session, slug: str, *, held: bool = False) -> Collection | None:
    """The collection with that name in its address.

    :param held: whether nobody else may change what belongs to it before the transaction has ended.
    """
    query = select(Collection).where(Collection.slug == slug)
    return session.scalar(query.with_for_update(key_share=True) if held else query)


def list_collections(session: Session, *, limit: int = 500) -> Sequence[Collection]:
    """Collections by name."""
    return session.scalars(select(Collection).order_by(Collection.name, Collection.id).limit(limit)).all()
