"""What is said of collections, against the ledger; and the topics of threads, against the questions that name them."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.services.collections.about import DESCRIBE, as_recorded
from archive.services.verify.ledger import parsed
from archive.store.about import CollectionAbout, about_in_force
from archive.store.collections import Collection
from archive.store.ledger import read_entries
from archive.store.topics import wrong_topics


def collection_faults(session: Session) -> Iterator[str]:
    """What is said of a collection and is not what the ledger tells last, and topics that no question names."""
    told = {entry.subject: parsed(entry.detail) for entry in read_entries(session) if entry.act == DESCRIBE}
    query = select(Collection.slug, Collection.id).join(CollectionAbout, CollectionAbout.collection_id == Collection.id)
    for slug, number in session.execute(query.order_by(Collection.id)):
        said = told.pop(f"collection {slug}", None)
        if said is None:
            yield f"Collection {slug}: the ledger does not know of what is said of it."
            continue
        stands = as_recorded(*about_in_force(session, number))
        for name in [name for name in said if said[name] != stands.get(name)]:
            yield f"Collection {slug}: its {name} is not what the ledger holds."
    for subject in told:
        yield f"{subject.capitalize()}: the ledger holds what was said of it, and its table does not."
    for thread in wrong_topics(session):
        yield f"Thread {thread}: its topics are not those that its question names."
