"""What an archivist says of a collection: reading it, and writing it with its entry in the ledger."""

from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from archive.domain.collection_about import About
from archive.domain.ids import CollectionSlug
from archive.errors import ArchiveError
from archive.services.browse import any_collection
from archive.services.ledger import Actor, record
from archive.services.transaction import writing
from archive.store.about import CollectionAbout, about_in_force
from archive.store.listing import is_listed
from archive.store.users import User

DESCRIBE = "describe collection"


class AboutConflictError(ArchiveError):
    """Somebody else wrote since the page was made."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else described this collection after your page was made. Nothing was overwritten or stored: what "
            "you wrote is still in the form, and what stands now is below it."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutPage:
    """What is said of a collection."""

    slug: CollectionSlug
    name: str
    about: About
    version: int  # 0: nothing was ever said
    is_public: bool  # whether readers see the collection


def about_page(session: Session, slug: str) -> AboutPage:
    """What is said of a collection, whether or not anything of it is public.

    :raises NotFoundError: if there is no such collection.
    """
    collection = any_collection(session, slug)
    about, version = about_in_force(session, collection.id)
    return AboutPage(
        slug=collection.slug,
        name=collection.name,
        about=about,
        version=version,
        is_public=is_listed(session, collection.id),
    )


def describe(session: Session, slug: str, about: About, *, version: int, by: User) -> None:
    """Say that of a collection. The same again changes nothing.

    :param version: of what was said, as the page had it.
    :raises NotFoundError: if there is no such collection.
    :raises AboutConflictError: if somebody said something else since.
    """
    with writing(session):
        collection = any_collection(session, slug, held=True)
        before, newest = about_in_force(session, collection.id)
        if about == before:
            return
        if newest != version:
            raise AboutConflictError
        session.merge(CollectionAbout(collection_id=collection.id, version=newest + 1, **asdict(about)))
        session.flush()
        subject = f"collection {collection.slug}"
        record(session, by=Actor.of(by), act=DESCRIBE, subject=subject, detail=as_recorded(about, newest + 1))


def as_recorded(about: About, version: int) -> dict[str, object]:
    """What is said of a collection as the ledger holds it."""
    return {**asdict(about), "version": version}
