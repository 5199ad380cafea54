"""The rules that collections set for their moderators."""

from collections.abc import Sequence
from dataclasses import asdict, fields

from sqlalchemy import ForeignKey, Integer, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.bench_rules import BenchRules, Showing
from archive.store.base import Base, Word, one_of
from archive.store.parts import parts
from archive.store.threads import Thread


class StoredRules(Base):
    """The rules of a collection that has set them."""

    __tablename__ = "bench_rules"
    __table_args__ = (one_of("showing", Showing),)

    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id"), primary_key=True)
    votes_needed: Mapped[int] = mapped_column(Integer)
    double_percent: Mapped[int] = mapped_column(Integer)
    showing: Mapped[Showing] = mapped_column(Word(Showing))
    uncertain_percent: Mapped[int] = mapped_column(Integer)
    random_percent: Mapped[int] = mapped_column(Integer)
    second_percent: Mapped[int] = mapped_column(Integer)
    audit_percent: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)  # counts their changes, so that none is overwritten unseen


RULES = tuple(field.name for field in fields(BenchRules))


def rules_of(session: Session, collection_id: int) -> BenchRules:
    """The rules of a collection."""
    return rules_in_force(session, collection_id)[0]


def all_rules(session: Session) -> dict[int, BenchRules]:
    """The rules of those collections that have set them, by number."""
    return {stored.collection_id: _rules(stored) for stored in session.scalars(select(StoredRules))}


def as_recorded(rules: BenchRules, version: int) -> dict[str, object]:
    """Rules as the ledger holds them."""
    return {**asdict(rules), "version": version}


def rules_by_thread(session: Session, threads: Sequence[int]) -> dict[int, BenchRules]:
    """The rules of threads' collections."""
    collections: dict[int, int] = {}
    for part in parts(sorted(set(threads))):
        query = select(Thread.id, Thread.collection_id).where(Thread.id.in_(part))
        collections.update((row.id, row.collection_id) for row in session.execute(query))
    rules = {number: rules_of(session, number) for number in set(collections.values())}
    return {thread: rules[number] for thread, number in collections.items()}


def rules_in_force(session: Session, collection_id: int) -> tuple[BenchRules, int]:
    """The same, and their version; 0 where they were never set."""
    stored = session.execute(_OF_COLLECTION, {"collection": collection_id}).one_or_none()
    return (
        (BenchRules(), 0) if stored is None else (BenchRules(**dict(zip(RULES, stored, strict=False))), stored.version)
    )


_OF_COLLECTION = select(*(getattr(StoredRules, name) for name in RULES), StoredRules.version).where(
    StoredRules.collection_id == bindparam("collection")
)


def rules_of_thread(session: Session, thread_id: int) -> BenchRules:
    """The rules of a thread's collection."""
    return rules_of(session, session.scalars(_COLLECTION, {"thread": thread_id}).one())


_COLLECTION = select(Thread.collection_id).where(Thread.id == bindparam("thread"))


def _rules(stored: StoredRules) -> BenchRules:
    return BenchRules(**{name: getattr(stored, name) for name in RULES})
