"""What a moderator does with an answer without voting: pass it over, leave or hold it, tell the team of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import PublicId, UserId
from archive.domain.moderation import TagNotAllowedError, check_post, clean_note
from archive.services.browse import NotFoundError
from archive.services.decisions import held_post
from archive.services.ledger import Actor, record
from archive.services.transaction import writing
from archive.store.acts import ActKind, add_act
from archive.store.holds import Hold, TeamNote, end_holds, find_note, notes_on, open_holds
from archive.store.tags import Skip
from archive.store.threads import Post
from archive.store.users import User, find_user, moderators


@dataclass(frozen=True, slots=True)
class NoteLine:
    """What a colleague said."""

    id: int
    text: str
    by: str
    at: datetime
    on_author: bool  # rather than on the one answer
    own: bool


@dataclass(frozen=True, slots=True)
class HoldLine:
    """An answer that somebody left to somebody else."""

    post: PublicId
    title: str
    author: str
    by: str
    meant_for: str | None  # None: anybody else
    note: str
    at: datetime
    mine: bool  # for the one who looks


def skip(session: Session, *, post: PublicId, moderator: User) -> None:
    """Pass over an answer; it comes back when the queue has no other.

    :raises NotFoundError: if there is no such post.
    """
    with writing(session):
        row, moment = held_post(session, post), now()
        session.merge(Skip(moderator_id=moderator.id, post_id=row.id, at=moment))
        add_act(session, moderator.id, ActKind.SKIP, at=moment, post=row.id)


def leave(session: Session, *, post: PublicId, moderator: User) -> None:
    """Say that an answer was read and stays as it is; it comes back to this moderator no more.

    :raises NotFoundError: if there is no such post.
    :raises TagNotAllowedError: if it is no answer.
    """
    with writing(session):
        row, moment = held_post(session, post), now()
        check_post(kind=row.kind, public=row.public)
        add_act(session, moderator.id, ActKind.LEAVE, at=moment, post=row.id)
        as_it_is: dict[str, object] = {"level": row.level, "at": moment.isoformat(timespec="microseconds")}
        record(session, by=Actor.of(moderator), act="leave as is", subject=f"post {post}", detail=as_it_is)


def hold(session: Session, *, post: PublicId, meant_for: str, note: str, moderator: User) -> None:
    """Leave an answer to a colleague, or to anybody else where none is named.

    :raises NotFoundError: if there is no such post.
    :raises TagNotAllowedError: if it is no answer, or there is no such colleague.
    """
    with writing(session):
        row, moment = held_post(session, post), now()
        check_post(kind=row.kind, public=row.public)
        colleague = None if not meant_for else _colleague(session, meant_for, moderator)
        end_holds(session, row.id, at=moment)
        held = Hold(
            thread_id=row.thread_id,
            post_id=row.id,
            by_id=moderator.id,
            for_id=None if colleague is None else colleague.id,
            note=clean_note(note),
            at=moment,
            ended_at=None,
        )
        session.add(held)
        session.flush()
        add_act(session, moderator.id, ActKind.HOLD, at=moment, post=row.id, what=held.id)
        told: dict[str, object] = {"hold": held.id, "for": meant_for or None, "note": held.note}
        record(session, by=Actor.of(moderator), act="hold", subject=f"post {post}", detail=told)


def holds(session: Session, moderator: UserId, *, limit: int = 200) -> Sequence[HoldLine]:
    """The answers that are held, the oldest first; those for oneself before others."""
    lines = [
        HoldLine(
            post=row.post,
            title=row.title,
            author=row.author or "nobody named",
            by=row.by,
            meant_for=row.meant_for,
            note=row.hold.note,
            at=row.hold.at,
            mine=row.hold.for_id == moderator or (row.hold.for_id is None and row.hold.by_id != moderator),
        )
        for row in open_holds(session, limit=limit)
    ]
    return sorted(lines, key=lambda line: not line.mine)


def add_note(session: Session, *, post: PublicId, on_author: bool, text: str, moderator: User) -> None:
    """Tell the team something of an answer, or of its author.

    :raises NotFoundError: if there is no such post.
    :raises TagNotAllowedError: if nothing is said, or nobody is named as the author.
    """
    text = clean_note(text)
    if not text:
        raise TagNotAllowedError("The note says nothing. Nothing was stored.")
    with writing(session):
        row = held_post(session, post)
        author = session.get_one(Post, row.id).author_id if on_author else None
        if on_author and author is None:
            raise TagNotAllowedError("No author is named, of whom a note could be kept. Nothing was stored.")
        note = TeamNote(
            post_id=None if author else row.id,
            author_id=author,
            by_id=moderator.id,
            at=now(),
            text=text,
            removed_at=None,
        )
        session.add(note)
        session.flush()
        subject = f"author {row.author_id}" if author else f"post {post}"
        told: dict[str, object] = {"note": note.id, "text": text}
        record(session, by=Actor.of(moderator), act="team note", subject=subject, detail=told)


def remove_note(session: Session, *, note: int, moderator: User) -> None:
    """Show one's own note to the team no longer.

    :raises NotFoundError: if there is no such note of one's own.
    """
    with writing(session):
        found = find_note(session, note)
        if found is None or found.by_id != moderator.id:
            raise NotFoundError("note of yours")
        found.removed_at = now()
        detail: dict[str, object] = {"note": found.id}
        record(session, by=Actor.of(moderator), act="remove team note", subject=f"note {found.id}", detail=detail)


def notes(session: Session, post_id: int, *, moderator: UserId) -> Sequence[NoteLine]:
    """What the team said of an answer and of its author, the newest first."""
    return [
        NoteLine(
            id=row.note.id,
            text=row.note.text,
            by=row.by,
            at=row.note.at,
            on_author=row.note.author_id is not None,
            own=row.note.by_id == moderator,
        )
        for row in notes_on(session, post_id)
    ]


def colleagues(session: Session, *, but: UserId) -> Sequence[str]:
    """The names of the other moderators, in their order."""
    return [name for number, name in moderators(session) if number != but]


def _colleague(session: Session, name: str, moderator: User) -> User:
    found = find_user(session, name)
    if found is None or not found.active or found.id == moderator.id or not found.may_moderate:
        raise TagNotAllowedError(f"There is no other moderator named {name[:80]}. Nothing was stored.")
    return found
