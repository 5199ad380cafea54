"""The rules of collections' benches against the ledger."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.services.verify.ledger import parsed
from archive.store.bench_rules import StoredRules, as_recorded, rules_in_force
from archive.store.collections import Collection
from archive.store.ledger import read_entries


def rules_faults(session: Session) -> Iterator[str]:
    """Rules that are not those that the ledger tells last."""
    told = {entry.subject: parsed(entry.detail) for entry in read_entries(session) if entry.act == "set bench rules"}
    query = select(Collection.slug, StoredRules.collection_id).join(
        StoredRules, StoredRules.collection_id == Collection.id
    )
    for slug, number in session.execute(query.order_by(Collection.id)):
        said = told.pop(f"collection {slug}", None)
        if said is None:
            yield f"Rules of collection {slug}: the ledger does not know of them."
            continue
        stands = as_recorded(*rules_in_force(session, number))
        for name in [name for name in said if said[name] != stands.get(name)]:
            yield f"Rules of collection {slug}: their {name} is {stands.get(name)}, and the ledger says {said[name]}."
    for subject in told:
        yield f"Rules of {subject}: the ledger holds them, and the table of rules does not."
