"""What is said of collections, against the ledger; and the topics of threads, against the questions that name them."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from archive.services.collections.about import DESCRIBE, as_recorded
from archive.services.verify.told import told_of_collections
from archive.store.about import CollectionAbout, about_in_force
from archive.store.topics import wrong_topics


def collection_faults(session: Session) -> Iterator[str]:
    """What is said of a collection and is not what the ledger tells last, and topics that no question names."""

    def stands(number: int) -> dict[str, object]:
        return as_recorded(*about_in_force(session, number))

    for one in told_of_collections(session, DESCRIBE, CollectionAbout.collection_id, stands):
        if one.said is None:
            yield f"Collection {one.slug}: the ledger does not know of what is said of it."
        elif one.stands is None:
            yield f"Collection {one.slug}: the ledger holds what was said of it, and its table does not."
        for name in one.differing:
            yield f"Collection {one.slug}: its {name} is not what the ledger holds."
    for thread in wrong_topics(session):
        yield f"Thread {thread}: its topics are not those that its question names."
