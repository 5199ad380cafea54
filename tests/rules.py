"""Rules that a collection has set for its moderators."""

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.bench_rules import BenchRules
from archive.store.bench_rules import StoredRules
from archive.store.collections import Collection


def set_rules(session: Session, **fields: object) -> None:
    """Have every collection set these rules; the others are as usual."""
    for number in session.scalars(select(Collection.id)):
        session.merge(StoredRules(collection_id=number, version=1, **{**asdict(BenchRules()), **fields}))
    session.commit()
