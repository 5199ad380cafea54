"""A moderator's own votes on answers that were decided otherwise."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, cast, exists, func, select
from sqlalchemy.orm import Session, aliased

from archive.domain.ids import UserId
from archive.domain.second_opinions import Basis
from archive.domain.source_quality import Level
from archive.store.pages import SHOWN
from archive.store.pending import Pending
from archive.store.tags import Tag
from archive.store.threads import Author, Post, Revision, Thread
from archive.store.votes import Vote

OtherwiseRow = Row[Any]
_Closing = aliased(Tag)
_Another = aliased(Vote)


def votes_decided_otherwise(
    session: Session, moderator: UserId, *, before: int | None, limit: int
) -> Sequence[OtherwiseRow]:
    """The votes with the decision in force on each, the newest decision first.

    :param before: the number of a decision; only older ones.
    """
    columns = (
        Vote,
        Tag,
        Post.public_id,
        Post.byline,
        Author.name.label("author"),
        Author.public_id.label("author_id"),
        Thread.public_id.label("thread"),
        Thread.title,
        Revision.markup,
    )
    query = _otherwise(session, moderator, *columns)
    query = query.join(Thread, Thread.id == Post.thread_id).outerjoin(Author, Author.id == Post.author_id)
    if before is not None:
        query = query.where(Tag.id < before)
    return session.execute(query.order_by(Tag.id.desc()).limit(limit)).all()


def pairs_decided_otherwise(session: Session, moderator: UserId) -> Sequence[tuple[Level, Level, int]]:
    """How often each level that was voted was decided to be which other, the most frequent first."""
    times = func.count()
    query = _otherwise(session, moderator, Vote.level, Post.level, times)
    query = query.group_by(Vote.level, Post.level).order_by(times.desc(), Vote.level, Post.level)
    return [(voted, decided, number) for voted, decided, number in session.execute(query)]


def _otherwise(session: Session, moderator: UserId, *columns: Any) -> Select[Any]:
    """One vote an answer. By a reference that somebody supplied, the answer became another: that is no difference."""
    waits = exists().where(Pending.post_id == Post.id)
    read_anew = select(_Another.revision_id).where(_Another.moderator_id == moderator, _Another.stands)
    return (
        select(*columns)
        .select_from(Vote)
        .join(Post, Post.id == Vote.post_id)
        .join(Tag, (Tag.id == Post.tag_id) & (Tag.revision_id == Vote.revision_id))
        .join(Revision, Revision.id == Vote.revision_id)
        .where(
            Vote.moderator_id == moderator,
            Post.level != Vote.level,
            Tag.basis != Basis.REFERENCE,
            SHOWN,
            Revision.public,
            ~waits,
            Vote.stands | (_is_past(session) & Vote.revision_id.not_in(read_anew)),
        )
    )


def _is_past(session: Session) -> ColumnElement[bool]:
    """SQL: whether the vote stood until what is in force was decided by something else than votes."""
    each = func.json_array_elements_text if session.get_bind().dialect.name == "postgresql" else func.json_each
    numbers = each(_Closing.closes).table_valued("value", joins_implicitly=True)
    return exists().where(
        _Closing.post_id == Vote.post_id,
        _Closing.level == Post.level,
        _Closing.basis == Tag.basis,
        cast(numbers.c.value, Integer) == Vote.id,
    )
