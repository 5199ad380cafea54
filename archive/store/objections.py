"""Objections to tags, the replies to them, and what followed."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Boolean, ForeignKey, Index, String, Text, bindparam, func, select, text
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from archive.domain.ids import PublicId, UserId
from archive.domain.objections import ObjectionState
from archive.domain.records import PostKind
from archive.domain.second_opinions import Basis
from archive.domain.source_quality import Level
from archive.store.base import Base, UtcDateTime, Word, one_of
from archive.store.parts import parts
from archive.store.tags import Tag
from archive.store.threads import Post, Revision
from archive.store.users import User

_Objector, _Answerer, _Tagger = aliased(User), aliased(User), aliased(User)
_OPEN = text("objection.state = 'open'")  # the words of the index, so that both databases use it
_WAITS = (_OPEN, Post.kind == PostKind.ANSWER)  # what is no answer any more has no tag to be looked at


class Objection(Base):
    """Somebody questions a decision. Its words are no moderator's, and are shown as they were typed."""

    __tablename__ = "objection"
    __table_args__ = (
        one_of("state", ObjectionState),
        one_of("expected", Level),
        one_of("outcome", Level),
        Index("ix_objection_thread_id", "thread_id"),
        Index("ix_objection_post_id", "post_id"),
        Index("ix_objection_open", "id", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))  # the text that was read
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"))  # the decision that is questioned
    reason: Mapped[str] = mapped_column(Text)
    expected: Mapped[Level | None] = mapped_column(Word(Level))  # None: not said
    reference: Mapped[str] = mapped_column(Text)  # "" for none
    locator: Mapped[str] = mapped_column(String(200))  # the place in it; "" for none
    identifier: Mapped[str] = mapped_column(String(500))  # a link or a number, as given; "" for none
    objector_name: Mapped[str] = mapped_column(String(80))
    objector_id: Mapped[UserId | None] = mapped_column(ForeignKey("user_account.id"))  # None: without an account
    by_author: Mapped[bool] = mapped_column(Boolean)  # says to be the author of the answer; nobody checked it
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ObjectionState] = mapped_column(Word(ObjectionState))
    reply: Mapped[str] = mapped_column(Text)  # the newest; "" for none
    outcome: Mapped[Level | None] = mapped_column(Word(Level))  # in force after the reply
    answered_by: Mapped[UserId | None] = mapped_column(ForeignKey("user_account.id"))  # or who opened it again
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reversal_id: Mapped[int | None] = mapped_column(ForeignKey("tag.id"))  # the tag that followed


class ObjectionRow(NamedTuple):
    """An objection with where it belongs, the decision that it questions, and who is who."""

    objection: Objection
    post: PublicId
    number: int  # of the text that was read
    level: Level | None  # that the decision had given
    basis: Basis
    tagged_by_id: UserId
    tagged_by: str
    objector: str | None  # the account, where there was one
    answered_by: str | None


def as_recorded(objection: Objection, revision: Revision) -> dict[str, object]:
    """An objection, and what became of it, as the ledger holds it."""
    return {
        "objection": objection.id,
        "state": objection.state,
        "tag": objection.tag_id,
        "revision": revision.number,
        "fingerprint": revision.fingerprint,
        "reason": objection.reason,
        "expected": objection.expected,
        "reference": objection.reference,
        "locator": objection.locator,
        "identifier": objection.identifier,
        "objector": objection.objector_name,
        "says to be the author": objection.by_author,
        "given_at": objection.given_at.isoformat(timespec="microseconds"),
        "reply": objection.reply,
        "outcome": objection.outcome,
        "reversal": objection.reversal_id,
        "answered_at": objection.answered_at.isoformat(timespec="microseconds") if objection.answered_at else None,
    }


def find_objection(session: Session, objection_id: int) -> ObjectionRow | None:
    """The objection of that number, if readers see the text that it is about."""
    row = session.execute(_seen().where(Objection.id == objection_id)).one_or_none()
    return None if row is None else ObjectionRow._make(row)


def open_objections(session: Session, *, after: int, limit: int) -> Sequence[ObjectionRow]:
    """Objections that nobody has answered, the oldest first."""
    query = _seen().where(*_WAITS, Objection.id > after).order_by(Objection.id).limit(limit)
    return [ObjectionRow._make(row) for row in session.execute(query)]


def objections_to(session: Session, post_id: int, *, limit: int = 200) -> Sequence[ObjectionRow]:
    """The objections to the tags of a post, in the order in which they came."""
    query = _seen().where(Objection.post_id == post_id).order_by(Objection.id).limit(limit)
    return [ObjectionRow._make(row) for row in session.execute(query)]


def objections_with_reversal(session: Session, post_id: int) -> Sequence[Objection]:
    """The objections to the tags of a post from which a tag followed."""
    return session.scalars(
        select(Objection).where(Objection.post_id == post_id, Objection.reversal_id.is_not(None))
    ).all()


def count_answered(session: Session, post_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By post, how many objections to its tags were answered, and the number of the newest of them."""
    found: dict[int, tuple[int, int]] = {}
    for part in parts(post_ids):
        for post_id, answered, newest in session.connection().execute(_answered(), {"posts": part}):
            found[post_id] = answered, newest
    return found


@cache
def _answered() -> Any:
    query = _to_readers(select(Objection.post_id, func.count(), func.max(Objection.id)))
    query = query.where(Objection.post_id.in_(bindparam("posts", expanding=True)))
    return query.where(Objection.state != ObjectionState.OPEN).group_by(Objection.post_id)


def count_open(session: Session, post_id: int) -> int:
    """How many objections to the tags of a post wait; those to withdrawn texts wait for nobody."""
    query = _to_readers(select(func.count())).where(*_WAITS, Objection.post_id == post_id)
    return session.scalar(query) or 0


def count_all_open(session: Session, *, strangers: bool = False) -> int:
    """How many objections wait; those of readers without an account, if so asked."""
    query = _to_readers(select(func.count())).where(*_WAITS)
    return session.scalar(query.where(Objection.objector_id.is_(None)) if strangers else query) or 0


def _to_readers(query: Any) -> Any:
    return (
        query.select_from(Objection)
        .join(Post, (Post.id == Objection.post_id) & Post.public & Post.takedown_id.is_(None))
        .join(Revision, (Revision.id == Objection.revision_id) & Revision.public)
    )


def _seen() -> Any:
    """Objections that are about a text which readers see, or saw before a later one."""
    columns = (
        Objection,
        Post.public_id,
        Revision.number,
        Tag.level,
        Tag.basis,
        Tag.moderator_id,
        _Tagger.name,
        _Objector.name,
        _Answerer.name,
    )
    return (
        _to_readers(select(*columns))
        .join(Tag, Tag.id == Objection.tag_id)
        .join(_Tagger, _Tagger.id == Tag.moderator_id)
        .outerjoin(_Objector, _Objector.id == Objection.objector_id)
        .outerjoin(_Answerer, _Answerer.id == Objection.answered_by)
    )
