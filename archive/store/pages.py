"""Queries behind the pages that readers see. Every list has a total order and a limit."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, bindparam, case, exists, func, or_, select, text, true
from sqlalchemy.orm import Session, aliased

from archive.domain.ids import CollectionSlug, PublicId
from archive.domain.records import PostKind
from archive.store.collections import Collection
from archive.store.originals import Reading
from archive.store.parts import parts
from archive.store.sightings import live_reading
from archive.store.tags import Tag
from archive.store.takedowns import Takedown
from archive.store.threads import Author, Post, Revision, RevisionText, Sighting, Thread
from archive.store.users import User

_Parent = aliased(Post)
_ParentAuthor = aliased(Author)
_TaggedRevision = aliased(Revision)
_Asker = aliased(Author)
_Newest = aliased(Revision)
_Live = aliased(Revision)
_LivePost = aliased(Post)
SHOWN = text("post.public")  # the words of the index `ix_post_shown`, so that both databases use it

_POST_COLUMNS = (
    Post.id,
    Post.public_id,
    Post.thread_id,
    Post.kind,
    Author.name.label("author"),
    Author.public_id.label("author_id"),
    Post.byline,
    Post.posted_at,
    Post.parent_id,
    _Parent.public_id.label("parent"),
    func.coalesce(_ParentAuthor.name, _Parent.byline).label("parent_author"),
    Post.awaits,
    Post.edge,
    Post.position,
    Post.depth,
    Post.public,
    Post.tag_version,
    Post.takedown_id,
    Takedown.reason.label("takedown_reason"),
    Takedown.decided_at.label("taken_down_at"),
    RevisionText.text,
    RevisionText.words,
    Revision.markup,
    Revision.state,
    Revision.facts,
    Revision.id.label("revision_id"),
    Revision.number.label("revision_number"),
    Revision.captured_at,
    Reading.original,
    Revision.offset,
    Revision.length,
    Tag.level,
    Tag.evidence,
    Tag.note,
    Tag.at.label("tagged_at"),
    Tag.codebook_version,
    Tag.basis,
    Tag.rests_on,
    Tag.votes,
    User.name.label("tagged_by"),
    _TaggedRevision.number.label("tagged_revision_number"),
)

PostRow = Row[Any]


def _is_live(revision: type[Revision]) -> ColumnElement[bool]:
    """SQL: whether a batch that was not rolled back holds the revision."""
    seen_again = exists().where(Sighting.revision_id == revision.id, live_reading(Sighting.reading_id, Sighting.offset))
    return or_(live_reading(revision.reading_id, revision.offset), seen_again)


class ThreadRow(NamedTuple):
    """A thread as lists show it."""

    id: int
    public_id: PublicId
    title: str
    collection: CollectionSlug
    collection_name: str
    asker: str | None
    asked_at: datetime | None
    answers: int
    replies: int
    public: bool
    changed_at: datetime
    began_at: datetime | None


class ThreadTitle(NamedTuple):
    """As much of a thread as its name and its place."""

    id: int
    public_id: PublicId
    title: str
    collection: CollectionSlug
    collection_name: str


@cache
def select_posts(*, drafts: bool) -> Select[Any]:
    """Posts with their current text, author, parent and tag; with drafts, each post's newest text."""
    if not drafts:
        return _select_posts((Revision.post_id == Post.id) & Revision.is_current, drafts=False).where(SHOWN)
    live = select(_Newest.id).where(_Newest.post_id == Post.id, _is_live(_Newest))
    newest = live.order_by(_Newest.earlier, _Newest.id.desc()).limit(1).scalar_subquery()
    return _select_posts(Revision.id == newest, drafts=True)


def _select_posts(which_revision: ColumnElement[bool], *, drafts: bool) -> Select[Any]:
    parent = true() if drafts else _Parent.public  # a reply to a draft says nothing of it
    return (
        select(*_POST_COLUMNS)
        .select_from(Post)
        .join(Revision, which_revision)
        .join(RevisionText, RevisionText.revision_id == Revision.id)
        .join(Reading, Reading.id == Revision.reading_id)
        .outerjoin(Author, Author.id == Post.author_id)
        .outerjoin(_Parent, (_Parent.id == Post.parent_id) & parent)
        .outerjoin(_ParentAuthor, _ParentAuthor.id == _Parent.author_id)
        .outerjoin(Tag, (Tag.id == Post.tag_id) & Post.level.is_not(None))
        .outerjoin(User, User.id == Tag.moderator_id)
        .outerjoin(_TaggedRevision, _TaggedRevision.id == Tag.revision_id)
        .outerjoin(Takedown, Takedown.id == Post.takedown_id)
    )


def posts_by_id(session: Session, ids: Sequence[int]) -> Sequence[PostRow]:
    """Public posts by their numbers, in no order."""
    return session.execute(_posts_by_id(), {"ids": ids}).all()


def posts_at(session: Session, addresses: Sequence[PublicId]) -> Sequence[PostRow]:
    """Public posts by their addresses, in no order."""
    found: list[PostRow] = []
    for part in parts(addresses):
        found += session.execute(select_posts(drafts=False).where(Post.public_id.in_(part)))
    return found


@cache
def _posts_by_id() -> Select[Any]:
    return select_posts(drafts=False).where(Post.id.in_(bindparam("ids", expanding=True)))


def find_post(session: Session, public_id: str, *, drafts: bool) -> PostRow | None:
    """One post."""
    return session.execute(_post_at(drafts=drafts), {"address": public_id}).first()


@cache
def _post_at(*, drafts: bool) -> Select[Any]:
    return select_posts(drafts=drafts).where(Post.public_id == bindparam("address")).limit(1)


def revision_rows(session: Session, post_id: int, *, drafts: bool, limit: int = 200) -> Sequence[PostRow]:
    """A post once for each of its revisions, newest first; at the end those of which the source had a newer text."""
    query = _select_posts(Revision.post_id == Post.id, drafts=drafts).where(Post.id == post_id)
    if not drafts:
        query = query.where(Post.public, Revision.public)
    return session.execute(query.order_by(Revision.earlier, Revision.number.desc()).limit(limit)).all()


def revision_row(session: Session, revision_id: int) -> PostRow:
    """A public post with one of its public texts.

    :raises NoResultFound: if there is none.
    """
    query = _select_posts(Revision.post_id == Post.id, drafts=False)
    return session.execute(query.where(Revision.id == revision_id, Revision.public, Post.public)).one()


def count_revisions(session: Session, post_ids: Iterable[int], *, drafts: bool) -> dict[int, int]:
    """How many revisions each of the posts has."""
    counts: dict[int, int] = {}
    for part in parts(list(post_ids)):
        query = (
            select(Revision.post_id, func.count().label("revisions"))
            .where(Revision.post_id.in_(part))
            .group_by(Revision.post_id)
        )
        query = query if drafts else query.where(Revision.public)
        counts.update({row.post_id: row.revisions for row in session.execute(query)})
    return counts


def live_thread() -> ColumnElement[bool]:
    """SQL: whether something of the thread was not rolled back."""
    return exists().where(_LivePost.thread_id == Thread.id, _Live.post_id == _LivePost.id, _is_live(_Live))


def count_live_posts(session: Session, thread_ids: Sequence[int]) -> dict[int, dict[PostKind, int]]:
    """How many posts of each kind threads have, without those that were rolled back."""
    live = exists().where(_Live.post_id == Post.id, _is_live(_Live))
    query = (
        select(Post.thread_id, Post.kind, func.count())
        .where(Post.thread_id.in_(thread_ids), live)
        .group_by(Post.thread_id, Post.kind)
    )
    counts: dict[int, dict[PostKind, int]] = {}
    for thread_id, kind, count in session.execute(query):
        counts.setdefault(thread_id, {})[kind] = count
    return counts


def find_thread(session: Session, public_id: str) -> Thread | None:
    """The thread at that address, published or not."""
    return session.scalar(_THREAD, {"address": public_id})


_THREAD = select(Thread).where(Thread.public_id == bindparam("address"))


def thread_rows(
    session: Session,
    *conditions: ColumnElement[bool],
    drafts: bool = False,
    oldest_first: bool = False,
    limit: int,
) -> Sequence[ThreadRow]:
    """Threads for a list, the last one received first unless asked otherwise."""
    question = (  # of what readers see, that which they see, whoever asks
        select(func.min(Post.id))
        .where(Post.thread_id == Thread.id, Post.kind == PostKind.QUESTION, Post.public | ~Thread.public)
        .correlate(Thread)
        .scalar_subquery()
    )
    query = (
        select(
            Thread.id,
            Thread.public_id,
            Thread.title,
            Collection.slug,
            Collection.name,
            func.coalesce(_Asker.name, Post.byline),
            case((Post.takedown_id.is_(None), Post.posted_at)),
            Thread.answers,
            Thread.replies,
            Thread.public,
            Thread.changed_at,
            Thread.began_at,
        )
        .join(Collection, Collection.id == Thread.collection_id)
        .outerjoin(Post, Post.id == question)
        .outerjoin(_Asker, _Asker.id == Post.author_id)
        .where(true() if drafts else Thread.public, *conditions)
        .order_by(Thread.id if oldest_first else Thread.id.desc())
        .limit(limit)
    )
    return [ThreadRow._make(row) for row in session.execute(query)]


def thread_titles(session: Session, ids: Iterable[int]) -> dict[int, ThreadTitle]:
    """Threads by their numbers."""
    rows = session.execute(_TITLES, {"ids": list(ids)})
    return {row.id: ThreadTitle._make(row) for row in rows}


_TITLES = (
    select(Thread.id, Thread.public_id, Thread.title, Collection.slug, Collection.name)
    .join(Collection, Collection.id == Thread.collection_id)
    .where(Thread.id.in_(bindparam("ids", expanding=True)))
)


def public_collections(session: Session, *, limit: int = 500) -> Sequence[Collection]:
    """Collections that hold something public, by name."""
    public = exists().where(Thread.collection_id == Collection.id, Thread.public)
    query = select(Collection).where(public).order_by(Collection.name, Collection.id)
    return session.scalars(query.limit(limit)).all()


def public_collection_name(session: Session, slug: str) -> str | None:
    """What a collection is called; None where there is none, or nothing of it is public."""
    public = exists().where(Thread.collection_id == Collection.id, Thread.public)
    return session.scalar(select(Collection.name).where(Collection.slug == slug, public))
