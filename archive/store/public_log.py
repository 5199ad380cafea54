"""The public log: a line for each decision, so that any filter finds its lines at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, bindparam, exists, func, insert, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import CollectionSlug, PublicId, UserId
from archive.domain.public_log import LogAct
from archive.domain.second_opinions import Basis
from archive.domain.source_quality import Level
from archive.store.base import Base, UtcDateTime, Word, one_of
from archive.store.bulk import table_of
from archive.store.collections import Collection
from archive.store.objections import Objection
from archive.store.parts import parts
from archive.store.tags import Tag, TagAct
from archive.store.threads import Author, Post, Revision, Thread
from archive.store.users import User


class LogEntry(Base):
    """Something was decided. It repeats what the decision says, and has no words of anybody."""

    __tablename__ = "log_entry"
    __table_args__ = (
        one_of("act", LogAct),
        one_of("level", Level),
        Index("ix_log_entry_at", "at", "id"),
        Index("ix_log_entry_collection_id", "collection_id", "at", "id"),
        Index("ix_log_entry_moderator_id", "moderator_id", "at", "id"),
        Index("ix_log_entry_level", "level", "at", "id"),
        Index("ix_log_entry_act", "act", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[LogAct] = mapped_column(Word(LogAct))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    level: Mapped[Level | None] = mapped_column(Word(Level))  # that the answer had then; None: no tag
    moderator_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"))
    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))  # the text that it is about
    tag_id: Mapped[int | None] = mapped_column(ForeignKey("tag.id"))  # of a decision on a tag
    objection_id: Mapped[int | None] = mapped_column(ForeignKey("objection.id"))  # of a reply


class LogRow(NamedTuple):
    """A line of the log with where it belongs."""

    entry: LogEntry
    by: str
    tag: Tag | None  # where it is a decision on one
    post: PublicId
    author: str | None
    thread: PublicId
    title: str
    collection: CollectionSlug
    collection_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines of the log are asked for; None: any."""

    collection: str | None = None
    level: Level | None = None
    act: LogAct | None = None
    moderator: str | None = None
    since: datetime | None = None
    until: datetime | None = None  # exclusive


def act_of(tag: Tag) -> LogAct:
    """What the log calls a decision on a tag."""
    if tag.act is TagAct.UNDO:
        return LogAct.UNDO
    return LogAct.ADJUDICATION if tag.basis is Basis.ADJUDICATED else LogAct.TAG


def log_tag(session: Session, tag: Tag) -> None:
    """Write a decision on a tag down."""
    _add(session, tag, act=act_of(tag), at=tag.at, level=tag.level, moderator_id=tag.moderator_id, tag_id=tag.id)


def log_tags(session: Session, tags: Sequence[Tag]) -> None:
    """Write many of them down at once."""
    threads = {tag.thread_id for tag in tags}
    collections = dict[int, int]()
    for part in parts(sorted(threads)):
        of_threads = select(Thread.id, Thread.collection_id).where(Thread.id.in_(part))
        collections.update((row.id, row.collection_id) for row in session.execute(of_threads))
    session.add_all(
        LogEntry(
            act=act_of(tag),
            at=tag.at,
            level=tag.level,
            moderator_id=tag.moderator_id,
            tag_id=tag.id,
            post_id=tag.post_id,
            revision_id=tag.revision_id,
            collection_id=collections[tag.thread_id],
        )
        for tag in tags
    )


def log_answer(session: Session, objection: Objection, *, by: UserId, at: datetime) -> None:
    """Write the reply to an objection down."""
    told = {"act": LogAct.ANSWER, "at": at, "level": objection.outcome}
    _add(session, objection, **told, moderator_id=by, objection_id=objection.id)


def _add(session: Session, about: Tag | Objection, **values: object) -> None:
    place = {"post_id": about.post_id, "revision_id": about.revision_id, "thread": about.thread_id}
    session.execute(_ADD, values | place)


_OF_THREAD = select(Thread.collection_id).where(Thread.id == bindparam("thread")).scalar_subquery()
_ADD = insert(table_of(LogEntry)).values(
    collection_id=_OF_THREAD,
    **{
        name: bindparam(name, value=None, type_=table_of(LogEntry).columns[name].type)
        for name in ("act", "at", "level", "moderator_id", "post_id", "revision_id", "tag_id", "objection_id")
    },
)


def log_rows(session: Session, wanted: Wanted, *, before: LogEntry | None, limit: int) -> Sequence[LogRow]:
    """Lines about texts that readers see, the newest first."""
    query = _filtered(_seen(), wanted)
    if before is not None:
        query = query.where(tuple_(LogEntry.at, LogEntry.id) < (before.at, before.id))
    query = query.order_by(LogEntry.at.desc(), LogEntry.id.desc()).limit(limit)
    return [LogRow._make(row) for row in session.execute(query)]


def find_log_row(session: Session, number: int) -> LogRow | None:
    """One line of the log, if readers see the text that it is about."""
    row = session.execute(_seen().where(LogEntry.id == number)).one_or_none()
    return None if row is None else LogRow._make(row)


def names_in_log(session: Session, *, limit: int = 500) -> Sequence[str]:
    """Who decided something, by name."""
    decided = exists().where(LogEntry.moderator_id == User.id)
    return session.scalars(select(User.name).where(decided).order_by(User.name).limit(limit)).all()


def collections_in_log(session: Session, *, limit: int = 500) -> Sequence[tuple[CollectionSlug, str]]:
    """Collections that hold something public, and in which something was decided: their addresses and names."""
    public = exists().where(Thread.collection_id == Collection.id, Thread.public)
    decided = exists().where(LogEntry.collection_id == Collection.id)
    query = select(Collection.slug, Collection.name).where(public, decided).order_by(Collection.name, Collection.id)
    return [(slug, name) for slug, name in session.execute(query.limit(limit))]


def _filtered(query: Any, wanted: Wanted) -> Any:
    if wanted.collection is not None:
        query = query.where(
            LogEntry.collection_id
            == select(Collection.id).where(Collection.slug == wanted.collection).scalar_subquery()
        )
    if wanted.moderator is not None:
        query = query.where(
            LogEntry.moderator_id == select(User.id).where(User.name == wanted.moderator).scalar_subquery()
        )
    conditions = {
        LogEntry.level: wanted.level,
        LogEntry.act: wanted.act,
    }
    query = query.where(*(column == value for column, value in conditions.items() if value is not None))
    if wanted.since is not None:
        query = query.where(LogEntry.at >= wanted.since)
    return query if wanted.until is None else query.where(LogEntry.at < wanted.until)


def _seen() -> Any:
    columns = (
        LogEntry,
        User.name,
        Tag,
        Post.public_id,
        func.coalesce(Author.name, Post.byline),
        Thread.public_id,
        Thread.title,
        Collection.slug,
        Collection.name,
    )
    return (
        select(*columns)
        .select_from(LogEntry)
        .join(Post, (Post.id == LogEntry.post_id) & Post.public)
        .join(Revision, (Revision.id == LogEntry.revision_id) & Revision.public)
        .join(Thread, Thread.id == Post.thread_id)
        .join(Collection, Collection.id == Thread.collection_id)
        .join(User, User.id == LogEntry.moderator_id)
        .outerjoin(Tag, Tag.id == LogEntry.tag_id)
        .outerjoin(Author, Author.id == Post.author_id)
    )
