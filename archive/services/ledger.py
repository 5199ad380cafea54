"""Writing to the ledger, in the transaction of the change that it records."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import UserId
from archive.domain.ledger import Entry
from archive.store.ledger import Told, append
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


A_READER = Actor(None, "a reader")  # with a blank: no account can have that name


def record(session: Session, *, by: Actor, act: str, subject: str, detail: dict[str, object]) -> Entry:
    """Append an entry. The caller commits it together with what it did."""
    return record_all(session, [(act, subject, detail)], by=by)[0]


def record_all(session: Session, told: Sequence[Told], *, by: Actor) -> list[Entry]:
    """Append entries, each of an act, its subject and what is told of it."""
    return append(session, told, at=now(), actor_id=by.user_id, actor=by.name)
