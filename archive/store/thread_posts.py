"""Public posts of a thread with all that a page shows of them, for pages that have hundreds.

One narrow statement for the posts, and small ones for what few of them have: a tag, a takedown, a parent elsewhere. A
statement that joins all of it takes twice as long.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.domain.records import Edge, Markup, PostKind, PostState
from archive.domain.source_quality import Level
from archive.store.pages import SHOWN, PostRow
from archive.store.parts import parts
from archive.store.tags import Tag
from archive.store.takedowns import Takedown
from archive.store.threads import Author, Post, Revision, RevisionText
from archive.store.users import User

_POST, _AUTHOR, _REVISION, _TEXT = Post.__table__, Author.__table__, Revision.__table__, RevisionText.__table__
_POSTS = (  # of the tables: what is asked for by the classes takes a third longer
    select(
        *(_POST.c[name] for name in ("id", "public_id", "kind")),
        _AUTHOR.c.name,
        _AUTHOR.c.public_id,
        *(_POST.c[name] for name in ("byline", "posted_at", "parent_id", "awaits", "edge", "position", "depth")),
        *(_POST.c[name] for name in ("tag_id", "tag_version", "takedown_id")),
        *(_TEXT.c[name] for name in ("text", "words")),
        *(_REVISION.c[name] for name in ("markup", "state", "facts", "id", "number", "captured_at")),
        _POST.c.level,
    )
    .select_from(_POST)
    .join(_REVISION, (_REVISION.c.post_id == _POST.c.id) & _REVISION.c.is_current)
    .join(_TEXT, _TEXT.c.revision_id == _REVISION.c.id)
    .outerjoin(_AUTHOR, _AUTHOR.c.id == _POST.c.author_id)
    .where(SHOWN)
)


class ReadPost(NamedTuple):
    """A public post as pages show it, by the names that the columns of `PostRow` have."""

    id: int
    public_id: PublicId
    kind: PostKind
    author: str | None
    author_id: PublicId | None
    byline: str | None
    posted_at: datetime | None
    parent_id: int | None
    awaits: PublicId | None
    edge: Edge
    position: int
    depth: int
    tag_id: int | None
    tag_version: int
    takedown_id: int | None
    text: str
    words: str | None
    markup: Markup
    state: PostState
    facts: str | None
    revision_id: int
    revision_number: int
    captured_at: datetime
    level: Level | None
    parent: PublicId | None
    parent_author: str | None
    evidence: Any  # as the columns of the tag in force; None without one, down to the next comment
    note: Any
    tagged_at: Any
    codebook_version: Any
    basis: Any
    rests_on: Any
    votes: Any
    tagged_by: Any
    tagged_revision_number: Any
    takedown_reason: Any  # as those of the takedown; None without one
    taken_down_at: Any


AnyPost = PostRow | ReadPost
_TAGS: Select[Any] = (
    select(
        Tag.id,
        Tag.evidence,
        Tag.note,
        Tag.at,
        Tag.codebook_version,
        Tag.basis,
        Tag.rests_on,
        Tag.votes,
        User.name,
        Revision.number,
    )
    .join(User, User.id == Tag.moderator_id)
    .join(Revision, Revision.id == Tag.revision_id)
)
_TAKEDOWN_COLUMNS: tuple[Any, ...] = (Takedown.id, Takedown.reason, Takedown.decided_at)
_TAKEDOWNS: Select[Any] = select(*_TAKEDOWN_COLUMNS)
_PARENT_COLUMNS: tuple[Any, ...] = (Post.id, Post.public_id, func.coalesce(Author.name, Post.byline))
_PARENTS: Select[Any] = select(*_PARENT_COLUMNS).outerjoin(Author, Author.id == Post.author_id).where(Post.public)
_NO_PARENT, _NO_TAG, _NOT_DOWN = (None,) * 2, (None,) * 9, (None,) * 2
_ID, _ADDRESS, _NAME, _BYLINE, _PARENT, _TAG, _TAKEDOWN, _LEVEL = 0, 1, 3, 5, 7, 12, 14, 23


def read_posts(
    session: Session, thread_id: int, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[ReadPost]:
    """Public posts of a thread in reading order."""
    query = _POSTS.where(Post.thread_id == thread_id, *conditions).order_by(Post.position, Post.id).limit(limit)
    rows = session.connection().execute(query).all()
    parents = {row[_ID]: (row[_ADDRESS], row[_NAME] or row[_BYLINE]) for row in rows}
    wanted = {row[_PARENT] for row in rows} - parents.keys() - {None}
    parents |= _by_id(session, _PARENTS, Post.id, wanted)
    tags = _by_id(session, _TAGS, Tag.id, {row[_TAG] for row in rows if row[_LEVEL] is not None})
    down = _by_id(session, _TAKEDOWNS, Takedown.id, {row[_TAKEDOWN] for row in rows} - {None})
    return [
        ReadPost._make(
            (
                *row,
                *parents.get(row[_PARENT], _NO_PARENT),
                *(tags[row[_TAG]] if row[_LEVEL] is not None else _NO_TAG),
                *(down[row[_TAKEDOWN]] if row[_TAKEDOWN] is not None else _NOT_DOWN),
            )
        )
        for row in rows
    ]


def _by_id(session: Session, query: Select[Any], number: Any, ids: set[int]) -> dict[int, tuple[Any, ...]]:
    found: dict[int, tuple[Any, ...]] = {}
    for part in parts(sorted(ids)):
        found.update((row[0], tuple(row[1:])) for row in session.execute(query.where(number.in_(part))))
    return found
