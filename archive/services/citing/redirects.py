"""Passing on where old addresses lead: a map of one collection, for the server that stands where it came from."""

from collections.abc import Iterator, Sequence

import orjson
from sqlalchemy.orm import Session

from archive.domain.citing.redirects import WITHOUT_ADDRESSES, Lead, MapForm, Source, old_paths, written
from archive.domain.records import PostKind
from archive.services.browse import visible_collection
from archive.services.transaction import look_at_one_moment
from archive.store.collections import Collection
from archive.store.old_places import collections_read_from_others, numbered_posts
from archive.store.pages import public_collections


def redirect_map(session: Session, collection: str, form: MapForm, *, home: str) -> Iterator[str]:
    """The lines of a map from old addresses to permalinks; what is not public, or is down, is not in it.

    :param home: the address of the archive, without a slash at its end.
    :raises NotFoundError: if there is no such collection, or nothing of it is public. Before the first line.
    """
    number = visible_collection(session, collection).id
    look_at_one_moment(session)
    return written(form, lambda: _leads(session, number, home))


def mapped_collections(session: Session) -> Sequence[Collection]:
    """The public collections whose sources may have had addresses, by name."""
    mapped = collections_read_from_others(session, WITHOUT_ADDRESSES)
    return [one for one in public_collections(session) if one.id in mapped]


def _leads(session: Session, collection_id: int, home: str) -> Iterator[Lead]:
    for row in numbered_posts(session, collection_id):
        address = orjson.loads(row.facts).get("address") if row.facts else None
        source = Source(
            format=row.format,
            key=row.source_key,
            thread=row.thread,
            kind=PostKind(row.kind),
            address=address if isinstance(address, str) else None,
        )
        for old in old_paths(source):
            yield Lead(old, f"{home}/posts/{row.public_id}", row.thread)
