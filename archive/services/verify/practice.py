"""The practice of moderators, and since when their votes count, against the ledger."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.source_quality import Level
from archive.services.accounts import ADD
from archive.services.practice import DONE, NO_VOUCH, VOUCH, levels_digest
from archive.services.verify.ledger import parsed
from archive.store.ledger import LedgerEntry
from archive.store.practice import PracticeLevel
from archive.store.users import User

_ACTS = (ADD, DONE, VOUCH, NO_VOUCH)
_MADE = object()  # since the account was made
_ACCOUNTS = select(User.name, User.created_at, User.practised_at).order_by(User.id)
_Round = tuple[str, object]  # name of the account, number of the round


def practice_faults(session: Session) -> Iterator[str]:
    """Yield where what was practised, or since when votes count, is not what the ledger says."""
    since, done = _told(session)
    for name, made, practised_at in session.execute(_ACCOUNTS):
        stands, told = _moment(practised_at), since.get(name)
        told = _moment(made) if told is _MADE else told
        if stands != told:
            yield f"Account {name}: its votes count {_since(stands)}, and the ledger says {_since(told)}."
    stored = _stored(session)
    for (name, number), digest in done.items():
        if levels_digest(stored.get((name, number), ())) != digest:
            yield f"Account {name}: its levels of practice round {number} are not those that the ledger holds."


def _told(session: Session) -> tuple[dict[str, object], dict[_Round, object]]:
    """By account, since when its votes count; and the hash of the levels of each round that was done."""
    since: dict[str, object] = {}
    done: dict[_Round, object] = {}
    query = select(LedgerEntry).where(LedgerEntry.act.in_(_ACTS)).order_by(LedgerEntry.number)
    for entry in session.scalars(query.execution_options(yield_per=1000)):
        detail = parsed(entry.detail)
        name = entry.subject.removeprefix("user ")
        if entry.act == ADD:
            since[name] = _MADE if detail.get("practised") else None
        if "practised_at" in detail:
            since[name] = detail["practised_at"]
        if entry.act == DONE:
            done[name, detail.get("round")] = detail.get("levels")
    return since, done


def _stored(session: Session) -> dict[_Round, list[tuple[str, Level]]]:
    query = select(User.name, PracticeLevel).join(User, User.id == PracticeLevel.user_id)
    found: dict[_Round, list[tuple[str, Level]]] = defaultdict(list)
    for name, row in session.execute(query.execution_options(yield_per=1000)):
        found[name, row.round].append((row.item, row.level))
    return found


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="microseconds")


def _since(moment: object) -> str:
    return f"since {moment}" if moment else "not yet"
