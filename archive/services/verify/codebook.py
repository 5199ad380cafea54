"""Versions of the codebook, against the ledger."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.services.codebook.versions import EDIT, SUBJECT
from archive.services.verify.ledger import parsed
from archive.store.codebook import CodebookVersion, as_recorded
from archive.store.ledger import read_entries
from archive.store.users import User


def codebook_faults(session: Session) -> Iterator[str]:
    """Yield where versions of the codebook are not what the ledger holds."""
    told = {
        detail.get("version"): {**detail, "actor": entry.actor}
        for entry in read_entries(session, subject=SUBJECT)
        if entry.act == EDIT
        for detail in [parsed(entry.detail)]
    }
    query = select(CodebookVersion, User.name).join(User, User.id == CodebookVersion.by_id)
    for version, name in session.execute(query.order_by(CodebookVersion.number)):
        entry = told.pop(version.number, None)
        if entry is None:
            yield f"Codebook, version {version.number}: the ledger does not know of it."
            continue
        stands = {**as_recorded(version), "actor": name}
        for what in [what for what in entry if entry[what] != stands.get(what)]:
            yield f"Codebook, version {version.number}: its {what} is not the one that the ledger holds."
    for number in told:
        yield f"Codebook, version {number}: the ledger holds it, and the table of versions does not."
