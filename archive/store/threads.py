"""Threads, authors, posts and revisions: what readers read."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    ScalarSelect,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import PostKey, PublicId, Sha256, ThreadKey
from archive.domain.records import Edge, KeyBasis, Markup, PostKind, PostState
from archive.domain.source_quality import Level
from archive.store.base import Base, UtcDateTime, Word, one_of
from archive.store.parts import parts

# Posts of which it is not sure where they hang: the words of the index, so that both databases use it.
DOUBTFUL = "awaits IS NOT NULL OR edge = 'cut' OR edge = 'unsaid' OR edge = 'addressed'"
# Answers that wait for a tag, likewise.
WAITING = "public AND kind = 'answer' AND level IS NULL AND takedown_id IS NULL"
# Answers whose source may still be found, likewise.
TRACEABLE = "public AND kind = 'answer' AND (level = 'recollected' OR level = 'attributed')"
# Posts below which others are read, likewise: answers, and what hangs from the question or from nothing.
HEADS = "public AND (kind = 'answer' OR depth < 2)"


# Posts that count for their author, likewise.
COUNTED = "public AND takedown_id IS NULL"

# Answers that have a tag, likewise; with the name of the table, as queries of several tables ask for them.
DECIDED = "post.public AND post.kind = 'answer' AND post.level IS NOT NULL AND post.takedown_id IS NULL"


def _where(condition: str) -> dict[str, Any]:
    """The options of an index over part of a table, for both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Thread(Base):
    """A question and what hangs from it."""

    __tablename__ = "thread"
    __table_args__ = (
        Index("ix_thread_listed", "public", "collection_id", "id"),
        Index("ix_thread_unsettled", "id", **_where("unsettled")),
        # In the order of asking, with what lists and the calendar tell of a thread, so that they read nothing else.
        Index(
            "ix_thread_begun",
            *("collection_id", "began_at", "id", "answers", "replies", "sourced", "decided"),
            **_where("public"),
        ),
        Index("ix_thread_namesake", "namesake", **_where("namesake IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_id: Mapped[PublicId] = mapped_column(String(14), unique=True)
    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id"))
    source_key: Mapped[ThreadKey] = mapped_column(String(500))
    own: Mapped[bool] = mapped_column(Boolean)  # whether a person began it, so that no source knows of it
    namesake: Mapped[PublicId | None] = mapped_column(String(14))  # the first thread with its title and asker
    title: Mapped[str] = mapped_column(Text)  # of its newest public revision; of the newest where none is public
    version: Mapped[int] = mapped_column(Integer)  # counts up with everything that changes its page
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)  # when that was
    public: Mapped[bool] = mapped_column(Boolean)
    answers: Mapped[int] = mapped_column(Integer)  # public ones
    replies: Mapped[int] = mapped_column(Integer)  # public ones
    sourced: Mapped[int] = mapped_column(Integer)  # of the answers, those tagged pinpoint or cited
    decided: Mapped[int] = mapped_column(Integer)  # of the answers, those that have a tag
    # When its question was asked, or where that did not come or says no date, its first dated post: of public ones.
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unsettled: Mapped[bool] = mapped_column(Boolean)  # whether places of its posts are still to be counted


class Author(Base):
    """A name under which somebody posted in a collection."""

    __tablename__ = "author"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_id: Mapped[PublicId] = mapped_column(String(14), unique=True)  # made from collection and name
    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id"))
    name: Mapped[str] = mapped_column(String(1000))


class Post(Base):
    """A question, an answer or a reply."""

    __tablename__ = "post"
    __table_args__ = (
        one_of("kind", PostKind),
        one_of("key_basis", KeyBasis),
        one_of("edge", Edge),
        one_of("source_edge", Edge),
        one_of("source_kind", PostKind),
        one_of("level", Level),
        Index("ix_post_thread_id_position", "thread_id", "position"),
        Index("ix_post_shown", "thread_id", "position", **_where("public")),
        Index("ix_post_by_author", "author_id", "id", **_where(COUNTED)),
        Index(
            "ix_post_heads",  # with all that is asked of heads: SQLite looks into the post for the words above, too
            *("thread_id", "position", "kind", "takedown_id", "depth", "parent_id", "public"),
            **_where(HEADS),
        ),
        Index("ix_post_question", "thread_id", **_where("kind = 'question'")),
        Index("ix_post_ghosts", "thread_id", "awaits", **_where("public AND awaits IS NOT NULL")),
        Index("ix_post_awaits", "awaits", **_where("awaits IS NOT NULL")),
        Index("ix_post_doubtful", "id", **_where(DOUBTFUL)),
        Index("ix_post_cut", "thread_id", **_where("edge = 'cut'")),
        Index("ix_post_source_thread_id", "source_thread_id", **_where("source_thread_id IS NOT NULL")),
        Index(
            "ix_post_shares",
            *("thread_id", "level", "position", "posted_at", "takedown_id"),
            **_where("public AND kind = 'answer'"),
        ),
        Index("ix_post_decided", "level", "thread_id", **_where(DECIDED.replace("post.", ""))),
        Index("ix_post_waiting", "id", **_where(WAITING)),
        Index("ix_post_drawn", "public_id", **_where(WAITING)),
        Index("ix_post_traceable", "id", **_where(TRACEABLE)),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_id: Mapped[PublicId] = mapped_column(String(14), unique=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    source_key: Mapped[PostKey] = mapped_column(String(1100))
    key_basis: Mapped[KeyBasis] = mapped_column(Word(KeyBasis))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))  # of a public post, a public one
    awaits: Mapped[PublicId | None] = mapped_column(String(14))  # the address of a parent that is not there for it
    edge: Mapped[Edge] = mapped_column(Word(Edge))
    kind: Mapped[PostKind] = mapped_column(Word(PostKind))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("author.id"))
    byline: Mapped[str | None] = mapped_column(String(1000))  # as printed; "[deleted]" names nobody
    position: Mapped[int] = mapped_column(Integer)  # in its thread, parents before children, from 0
    depth: Mapped[int] = mapped_column(Integer)  # 0 for the question
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    public: Mapped[bool] = mapped_column(Boolean)
    level: Mapped[Level | None] = mapped_column(Word(Level))  # as decided; None: not tagged, or not in this text
    tag_id: Mapped[int | None] = mapped_column(Integer)  # the newest decision; in force while its text is public
    tag_version: Mapped[int] = mapped_column(Integer)  # counts its decisions, so that none is overwritten unseen
    placement_id: Mapped[int | None] = mapped_column(Integer)  # the newest decision on where it hangs
    takedown_id: Mapped[int | None] = mapped_column(Integer)  # by which all of it is down: it counts nowhere
    # What the source says, where something else stands above. The thread and the kind follow a decision on any parent.
    source_thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"))
    source_kind: Mapped[PostKind | None] = mapped_column(Word(PostKind))
    source_parent: Mapped[PublicId | None] = mapped_column(String(14))  # an address, whether or not the post has come
    source_edge: Mapped[Edge | None] = mapped_column(Word(Edge))


class Revision(Base):
    """One captured text of a post. The text itself lies apart, so that publishing rewrites only narrow rows."""

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("post_id", "number"),
        one_of("markup", Markup),
        one_of("state", PostState),
        Index("ix_revision_reading_id", "reading_id"),
        Index("ix_revision_batch_id_id", "batch_id", "id"),
        Index("ix_revision_subject", "subject", **_where("subject IS NOT NULL")),
        Index("uq_revision_current", "post_id", unique=True, **_where("is_current")),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    number: Mapped[int] = mapped_column(Integer)  # from 1
    markup: Mapped[Markup] = mapped_column(Word(Markup))
    state: Mapped[PostState] = mapped_column(Word(PostState))
    fingerprint: Mapped[Sha256] = mapped_column(String(64))  # of title and text, whatever their line ends, and state
    facts: Mapped[str | None] = mapped_column(Text)  # JSON, by the names in archive.domain.facts
    subject: Mapped[str | None] = mapped_column(String(16))  # by which equal titles and subjects are found
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"))
    offset: Mapped[int] = mapped_column(BigInteger)  # bytes
    length: Mapped[int] = mapped_column(BigInteger)  # bytes
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    captured_at: Mapped[datetime] = mapped_column(UtcDateTime)
    earlier: Mapped[bool] = mapped_column(Boolean)  # whether the source itself has a newer text
    public: Mapped[bool] = mapped_column(Boolean)
    is_current: Mapped[bool] = mapped_column(Boolean)  # the newest public one; an earlier one if all are


class RevisionText(Base):
    """What a revision says."""

    __tablename__ = "revision_text"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True, autoincrement=False)
    title: Mapped[str | None] = mapped_column(Text)  # of a question
    text: Mapped[str] = mapped_column(Text)  # exactly as received
    words: Mapped[str | None] = mapped_column(Text)  # what is searched, where that is not the text itself


class Sighting(Base):
    """A revision seen again, at another place than the one that brought it. Of posts that their source numbers,
    one place a reading is kept; of others all, for it is the place that says which post it was.
    """

    __tablename__ = "sighting"
    __table_args__ = (Index("ix_sighting_revision_id", "revision_id"),)

    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    offset: Mapped[int] = mapped_column(BigInteger, primary_key=True)  # bytes
    length: Mapped[int] = mapped_column(BigInteger)  # bytes


def addresses_of(session: Session, numbers: Sequence[int]) -> Sequence[PublicId]:
    """The addresses of posts, in no order."""
    found: list[PublicId] = []
    for part in parts(numbers):
        found += session.scalars(select(Post.public_id).where(Post.id.in_(part)))
    return found


def revisions_numbered(session: Session, numbers: Sequence[int]) -> Sequence[Revision]:
    """The revisions of these numbers, in no order."""
    found: list[Revision] = []
    for part in parts(numbers):
        found += session.scalars(select(Revision).where(Revision.id.in_(part)))
    return found


class RevisionRow(NamedTuple):
    """A text of a post, and what the ledger names it by."""

    text: str
    markup: Markup
    number: int
    fingerprint: str


def touch_threads(session: Session, thread_ids: Sequence[int], *, now: datetime) -> None:
    """Count up the versions of threads whose pages have changed."""
    for part in parts(thread_ids):
        session.execute(_TOUCH, {"threads": part, "now": now})


def _answers_with(tagged: ColumnElement[bool]) -> ScalarSelect[int]:
    """SQL: how many public answers of a thread have such a tag."""
    counted = select(func.count()).where(Post.public, Post.takedown_id.is_(None), Post.kind == PostKind.ANSWER, tagged)
    return counted.where(Post.thread_id == Thread.id).correlate(Thread).scalar_subquery()


_TOUCH = (
    update(Thread)
    .where(Thread.id.in_(bindparam("threads", expanding=True)))
    .values(
        version=Thread.version + 1,
        changed_at=bindparam("now", type_=UtcDateTime),
        sourced=_answers_with(or_(*(Post.level == level for level in Level if level.sourced))),
        decided=_answers_with(Post.level.is_not(None)),
    )
    .execution_options(synchronize_session=False)
)


def mark_unsettled(session: Session, thread_ids: Sequence[int]) -> None:
    """Remember threads whose posts are to be put in order."""
    for part in parts(thread_ids):
        session.execute(update(Thread).where(Thread.id.in_(part)).values(unsettled=True))


def has_threads(session: Session, collection_id: int) -> bool:
    """Whether anything was ever imported into a collection, also if it was rolled back."""
    index = Thread.public.in_((True, False))  # which both databases look up by collection for each of the two
    return session.scalar(select(exists().where(index, Thread.collection_id == collection_id))) or False
