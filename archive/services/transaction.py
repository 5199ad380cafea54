"""How a use case writes: one transaction that says at its start that it will write. And how a long look reads."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from archive.store.engine import BUSY_TIMEOUT_MS, PATIENCE_MS, WRITES
from archive.store.turns import turn


@contextmanager
def writing(session: Session, *, patience_ms: int = BUSY_TIMEOUT_MS) -> Iterator[None]:
    """Commit what the block does, or nothing of it.

    What the session read before is let go of, so that the block decides on what is stored now.

    :param patience_ms: how long to wait for others that write.
    """
    session.rollback()
    with turn(session.get_bind().engine, patience_ms=patience_ms) as left:
        try:
            session.connection(execution_options={WRITES: True, PATIENCE_MS: left})
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise


def look_at_one_moment(session: Session) -> None:
    """Begin to read what is stored now; what others commit meanwhile is not seen until the transaction ends.

    On SQLite every transaction is like that.
    """
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
