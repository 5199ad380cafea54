"""Public posts of a thread with all that a page shows of them, for pages that have hundreds.

One narrow statement for the posts, and small ones for what few of them have: a tag, a takedown, a parent elsewhere. A
statement that joins all of it takes twice as long.

Of the thousands of posts of a page that is made anew, few are others than the last time. So what the driver gives is
compared with what it gave then, and only what differs is made into a post; all of it is read each time.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum, auto
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Dialect, Select, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from archive.byte_cache import Remade, weigh
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
_COLUMNS: tuple[Any, ...] = (  # of the tables: what is asked for by the classes takes a third longer
    *(_POST.c[name] for name in ("id", "public_id", "kind")),
    _AUTHOR.c.name,
    _AUTHOR.c.public_id,
    *(_POST.c[name] for name in ("byline", "posted_at", "parent_id", "awaits", "edge", "position", "depth")),
    *(_POST.c[name] for name in ("tag_id", "tag_version", "takedown_id")),
    *(_TEXT.c[name] for name in ("text", "words")),
    *(_REVISION.c[name] for name in ("markup", "state", "facts", "id", "number", "captured_at")),
    _POST.c.level,
)
_POSTS = (
    select(*(type_coerce(column, NullType()) for column in _COLUMNS))  # as the driver gives them
    .select_from(_POST)
    .join(_REVISION, (_REVISION.c.post_id == _POST.c.id) & _REVISION.c.is_current)
    .join(_TEXT, _TEXT.c.revision_id == _REVISION.c.id)
    .outerjoin(_AUTHOR, _AUTHOR.c.id == _POST.c.author_id)
    .where(_POST.c.thread_id == bindparam("thread_id"), SHOWN)
    .order_by(_POST.c.position, _POST.c.id)
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
    .where(Tag.id.in_(bindparam("ids", expanding=True)))
)
_TAKEDOWN_COLUMNS: tuple[Any, ...] = (Takedown.id, Takedown.reason, Takedown.decided_at)
_TAKEDOWNS: Select[Any] = select(*_TAKEDOWN_COLUMNS).where(Takedown.id.in_(bindparam("ids", expanding=True)))
_PARENT_COLUMNS: tuple[Any, ...] = (Post.id, Post.public_id, func.coalesce(Author.name, Post.byline))
_PARENTS: Select[Any] = (
    select(*_PARENT_COLUMNS)
    .outerjoin(Author, Author.id == Post.author_id)
    .where(Post.public, Post.id.in_(bindparam("ids", expanding=True)))
)
_NO_PARENT, _NO_TAG, _NOT_DOWN = (None,) * 2, (None,) * 9, (None,) * 2
_ID, _ADDRESS, _NAME, _BYLINE, _PARENT, _TAG, _TAKEDOWN, _LEVEL = 0, 1, 3, 5, 7, 12, 14, 23
_OVERHEAD = 2_000  # bytes, about, of a post beside what is of any length


def weigh_post(post: AnyPost) -> int:
    """The bytes that a post takes."""
    said = weigh(post.author, post.byline, post.text, post.words, post.facts, post.parent_author)
    return said + _OVERHEAD + (0 if post.level is None else weigh(post.evidence, post.note, post.rests_on))


_MadeFrom = tuple[tuple[Any, ...], ...]  # a row, and those of its parent, tag and takedown
_kept: Remade[int, _MadeFrom, ReadPost] = Remade(24 * 1024 * 1024, weigh=lambda _, post: weigh_post(post))  # by post


class Stretch(Enum):
    """Which posts of a thread are asked for."""

    BEGINNING = auto()
    BETWEEN = auto()
    AT = auto()
    NUMBERED = auto()

    @property
    def conditions(self) -> Sequence[ColumnElement[bool]]:
        """SQL: which these are."""
        return _CONDITIONS[self]

    @property
    def limited(self) -> bool:
        """Whether only the first of them are asked for."""
        return self in (Stretch.BEGINNING, Stretch.BETWEEN)


_CONDITIONS: Mapping[Stretch, Sequence[ColumnElement[bool]]] = {
    Stretch.BEGINNING: (),
    Stretch.BETWEEN: (_POST.c.position >= bindparam("start"), _POST.c.position < bindparam("end")),
    Stretch.AT: (_POST.c.position.in_(bindparam("positions", expanding=True)),),
    Stretch.NUMBERED: (_POST.c.id.in_(bindparam("ids", expanding=True)),),
}


def read_posts(session: Session, stretch: Stretch, values: dict[str, object]) -> list[ReadPost]:
    """Public posts of a thread in reading order.

    :param values: by the names in the stretch, and `thread_id`; `limit` where only the first are asked for.
    """
    connection = session.connection()
    rows = [*map(tuple, connection.execute(_statement(stretch), values).all())]
    parents = {row[_ID]: (row[_ADDRESS], row[_NAME] or row[_BYLINE]) for row in rows}
    wanted = {row[_PARENT] for row in rows} - parents.keys() - {None}
    parents |= _by_id(session, _PARENTS, wanted)
    tags = _by_id(session, _TAGS, {row[_TAG] for row in rows if row[_LEVEL] is not None})
    down = _by_id(session, _TAKEDOWNS, {row[_TAKEDOWN] for row in rows} - {None})
    processors = _processors(connection.dialect)
    made_from = [
        (
            row,
            parents.get(row[_PARENT], _NO_PARENT),
            tags[row[_TAG]] if row[_LEVEL] is not None else _NO_TAG,
            down[row[_TAKEDOWN]] if row[_TAKEDOWN] is not None else _NOT_DOWN,
        )
        for row in rows
    ]
    return _kept.of_all([row[_ID] for row in rows], made_from, lambda made_from: _post(made_from, processors))


@cache
def _statement(stretch: Stretch) -> Any:
    query = _POSTS.where(*stretch.conditions)
    return query.limit(bindparam("limit")) if stretch.limited else query


@lru_cache(4)
def _processors(dialect: Dialect) -> Sequence[tuple[int, Callable[[Any], Any]]]:
    """For the columns of which the driver gives something else than Python wants, what makes it of that."""
    found = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in _COLUMNS]
    return [(place, process) for place, process in enumerate(found) if process is not None]


def _post(made_from: _MadeFrom, processors: Sequence[tuple[int, Callable[[Any], Any]]]) -> ReadPost:
    row, parent, tag, takedown = made_from
    values = [*row]
    for place, process in processors:
        values[place] = process(values[place])
    return ReadPost._make((*values, *parent, *tag, *takedown))


def _by_id(session: Session, query: Select[Any], ids: set[int]) -> dict[int, tuple[Any, ...]]:
    found: dict[int, tuple[Any, ...]] = {}
    for part in parts(sorted(ids)):
        found.update((row[0], tuple(row[1:])) for row in session.connection().execute(query, {"ids": part}).all())
    return found
