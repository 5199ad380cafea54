"""What the ledger tells last of each collection, beside what is stored of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from archive.domain.ids import CollectionSlug
from archive.services.verify.ledger import parsed
from archive.store.collections import Collection
from archive.store.ledger import read_entries


class Told(NamedTuple):
    """One collection."""

    slug: CollectionSlug
    said: Mapping[str, object] | None  # by the ledger; None: it does not know of it
    stands: Mapping[str, object] | None  # None: nothing is stored

    @property
    def differing(self) -> Sequence[str]:
        """The names of what is not as the ledger says, where both are there."""
        said, stands = self.said or {}, self.stands
        return [] if stands is None else [name for name in said if said[name] != stands.get(name)]


def told_of_collections(
    session: Session,
    act: str,
    stored: InstrumentedAttribute[Any],
    stands: Callable[[int], Mapping[str, object]],
) -> Iterator[Told]:
    """Yield collections of which something is stored, and then those of which only the ledger tells.

    :param stored: the column with the numbers of the former.
    """
    told = {entry.subject: parsed(entry.detail) for entry in read_entries(session) if entry.act == act}
    query = select(Collection.slug, Collection.id).where(Collection.id.in_(select(stored))).order_by(Collection.id)
    for slug, number in session.execute(query):
        yield Told(slug, told.pop(f"collection {slug}", None), stands(number))
    for subject, said in told.items():
        yield Told(CollectionSlug(subject.removeprefix("collection ")), said, None)
