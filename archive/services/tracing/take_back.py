"""Taking an accepted reference away again, whatever was decided on its answer since."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import PublicId
from archive.domain.sources.verdicts import TraceState
from archive.services.bench.take_back import undo_held
from archive.services.decisions import check_version
from archive.services.decisions_before import restored_by
from archive.services.tracing.offer import held_trace, reopen
from archive.services.transaction import writing
from archive.store.threads import Post, touch_threads
from archive.store.users import User


def take_back(session: Session, *, trace_id: int, version: int, moderator: User) -> PublicId:
    """Let an accepted reference wait again, and show it no longer. The answer's address.

    The tag by which it was accepted is taken back with it where that is in force; another tag stays.

    :param version: of the answer's tag, as the page had it.
    :raises NotFoundError: if there is no such reference, or its text was withdrawn.
    :raises TraceStateError: if it is not accepted any more.
    :raises TagConflictError: if somebody else decided on the answer since.
    :raises TagNotAllowedError: if that brings a tag back that rests on a supplied reference which was declined since.
    """
    with writing(session):
        trace, row = held_trace(session, trace_id, TraceState.ACCEPTED)
        check_version(session, row, version)
        in_force = session.scalar(select(Post.tag_id).where(Post.id == row.id))
        if trace.tag_id is not None and trace.tag_id == restored_by(session, row.id, in_force):
            undo_held(session, row, trace.tag_id, moderator)
        else:
            moment = now()
            reopen(session, trace, row, by=moderator, at=moment)
            touch_threads(session, [row.thread_id], now=moment)
    return PublicId(row.public_id)
