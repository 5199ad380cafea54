"""Counting what anybody may send in, in the transaction that stores it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from archive.domain.flooding import Limit, TooManyError
from archive.store.attempts import Attempt, count_attempts, counting_lock, forget_attempts


def count_one_more(session: Session, limit: Limit, *, seen_as: Sequence[str], at: datetime) -> None:
    """Count something that was sent in; nobody else's is counted until this transaction ends.

    :param seen_as: by what whoever sends is counted: address, browser, account.
    :raises TooManyError: if too many came from there.
    """
    counting_lock(session)
    since = at - limit.within
    forget_attempts(session, limit.sent, before=since)
    if count_attempts(session, limit.sent, seen_as, since=since) >= limit.most:
        raise TooManyError(limit)
    session.add_all(Attempt(sent=limit.sent, sender=sender, at=at) for sender in seen_as)
