"""What the worker does while nobody wants anything else of it: assessing the answers that were published.

In small pieces, and never beside an import: whoever wants to write waits for no more than one of them.
"""

import logging
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine, func, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from archive.services import assess
from archive.store.import_lock import import_under_way
from archive.store.ledger import LedgerEntry

ANSWERS_A_PIECE = 50
_MOVING = ("move", "put back")  # a reply may be an answer where it hangs then

_log = logging.getLogger(__name__)


class SpareTime:
    """One pass after another over what is not assessed, a pass for each change of what is public."""

    def __init__(self, engine: Engine, *, originals: Path, at_work: Lock) -> None:
        self._engine, self._originals, self._at_work = engine, originals, at_work
        self._pass: tuple[int, str] | None = None  # up to which entry of the ledger, and by which engine
        self._after: int | None = 0  # how far the pass is; None: it has ended

    def use(self) -> bool:
        """Do a piece, if there is one and nothing else is going on; whether there may be another."""
        if not self._at_work.acquire(blocking=False):
            return False
        try:
            if import_under_way(self._originals) is not None:
                return False
            with Session(self._engine, expire_on_commit=False) as session:
                return self._do_piece(session)
        except (DBAPIError, OSError) as error:  # the next look may find it gone
            _log.warning("Nothing can be assessed at the moment: %s", error)
            return False
        finally:
            self._at_work.release()

    def _do_piece(self, session: Session) -> bool:
        if self._after is None and not self._has_changed(session):
            return False
        if self._pass is None or self._after is None:
            newest = session.scalar(select(func.max(LedgerEntry.number))) or 0
            self._pass, self._after = (newest, assess.current_engine(session)), 0
        self._after = assess.assess_some(session, after=self._after, limit=ANSWERS_A_PIECE)
        return self._after is not None

    def _has_changed(self, session: Session) -> bool:
        """Whether something may have become public since the pass began, or another engine is used now."""
        if self._pass is None or self._pass[1] != assess.current_engine(session):
            return True
        query = select(LedgerEntry.number).where(
            LedgerEntry.number > self._pass[0],
            or_(LedgerEntry.subject.like("batch %"), LedgerEntry.act.in_(_MOVING)),
        )
        return session.scalar(query.limit(1)) is not None
