"""References that somebody supplied for answers that give none, and what became of them."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import JSON, ForeignKey, Index, String, Text, bindparam, cast, exists, func, or_, select, text
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from archive.domain.ids import PublicId, UserId
from archive.domain.sources.verdicts import TraceState, Verdict
from archive.store.base import Base, UtcDateTime, Word, one_of
from archive.store.checks import CitationCheck
from archive.store.parts import parts
from archive.store.sources import Citation, SourceKey
from archive.store.threads import Post, Revision
from archive.store.users import User

_MOST_NAMES = 50  # of a work, by which references to it are found
_Giver, _Decider = aliased(User), aliased(User)
# The words of the indexes, so that both databases use them.
_OFFERED = text("trace.state = 'offered'")
_TRACEABLE = text("post.public AND post.kind = 'answer' AND (post.level = 'recollected' OR post.level = 'attributed')")


class Trace(Base):
    """A reference supplied for one answer. It is shown beside the text, and never as words of its author."""

    __tablename__ = "trace"
    __table_args__ = (
        one_of("state", TraceState),
        Index("ix_trace_thread_id", "thread_id"),
        Index("ix_trace_post_id", "post_id"),
        Index(
            "ix_trace_offered",
            "id",
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))  # the text for which it was supplied
    citation_id: Mapped[int | None] = mapped_column(ForeignKey("citation.id"))  # the work that the text may mean
    reference: Mapped[str] = mapped_column(Text)  # as given
    identifier: Mapped[str] = mapped_column(String(500))  # a link or a number, as given; "" for none
    locator: Mapped[str] = mapped_column(String(200))  # the place in the work, as given; "" for none
    csl: Mapped[dict[str, Any]] = mapped_column(JSON)
    keys: Mapped[list[str]] = mapped_column(JSON)  # the strongest first
    giver_name: Mapped[str] = mapped_column(String(80))
    giver_id: Mapped[UserId | None] = mapped_column(ForeignKey("user_account.id"))  # None: without an account
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text)
    state: Mapped[TraceState] = mapped_column(Word(TraceState))
    decided_by: Mapped[UserId | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)  # of the decision
    tag_id: Mapped[int | None] = mapped_column(ForeignKey("tag.id"))  # the tag that followed


class TraceRow(NamedTuple):
    """An offered reference with where it belongs, and who gave it and decided on it."""

    trace: Trace
    post: PublicId
    number: int  # of the text for which it was supplied
    giver: str | None  # the account, where it was given with one
    decided_by: str | None


def as_recorded(trace: Trace, revision: Revision) -> dict[str, object]:
    """An offer, and what became of it, as the ledger holds it."""
    return {
        "trace": trace.id,
        "state": trace.state,
        "revision": revision.number,
        "fingerprint": revision.fingerprint,
        "reference": trace.reference,
        "identifier": trace.identifier,
        "locator": trace.locator,
        "note": trace.note,
        "giver": trace.giver_name,
        "given_at": trace.given_at.isoformat(timespec="microseconds"),
        "reason": trace.reason,
        "tag": trace.tag_id,
        "decided_at": trace.decided_at.isoformat(timespec="microseconds") if trace.decided_at else None,
    }


def find_trace(session: Session, trace_id: int) -> TraceRow | None:
    """The offer of that number, if readers see the text for which it was supplied."""
    row = session.execute(_seen().where(Trace.id == trace_id)).one_or_none()
    return None if row is None else TraceRow._make(row)


def offered_traces(session: Session, *, after: int, limit: int) -> Sequence[TraceRow]:
    """Offers on which nobody has decided, the oldest first."""
    query = _seen().where(_OFFERED, Trace.id > after).order_by(Trace.id).limit(limit)
    return [TraceRow._make(row) for row in session.execute(query)]


def accepted_traces(session: Session, post_ids: Sequence[int]) -> Sequence[TraceRow]:
    """References that are shown with posts, in the order in which they were given."""
    found: list[TraceRow] = []
    for part in parts(post_ids):
        found += [TraceRow._make(row) for row in session.execute(_accepted(), {"posts": part})]
    return found


@cache
def _accepted() -> Any:
    of_posts = Trace.post_id.in_(bindparam("posts", expanding=True))
    return _seen().where(of_posts, Trace.state == TraceState.ACCEPTED).order_by(Trace.id)


def traces_to(session: Session, work: int, *, limit: int) -> Sequence[TraceRow]:
    """References to a work, or for words that name it, that are shown with answers; the newest first."""
    names = session.scalars(select(SourceKey.key).where(SourceKey.source_id == work).order_by(SourceKey.key)).all()
    meant = select(Citation.id).join(SourceKey, SourceKey.key == Citation.key).where(SourceKey.source_id == work)
    written = cast(Trace.keys, Text)
    # Not LIKE: for SQLite large letters are small ones there, and addresses that differ in them are two works.
    given = [func.replace(written, json.dumps(name), "") != written for name in names[:_MOST_NAMES]]
    query = _seen().where(Trace.state == TraceState.ACCEPTED, or_(Trace.citation_id.in_(meant), *given))
    return [TraceRow._make(row) for row in session.execute(query.order_by(Trace.id.desc()).limit(limit))]


def posts_with_traces(session: Session, posts: Sequence[int]) -> set[int]:
    """Those of the answers for which somebody supplied a reference."""
    found: set[int] = set()
    for part in parts(posts):
        found.update(session.scalars(select(Trace.post_id).where(Trace.post_id.in_(part))))
    return found


def traces_of_tags(session: Session, post_id: int) -> Sequence[Trace]:
    """The offers for a post from which a tag followed."""
    return session.scalars(select(Trace).where(Trace.post_id == post_id, Trace.tag_id.is_not(None))).all()


def traceable_posts(session: Session, *, before: int | None, limit: int) -> Sequence[int]:
    """Answers of which the source may still be found and in which a work is named, the last received first."""
    struck = exists().where(CitationCheck.id == Citation.check_id, CitationCheck.verdict == Verdict.FABRICATED)
    named = exists().where(Citation.revision_id == Revision.id, Citation.is_current, ~struck)
    query = (
        select(Post.id)
        .join(Revision, (Revision.post_id == Post.id) & Revision.is_current)
        .where(_TRACEABLE, Post.takedown_id.is_(None), named)
        .order_by(Post.id.desc())
        .limit(limit)
    )
    return session.scalars(query if before is None else query.where(Post.id < before)).all()


def count_waiting(session: Session, post_ids: Sequence[int]) -> dict[int, int]:
    """How many offers wait for a decision, by post; those for withdrawn texts wait for none."""
    query = _to_readers(select(Trace.post_id, func.count().label("offers")).select_from(Trace))
    query = query.where(_OFFERED, Trace.post_id.in_(post_ids))
    return {row.post_id: row.offers for row in session.execute(query.group_by(Trace.post_id))}


def count_all_waiting(session: Session, *, strangers: bool = False) -> int:
    """How many offers wait for a decision; those of readers without an account, if so asked."""
    query = _to_readers(select(func.count()).select_from(Trace)).where(_OFFERED)
    return session.scalar(query.where(Trace.giver_id.is_(None)) if strangers else query) or 0


def _to_readers(query: Any) -> Any:
    return query.join(Post, (Post.id == Trace.post_id) & Post.public & Post.takedown_id.is_(None)).join(
        Revision, (Revision.id == Trace.revision_id) & Revision.public
    )


def _seen() -> Any:
    """Offers whose text readers see, or saw before a later one."""
    return (
        _to_readers(select(Trace, Post.public_id, Revision.number, _Giver.name, _Decider.name).select_from(Trace))
        .outerjoin(_Giver, _Giver.id == Trace.giver_id)
        .outerjoin(_Decider, _Decider.id == Trace.decided_by)
    )
