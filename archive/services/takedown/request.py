"""Asking for a takedown, and declining it."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.flooding import EnoughError, check_waiting
from archive.domain.ids import PublicId
from archive.domain.ledger import Entry
from archive.domain.takedown import (
    MAX_REPLY,
    OPEN,
    REQUESTS,
    NotSaidError,
    ReasonClass,
    TakedownNotAllowedError,
    TakedownState,
)
from archive.errors import ArchiveError
from archive.services.browse import NotFoundError, visible_post
from archive.services.flooding import count_one_more
from archive.services.ledger import A_READER, Actor, record
from archive.services.transaction import writing
from archive.store.ledger import read_entries
from archive.store.takedowns import Takedown, as_recorded, count_open
from archive.store.users import User

# What a step is called in the ledger, and to whoever comes too late.
_DID = {
    "propose takedown": "proposed what to remove",
    "take down": "put this in force",
    "decline takedown": "declined this",
    "ask to lift takedown": "asked for this to be lifted",
    "keep takedown": "left this down",
    "lift takedown": "lifted this",
    "purge": "purged this",
}


class TakedownConflictError(ArchiveError):
    """Somebody else decided since the page was made."""

    def __init__(self, takedown: Takedown, last: Entry | None) -> None:
        self.takedown, self.state, self.version = takedown.id, takedown.state, takedown.version
        self.by = last.actor if last else None
        self.at = last.at if last else None
        did = f"{last.actor} {_DID[last.act]}" if last else "Somebody decided on this"
        super().__init__(f"{did} after your page was made. Your decision was not stored. Look at what stands here now.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks for, every field checked and clean."""

    reason: ReasonClass
    words: str
    name: str
    contact: str


def ask(session: Session, *, post: PublicId, asked: Request, by: User | None, seen_as: Sequence[str]) -> str:
    """Keep a request until moderators decide on it; the token of its page.

    :param seen_as: by what whoever asks is counted: address, browser, account.
    :raises NotFoundError: if there is no such public post.
    :raises TakedownNotAllowedError: if it is down as a whole already.
    :raises TooManyError: if too many came from there.
    :raises EnoughError: if enough requests wait.
    """
    moment = now()
    with writing(session):
        row = visible_post(session, post, drafts=False)
        if row.takedown_id is not None:
            raise TakedownNotAllowedError("This post is down already.")
        count_one_more(session, REQUESTS, seen_as=seen_as, at=moment)
        if count_open(session, post=post) >= REQUESTS.waiting_for_one:
            raise EnoughError(f"{REQUESTS.waiting_for_one} requests on this post wait for moderators already.")
        if by is None:
            check_waiting(REQUESTS, waiting=count_open(session, strangers=True))
        takedown = Takedown(
            token=secrets.token_hex(16),
            post=post,
            version=1,
            state=TakedownState.REQUESTED,
            reason=asked.reason,
            words=asked.words,
            name=asked.name,
            contact=asked.contact,
            asked_by=None if by is None else by.id,
            asked_at=moment,
            scope=None,
            key=secrets.token_hex(16),
            prints=[],
            reply="",
        )
        session.add(takedown)
        note(session, takedown, act="ask for takedown", by=A_READER if by is None else Actor.of(by))
    return takedown.token


def decline(session: Session, *, takedown_id: int, version: int, reply: str, moderator: User) -> None:
    """Decline a request, with a reply to whoever asked.

    :raises NotFoundError: if there is none of that number.
    :raises TakedownConflictError: if somebody decided since the page was made.
    :raises NotSaidError: if no reply is given.
    :raises TakedownNotAllowedError: if it is not open.
    """
    reply = reply.replace("\0", "").strip()
    if not reply:
        raise NotSaidError("Say why; whoever asked can read it. Nothing was stored.")
    if len(reply) > MAX_REPLY:
        raise NotSaidError(f"A reply has at most {MAX_REPLY:,} characters.")
    with writing(session):
        takedown = held(session, takedown_id, version)
        if takedown.state not in OPEN:
            raise TakedownNotAllowedError("Only what waits for a decision can be declined.")
        takedown.state, takedown.reply = TakedownState.DECLINED, reply
        takedown.decided_by, takedown.decided_at = moderator.id, now()
        step(session, takedown, act="decline takedown", by=Actor.of(moderator))


def held(session: Session, takedown_id: int, version: int) -> Takedown:
    """A takedown as the page had it, which nobody else decides on before this has ended.

    :raises NotFoundError: if there is none of that number.
    :raises TakedownConflictError: if somebody decided since the page was made.
    """
    takedown = session.get(Takedown, takedown_id, with_for_update=True, populate_existing=True)
    if takedown is None:
        raise NotFoundError("takedown")
    if takedown.version != version:
        raise TakedownConflictError(takedown, _last_step(session, takedown))
    return takedown


def _last_step(session: Session, takedown: Takedown) -> Entry | None:
    """What was decided last; None if that was in another archive, from which it was taken over."""
    entries = read_entries(session, subject=f"post {takedown.post}")
    steps = [one for one in entries if one.act in _DID and json.loads(one.detail)["takedown"] == takedown.id]
    return steps[-1] if steps else None


def step(session: Session, takedown: Takedown, *, act: str, by: Actor, **more: object) -> None:
    """Count a decision, and write it into the ledger."""
    takedown.version += 1
    note(session, takedown, act=act, by=by, **more)


def note(session: Session, takedown: Takedown, *, act: str, by: Actor, **more: object) -> None:
    """Write into the ledger what has become of a takedown."""
    session.flush()
    record(session, by=by, act=act, subject=f"post {takedown.post}", detail={**as_recorded(takedown), **more})
