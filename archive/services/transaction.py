"""How a use case writes: one transaction that says at its start that it will write."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from archive.store.engine import WRITES


@contextmanager
def writing(session: Session) -> Iterator[None]:
    """Commit what the block does, or nothing of it.

    What the session read before is let go of, so that the block decides on what is stored now.
    """
    session.rollback()
    session.connection(execution_options={WRITES: True})
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise
