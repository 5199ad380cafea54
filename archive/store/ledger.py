"""The ledger's table: entries that are only ever appended, and where the chain ends."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    CursorResult,
    ForeignKey,
    Index,
    String,
    Text,
    bindparam,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import Sha256, UserId
from archive.domain.ledger import GENESIS, Entry, Head, chain
from archive.store.base import Base, UtcDateTime
from archive.store.bulk import insert_rows, table_of

_FEW = 20  # entries; what hands over many takes PostgreSQL longer to begin with
_LOCK = 0x466F6F74  # PostgreSQL: whoever appends holds this until the commit, so that the chain has one end


class LedgerEntry(Base):
    """One decision. Names its actor in words too, so that it reads the same when the account is long gone."""

    __tablename__ = "ledger_entry"
    __table_args__ = (Index("ix_ledger_entry_subject", "subject"),)

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[UserId | None] = mapped_column(ForeignKey("user_account.id"))
    actor: Mapped[str] = mapped_column(String(80))
    act: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(120))  # "post 4kq7m2…", "batch 3", "user maud"
    detail: Mapped[str] = mapped_column(Text)  # canonical JSON
    previous: Mapped[Sha256] = mapped_column(String(64))
    sha256: Mapped[Sha256] = mapped_column(String(64))


class LedgerHead(Base):
    """The end of the chain, kept apart: without it, entries cut off the end would not be missed."""

    __tablename__ = "ledger_head"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    number: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[Sha256] = mapped_column(String(64))


Told = tuple[str, str, dict[str, object]]  # act, subject, detail


def append(session: Session, told: Sequence[Told], *, at: datetime, actor_id: UserId | None, actor: str) -> list[Entry]:
    """Add entries at the end of the chain. Their hashes are final once the caller commits."""
    if not told:
        return []
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_HOLD, {"lock": _LOCK})
    session.flush()
    head, entries = read_head(session), list[Entry]()
    for act, subject, detail in told:
        entry = chain(head, at=at, actor=actor, act=act, subject=subject, detail=detail)
        head = Head(number=entry.number, sha256=entry.sha256)
        entries.append(entry)
    rows = [{**asdict(entry), "actor_id": actor_id} for entry in entries]
    if len(rows) > _FEW:
        insert_rows(session, LedgerEntry, rows)
    elif rows:
        session.execute(_INSERT, rows)
    moved = session.execute(_MOVE, {"to": head.number, "hash": head.sha256})
    if cast("CursorResult[Any]", moved).rowcount == 0:
        session.add(LedgerHead(id=1, number=head.number, sha256=head.sha256))
        session.flush()
    return entries


def read_head(session: Session) -> Head:
    """Where the chain ends."""
    row = session.execute(_HEAD).one_or_none()
    return GENESIS if row is None else Head(number=row.number, sha256=row.sha256)


_HOLD = text("SELECT pg_advisory_xact_lock(:lock)")
_INSERT = insert(table_of(LedgerEntry))
_HEAD = select(LedgerHead.number, LedgerHead.sha256).where(LedgerHead.id == 1)
_MOVE = (
    update(table_of(LedgerHead))
    .where(LedgerHead.id == 1)
    .values(number=bindparam("to", type_=BigInteger), sha256=bindparam("hash", type_=String))
)


def read_entries(session: Session, *, subject: str | None = None) -> Iterator[Entry]:
    """The entries in order; those on one subject where it is named."""
    query = select(LedgerEntry).order_by(LedgerEntry.number)
    if subject is not None:
        query = query.where(LedgerEntry.subject == subject)
    for row in session.scalars(query.execution_options(yield_per=1000)):
        yield Entry(
            number=row.number,
            at=row.at,
            actor=row.actor,
            act=row.act,
            subject=row.subject,
            detail=row.detail,
            previous=row.previous,
            sha256=row.sha256,
        )
