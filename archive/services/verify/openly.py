"""What was decided in the open: objections against the ledger, and the public log against the decisions."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.objections import ObjectionState
from archive.domain.public_log import LogAct
from archive.domain.takedown import ReasonClass, mark
from archive.services.verify.ledger import parsed
from archive.store.ledger import read_entries
from archive.store.objections import Objection, as_recorded
from archive.store.public_log import LogEntry, act_of
from archive.store.sealed import Beside, sealed_rows
from archive.store.tags import Tag
from archive.store.threads import Post, Revision, Thread

_ACTS = frozenset({"object", "answer objection", "reopen objection"})
_WRITTEN_ONCE = frozenset({"reason", "reference", "locator", "identifier"})
_REPEATED = (
    select(LogEntry, Tag, Thread.collection_id)
    .join(Post, Post.id == LogEntry.post_id)
    .join(Thread, Thread.id == Post.thread_id)
    .outerjoin(Tag, Tag.id == LogEntry.tag_id)
    .order_by(LogEntry.id)
)


def open_faults(session: Session) -> Iterator[str]:
    """Yield where objections are not what the ledger holds, or the log not what was decided."""
    yield from _objection_faults(session)
    yield from _log_faults(session)


def _objection_faults(session: Session) -> Iterator[str]:
    newest, replies = _told(session)
    sealed = sealed_rows(session, Beside.OBJECTION)
    query = (
        select(Objection, Revision, Post.public_id)
        .join(Revision, Revision.id == Objection.revision_id)
        .join(Post, Post.id == Objection.post_id)
        .order_by(Objection.id)
    )
    for objection, revision, post in session.execute(query.execution_options(yield_per=1000)):
        told = newest.pop(objection.id, None)
        if told is None:
            yield f"Objection {objection.id} to a tag of post {post}: the ledger does not know of it."
            continue
        stands = {**as_recorded(objection, revision), "post": f"post {post}"}
        for name, (was, left) in sealed.get(objection.id, {}).items():
            if stands[name] == left or was is None:
                stands[name] = told[name] if was is None else was
        if stands["reply"] in replies[objection.id]:
            told["reply"] = stands["reply"]
        for name in [name for name in told if told[name] != stands.get(name)]:
            yield (
                f"Objection {objection.id} to a tag of post {post}: its {name} is {stands.get(name)}, "
                f"and the ledger says {told[name]}."
            )
    for number, told in newest.items():
        yield f"Objection {number} to a tag of {told['post']}: the ledger holds it, and the table does not."


def _told(session: Session) -> tuple[dict[object, dict[str, object]], dict[object, list[object]]]:
    """By objection, what the ledger tells of it; and its reply, as it was written and since words of it were down.

    What is told again while words are down is told without them: what somebody objected stands as it was told first.
    """
    newest: dict[object, dict[str, object]] = {}
    replies: dict[object, list[object]] = {}
    for entry in read_entries(session):
        if entry.act not in _ACTS:
            continue
        told = {**parsed(entry.detail), "post": entry.subject}
        number = told.get("objection")
        told |= {name: said for name, said in newest.get(number, {}).items() if name in _WRITTEN_ONCE}
        newest[number] = told
        again = any(mark(reason) in str(told.get("reply")) for reason in ReasonClass)
        replies[number] = [*(replies.get(number, ()) if again else ()), told.get("reply")]
    return newest, replies


def _log_faults(session: Session) -> Iterator[str]:
    logged: set[int | None] = set()
    answers: dict[int | None, LogEntry] = {}
    for entry, tag, collection in session.execute(_REPEATED.execution_options(yield_per=1000)):
        if entry.act is LogAct.ANSWER:
            answers[entry.objection_id] = entry
            continue
        if entry.tag_id in logged:
            yield f"Log entry {entry.id}: decision {entry.tag_id} is in the log twice."
        logged.add(entry.tag_id)
        if tag is None or _line_of(entry) != (*_decision(tag), collection):
            yield f"Log entry {entry.id}: it does not say what decision {entry.tag_id} says."
    for tag_id in session.scalars(select(Tag.id).order_by(Tag.id)):
        if tag_id not in logged:
            yield f"Tag {tag_id}: the public log does not have it."
    yield from _answer_faults(session, answers)


def _answer_faults(session: Session, newest: dict[int | None, LogEntry]) -> Iterator[str]:
    """Replies to objections; of one that was opened again and answered anew, the newest."""
    for objection in session.scalars(select(Objection).where(Objection.state != ObjectionState.OPEN)):
        entry = newest.get(objection.id)
        if entry is None:
            yield f"Objection {objection.id}: the public log does not have the reply."
        elif _answer(objection) != (entry.level, entry.moderator_id, entry.at, entry.post_id, entry.revision_id):
            yield f"Log entry {entry.id}: it does not say what the reply to objection {objection.id} says."


def _answer(objection: Objection) -> tuple[object, ...]:
    by, at = objection.answered_by, objection.answered_at
    return objection.outcome, by, at, objection.post_id, objection.revision_id


def _line_of(entry: LogEntry) -> tuple[object, ...]:
    act = entry.act, entry.level, entry.moderator_id, entry.at, entry.post_id, entry.revision_id
    return *act, entry.collection_id


def _decision(tag: Tag) -> tuple[object, ...]:
    return act_of(tag), tag.level, tag.moderator_id, tag.at, tag.post_id, tag.revision_id
