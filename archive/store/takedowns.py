"""Takedowns: who asked, what was decided, and the list by which what is down stays down."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, Integer, String, Text, exists, func, or_, select, text
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from archive.domain.ids import PublicId, Sha256, UserId
from archive.domain.takedown import OPEN, Print, ReasonClass, Scope, TakedownState
from archive.store.base import Base, UtcDateTime, Word, one_of
from archive.store.collections import Collection
from archive.store.parts import parts
from archive.store.threads import Post, Revision, Thread
from archive.store.users import User

_Requester, _Proposer, _Decider, _Lifter = aliased(User), aliased(User), aliased(User), aliased(User)


class Takedown(Base):
    """One request, and what was decided on it. What is to go is named by hashes of words, never by the words."""

    __tablename__ = "takedown"
    __table_args__ = (
        one_of("reason", ReasonClass),
        one_of("scope", Scope),
        one_of("state", TakedownState),
        Index("ix_takedown_post", "post"),
        Index("ix_takedown_state", "state", "id"),
        Index(
            "ix_takedown_purged",
            "purged_at",
            postgresql_where=text("purged_at IS NOT NULL"),
            sqlite_where=text("purged_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(32), unique=True)  # of the page for whoever asked
    post: Mapped[PublicId] = mapped_column(String(14))  # its address, the same in any archive
    version: Mapped[int] = mapped_column(Integer)  # counts what was decided
    state: Mapped[TakedownState] = mapped_column(Word(TakedownState))
    reason: Mapped[ReasonClass] = mapped_column(Word(ReasonClass))
    words: Mapped[str] = mapped_column(Text)  # of whoever asked, for moderators
    name: Mapped[str] = mapped_column(String(80))  # of whoever asked, for moderators; "" for none
    contact: Mapped[str] = mapped_column(String(200))  # for moderators; "" for none
    asked_by: Mapped[UserId | None] = mapped_column(ForeignKey("user_account.id"))  # None: without an account
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    scope: Mapped[Scope | None] = mapped_column(Word(Scope))  # None: nobody has proposed anything
    key: Mapped[str] = mapped_column(String(32))  # of the hashes
    prints: Mapped[list[list[int | str]]] = mapped_column(JSON)  # of words: how many, and their hash
    proposed_by: Mapped[UserId | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[UserId | None] = mapped_column(ForeignKey("user_account.id"))  # who confirmed or declined
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reply: Mapped[str] = mapped_column(Text)  # to whoever asked
    lift_by: Mapped[UserId | None] = mapped_column(ForeignKey("user_account.id"))  # who wants it lifted, or lifted it
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    purged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def wanted(self) -> list[Print]:
        """The hashes of the words that are to go."""
        return [Print(int(words), str(sha256)) for words, sha256 in self.prints]


class Suppressed(Base):
    """A text that stays down wherever it comes in again: equal captures have one fingerprint."""

    __tablename__ = "suppressed"
    __table_args__ = (Index("ix_suppressed_fingerprint", "fingerprint"),)

    takedown_id: Mapped[int] = mapped_column(ForeignKey("takedown.id"), primary_key=True)
    fingerprint: Mapped[Sha256] = mapped_column(String(64), primary_key=True)


class TakedownRow(NamedTuple):
    """A takedown with the people in it, and where its post is; None for those where the post is not held."""

    takedown: Takedown
    asked_by: str | None
    proposed_by: str | None
    decided_by: str | None
    lift_by: str | None
    thread: PublicId | None
    collection: str | None


def as_recorded(takedown: Takedown) -> dict[str, object]:
    """A takedown as the ledger holds it, which outlives what is taken down: so no words of anybody."""
    return {
        "takedown": takedown.id,
        "version": takedown.version,
        "state": takedown.state,
        "reason": takedown.reason,
        "scope": takedown.scope,
        "prints": takedown.prints,
        "proposed_by": takedown.proposed_by,
        "decided_by": takedown.decided_by,
        "lift_by": takedown.lift_by,
        "purged": takedown.purged_at is not None,
    }


def find_takedown(session: Session, takedown_id: int) -> TakedownRow | None:
    """The takedown of that number."""
    row = session.execute(_rows().where(Takedown.id == takedown_id)).one_or_none()
    return None if row is None else TakedownRow._make(row)


def find_by_token(session: Session, token: str) -> TakedownRow | None:
    """The takedown whose page has that address."""
    row = session.execute(_rows().where(Takedown.token == token)).one_or_none()
    return None if row is None else TakedownRow._make(row)


def list_open(session: Session, *, after: int, limit: int) -> Sequence[TakedownRow]:
    """Those on which somebody has to decide, the oldest first; and those that somebody wants lifted."""
    wanted_back = (Takedown.state == TakedownState.IN_FORCE) & Takedown.lift_by.is_not(None)
    query = _rows().where(or_(Takedown.state.in_(OPEN), wanted_back), Takedown.id > after)
    return [TakedownRow._make(row) for row in session.execute(query.order_by(Takedown.id).limit(limit))]


def list_decided(session: Session, *states: TakedownState, before: int | None, limit: int) -> Sequence[TakedownRow]:
    """Those in some states, the newest first."""
    query = _rows().where(Takedown.state.in_(states)).order_by(Takedown.id.desc()).limit(limit)
    query = query if before is None else query.where(Takedown.id < before)
    return [TakedownRow._make(row) for row in session.execute(query)]


def count_in_force(session: Session) -> dict[ReasonClass, int]:
    """How many are in force, by reason."""
    query = select(Takedown.reason, func.count()).where(Takedown.state == TakedownState.IN_FORCE)
    return {row[0]: row[1] for row in session.execute(query.group_by(Takedown.reason).order_by(Takedown.reason))}


def takedowns_of(session: Session, post: PublicId, *states: TakedownState) -> Sequence[Takedown]:
    """Those on one post in some states, the oldest first."""
    query = select(Takedown).where(Takedown.post == post, Takedown.state.in_(states)).order_by(Takedown.id)
    return session.scalars(query).all()


def count_open(session: Session, *, post: PublicId | None = None, strangers: bool = False) -> int:
    """How many wait for a decision: on a post, and of readers without an account, if so asked."""
    query = select(func.count()).select_from(Takedown).where(Takedown.state.in_(OPEN))
    query = query if post is None else query.where(Takedown.post == post)
    return session.scalar(query.where(Takedown.asked_by.is_(None)) if strangers else query) or 0


def any_in_force(session: Session) -> bool:
    """Whether anything is to stay down at all."""
    return session.scalar(select(exists().where(Takedown.state == TakedownState.IN_FORCE))) or False


def takedowns_on(session: Session, post_id: int) -> Sequence[Takedown]:
    """Those in force that apply to a post: by its address, or since a text of it is a suppressed one."""
    post = select(Post.public_id).where(Post.id == post_id).scalar_subquery()
    same = (
        select(Suppressed.takedown_id)
        .join(Revision, Revision.fingerprint == Suppressed.fingerprint)
        .where(Revision.post_id == post_id)
    )
    query = select(Takedown).where(Takedown.state == TakedownState.IN_FORCE, _of(post, same))
    return session.scalars(query.order_by(Takedown.id)).all()


def posts_under(session: Session, takedown: Takedown) -> Sequence[int]:
    """The posts to which a takedown applies, in force or not, in order."""
    prints = select(Suppressed.fingerprint).where(Suppressed.takedown_id == takedown.id)
    same = select(Revision.post_id).where(Revision.fingerprint.in_(prints))
    query = select(Post.id).where(or_(Post.public_id == takedown.post, Post.id.in_(same)))
    return session.scalars(query.order_by(Post.id)).all()


def suppressed_among(session: Session, revision_ids: Iterable[int]) -> Sequence[int]:
    """Of some revisions, the posts to which anything in force applies, in order."""
    found: set[int] = set()
    in_force = select(Takedown.id).where(Takedown.state == TakedownState.IN_FORCE)
    prints = select(Suppressed.fingerprint).where(Suppressed.takedown_id.in_(in_force))
    addresses = select(Takedown.post).where(Takedown.state == TakedownState.IN_FORCE)
    for part in parts(sorted(set(revision_ids))):
        query = (
            select(Revision.post_id)
            .join(Post, Post.id == Revision.post_id)
            .where(Revision.id.in_(part), or_(Post.public_id.in_(addresses), Revision.fingerprint.in_(prints)))
        )
        found |= {*session.scalars(query)}
    return sorted(found)


def all_under(session: Session) -> Sequence[int]:
    """All posts to which anything in force applies, in order."""
    in_force = select(Takedown.id).where(Takedown.state == TakedownState.IN_FORCE)
    prints = select(Suppressed.fingerprint).where(Suppressed.takedown_id.in_(in_force))
    addresses = select(Takedown.post).where(Takedown.state == TakedownState.IN_FORCE)
    same = select(Revision.post_id).where(Revision.fingerprint.in_(prints))
    return session.scalars(
        select(Post.id).where(or_(Post.public_id.in_(addresses), Post.id.in_(same))).order_by(Post.id)
    ).all()


def _of(post: Any, same: Any) -> ColumnElement[bool]:
    return or_(Takedown.post == post, Takedown.id.in_(same))


def _rows() -> Any:
    return (
        select(
            Takedown,
            _Requester.name,
            _Proposer.name,
            _Decider.name,
            _Lifter.name,
            Thread.public_id,
            Collection.name,
        )
        .outerjoin(_Requester, _Requester.id == Takedown.asked_by)
        .outerjoin(_Proposer, _Proposer.id == Takedown.proposed_by)
        .outerjoin(_Decider, _Decider.id == Takedown.decided_by)
        .outerjoin(_Lifter, _Lifter.id == Takedown.lift_by)
        .outerjoin(Post, (Post.public_id == Takedown.post) & Post.public)
        .outerjoin(Thread, Thread.id == Post.thread_id)
        .outerjoin(Collection, Collection.id == Thread.collection_id)
    )


def fingerprints_down(session: Session) -> dict[Sha256, list[Takedown]]:
    """The texts that stay down wherever they come in, by fingerprint, with what is in force on each."""
    query = select(Suppressed.fingerprint, Takedown).join(Takedown, Takedown.id == Suppressed.takedown_id)
    found: dict[Sha256, list[Takedown]] = {}
    for fingerprint, takedown in session.execute(query.where(Takedown.state == TakedownState.IN_FORCE)):
        found.setdefault(fingerprint, []).append(takedown)
    return found


def purged_takedowns(session: Session) -> Sequence[Takedown]:
    """Those of which what was sealed is to be destroyed."""
    query = select(Takedown).where(Takedown.purged_at.is_not(None), Takedown.state == TakedownState.IN_FORCE)
    return session.scalars(query.order_by(Takedown.id)).all()


def addresses_down(session: Session) -> dict[PublicId, list[Takedown]]:
    """The posts that stay down whenever they come in, by address, with what is in force on each."""
    query = select(Takedown).where(Takedown.state == TakedownState.IN_FORCE).order_by(Takedown.id)
    found: dict[PublicId, list[Takedown]] = {}
    for takedown in session.scalars(query):
        found.setdefault(takedown.post, []).append(takedown)
    return found
