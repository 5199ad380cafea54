"""What was given to many answers at once, against the ledger and its votes."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.services.verify.ledger import parsed
from archive.store.bulk_tags import Bulk, as_recorded
from archive.store.ledger import read_entries
from archive.store.users import User
from archive.store.votes import Vote


def bulk_faults(session: Session) -> Iterator[str]:
    """Bulks that are not what the ledger holds, or have not the votes that they gave."""
    told = {
        detail.get("bulk"): {**detail, "moderator": entry.actor}
        for entry in read_entries(session)
        if entry.act == "bulk"
        for detail in (parsed(entry.detail),)
    }
    counted = select(Vote.bulk_id, func.count()).where(Vote.bulk_id.is_not(None)).group_by(Vote.bulk_id)
    votes = {number: count for number, count in session.execute(counted)}  # noqa: C416 - rows are no pairs to mypy
    for bulk, moderator in session.execute(_BULKS.execution_options(yield_per=100)):
        said = told.pop(bulk.id, None)
        if said is None:
            yield f"Bulk {bulk.id}: the ledger does not know of it."
            continue
        stands = {**as_recorded(bulk), "moderator": moderator}
        for name in [name for name in said if said[name] != stands.get(name)]:
            yield f"Bulk {bulk.id}: its {name} is {stands.get(name)}, and the ledger says {said[name]}."
        if votes.get(bulk.id, 0) != bulk.stored:
            yield f"Bulk {bulk.id}: it gave {bulk.stored} votes, and {votes.get(bulk.id, 0)} are of it."
    for number in told:
        yield f"Bulk {number}: the ledger holds it, and the table of bulks does not."


_BULKS = select(Bulk, User.name).join(User, User.id == Bulk.moderator_id).order_by(Bulk.id)
