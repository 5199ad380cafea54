"""Writing to the ledger, in the transaction of the change that it records."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import UserId
from archive.domain.ledger import Entry
from archive.store.ledger import append
from archive.store.users import User

COMMAND_LINE = "command line"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: an account, or whoever sits at the command line."""

    user_id: UserId | None
    name: str

    @classmethod
    def of(cls, user: User | None) -> "Actor":
        """The account as an actor; None stands for the command line."""
        return cls(None, COMMAND_LINE) if user is None else cls(user.id, user.name)


def record(session: Session, *, by: Actor, act: str, subject: str, detail: dict[str, object]) -> Entry:
    """Append an entry. The caller commits it together with what it did."""
    return append(session, at=now(), actor_id=by.user_id, actor=by.name, act=act, subject=subject, detail=detail)
