"""The list of what is down, taken from one archive to another: addresses, hashes and reasons, and no words."""

import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import PublicId, Sha256
from archive.domain.takedown import ReasonClass, Scope, TakedownState
from archive.errors import ArchiveError
from archive.services.ledger import Actor
from archive.services.takedown.decide import apply
from archive.services.takedown.request import note
from archive.services.takedown.sealing import hold
from archive.services.transaction import writing
from archive.store.publishing import arranging_lock
from archive.store.takedowns import Suppressed, Takedown, posts_under


class ListError(ArchiveError):
    """A line is none of a list of takedowns."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(f"Line {number} is not one of a list of takedowns. Nothing was taken over.")


def list_lines(session: Session) -> Iterator[dict[str, Any]]:
    """Yield what is in force, in order, each to be written as a line of JSON."""
    query = select(Takedown).where(Takedown.state == TakedownState.IN_FORCE).order_by(Takedown.id)
    for takedown in session.scalars(query):
        prints = select(Suppressed.fingerprint).where(Suppressed.takedown_id == takedown.id)
        yield {
            "post": takedown.post,
            "reason": takedown.reason,
            "scope": takedown.scope,
            "key": takedown.key,
            "prints": takedown.prints,
            "texts": [*session.scalars(prints.order_by(Suppressed.fingerprint))],
            "since": takedown.decided_at,
        }


def take_over(session: Session, lines: Iterable[bytes], *, by: Actor) -> int:
    """Put in force what another archive, or this one before it was restored, has in force; how many were new.

    :raises ListError: if a line cannot be read, and then nothing is taken over.
    """
    told = [_read(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    with writing(session):
        arranging_lock(session)
        taken = [_put_down(session, one) for one in told if not _is_down(session, one)]
        hold(session, sorted({post for takedown in taken for post in posts_under(session, takedown)}))
        for takedown in taken:
            note(session, takedown, act="take over takedown", by=by)
            apply(session, takedown)
    return len(taken)


def _is_down(session: Session, told: dict[str, Any]) -> bool:
    known = select(Takedown.id).where(
        Takedown.post == told["post"], Takedown.key == told["key"], Takedown.state == TakedownState.IN_FORCE
    )
    return session.scalar(known) is not None


def _put_down(session: Session, told: dict[str, Any]) -> Takedown:
    takedown = _takedown(told)
    session.add(takedown)
    session.flush()
    session.add_all(Suppressed(takedown_id=takedown.id, fingerprint=text) for text in told["texts"])
    session.flush()
    return takedown


def _takedown(told: dict[str, Any]) -> Takedown:
    return Takedown(
        token=secrets.token_hex(16),
        post=told["post"],
        version=1,
        state=TakedownState.IN_FORCE,
        reason=told["reason"],
        words="",
        name="",
        contact="",
        asked_at=now(),
        scope=told["scope"],
        key=told["key"],
        prints=told["prints"],
        decided_at=told["since"],
        reply="",
    )


def _read(number: int, line: bytes) -> dict[str, Any]:
    try:
        told = orjson.loads(line)
        return {
            "post": PublicId(str(told["post"])[:14]),
            "reason": ReasonClass(told["reason"]),
            "scope": Scope(told["scope"]),
            "key": str(told["key"])[:32],
            "prints": [[int(words), str(sha256)[:64]] for words, sha256 in told["prints"]],
            "texts": sorted({Sha256(str(text)[:64]) for text in told["texts"]}),
            "since": datetime.fromisoformat(told["since"]),
        }
    except (ValueError, TypeError, KeyError) as error:
        raise ListError(number) from error
