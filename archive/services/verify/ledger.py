"""What entries of the ledger tell, and which of them cannot be read."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.store.ledger import LedgerEntry


def parsed(detail: str) -> dict[str, object]:
    """What an entry tells; nothing where it was made unreadable, which its hash will show."""
    try:
        found = json.loads(detail)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def first_unreadable(session: Session) -> str | None:
    """A sentence on the first entry that cannot even be read."""
    for number in session.scalars(select(LedgerEntry.number).order_by(LedgerEntry.number)).all():
        try:
            session.execute(select(LedgerEntry.__table__).where(LedgerEntry.number == number)).one()
        except (ValueError, TypeError) as error:
            return f"Ledger entry {number}: it cannot be read: {error}."
    return None
