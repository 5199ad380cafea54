"""The rules of collections' benches against the ledger."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from archive.services.verify.told import told_of_collections
from archive.store.bench_rules import StoredRules, as_recorded, rules_in_force


def rules_faults(session: Session) -> Iterator[str]:
    """Rules that are not those that the ledger tells last."""

    def stands(number: int) -> dict[str, object]:
        return as_recorded(*rules_in_force(session, number))

    for one in told_of_collections(session, "set bench rules", StoredRules.collection_id, stands):
        if one.said is None:
            yield f"Rules of collection {one.slug}: the ledger does not know of them."
        elif one.stands is None:
            yield f"Rules of collection {one.slug}: the ledger holds them, and the table of rules does not."
        else:
            for name in one.differing:
                says = f"{one.stands.get(name)}, and the ledger says {one.said[name]}"
                yield f"Rules of collection {one.slug}: their {name} is {says}."
