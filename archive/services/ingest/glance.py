"""A glance at a batch that is too large for a dry run while somebody waits: what its first posts tell."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.services.ingest.publish import find_batch
from archive.services.ingest.run import sources_of
from archive.services.ingest.sites import refuse_other_sites
from archive.store.collections import Collection
from archive.store.vault import Vault

_MOST_FILES = 200
_MOST_BYTES = 256 * 1024  # of each; 200 posts and more


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that would be refused."""

    name: str
    reason: str


def refused_at_a_glance(session: Session, vault: Vault, batch_id: int) -> Sequence[RefusedFile]:
    """The files of a received batch that are of another site than its collection, as their first posts tell.

    An import compares all posts, so that it may refuse more.

    :raises NoSuchBatchError: if there is no such batch.
    """
    batch = find_batch(session, batch_id)
    collection = session.get_one(Collection, batch.collection_id)
    with closing(sources_of(session, vault, batch_id, most=_MOST_FILES)) as sources:
        found = refuse_other_sites(
            session, sources, collection=collection, format_name=batch.format, most_bytes=_MOST_BYTES
        )
        return [RefusedFile(source.name, source.refusal.reason) for source in found if source.refusal is not None]
