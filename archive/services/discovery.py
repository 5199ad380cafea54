"""What programs that walk the archive are shown: every public thread, in parts, and every public collection."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from archive.domain.ids import CollectionSlug, PublicId
from archive.services.browse import NotFoundError
from archive.store.pages import public_collections
from archive.store.sitemap import Part, part_of_sitemap, parts_of_sitemap, threads_of_part

MOST_COLLECTIONS = 10_000


def parts(session: Session) -> Sequence[Part]:
    """The parts in which a thread is public."""
    return [*parts_of_sitemap(session)]


def part(session: Session, number: int) -> Part:
    """One of them.

    :raises NotFoundError: if no thread in it is public.
    """
    found = part_of_sitemap(session, number)
    if found is None:
        raise NotFoundError("part of the sitemap")
    return found


def threads(session: Session, number: int) -> Iterator[tuple[PublicId, datetime]]:
    """Yield the public threads of a part, with when each changed last."""
    return threads_of_part(session, number)


def collections(session: Session) -> Sequence[CollectionSlug]:
    """Collections of which something is public."""
    return [collection.slug for collection in public_collections(session, limit=MOST_COLLECTIONS)]
