"""The public posts of a collection as their sources give them, whatever people decided since on where they hang."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Row, String, case, cast, exists, func, literal, select
from sqlalchemy.orm import Session, aliased

from archive.domain.records import Edge, KeyBasis, PostKind, PostState
from archive.store.originals import Reading
from archive.store.sealed import SealedName, SealedText
from archive.store.threads import Post, Revision, RevisionText, Thread

_INSTEAD = "taken down:"  # begins the keys of what cannot be passed on under its own
_THREADS_AT_ONCE = 500
_POSTS_AT_ONCE = 1_000
_Said, _Parent, _Cut = aliased(Thread), aliased(Post), aliased(Post)

_Question = aliased(Post)


def _post_key(post: type[Post]) -> ColumnElement[str]:
    """SQL: the key of a post; another where its own says whose it is, and that was taken down."""
    nameless = exists().where(SealedName.post_id == post.id)
    is_named = (post.key_basis == KeyBasis.POSITION) & nameless
    return case((is_named, literal(_INSTEAD) + post.public_id), else_=post.source_key)


def _thread_key(thread: type[Thread]) -> ColumnElement[str]:
    """SQL: the key of a thread; another where its own is made of a title that was taken down."""
    retitled = (
        exists()
        .where(
            _Question.thread_id == thread.id,
            _Question.kind == PostKind.QUESTION,
            _Question.key_basis == KeyBasis.POSITION,
            Revision.post_id == _Question.id,
            SealedText.revision_id == Revision.id,
        )
        .correlate(thread)
    )
    return case((retitled, literal(_INSTEAD) + thread.public_id), else_=thread.source_key)


_STATE = cast(Revision.state, String)
# What is only inferred of thread and kind, all files tell better than one; but none knows a thread that a person began.
_INFERRED = (Post.edge == Edge.REFERENCES) & ~Thread.own
_DECIDED = Post.edge.in_((Edge.PERSON, Edge.CUT))
_POSTS = (
    select(
        Post.id,
        Post.thread_id,
        Post.source_thread_id,
        case((_INFERRED, _thread_key(Thread)), else_=func.coalesce(_thread_key(_Said), _thread_key(Thread))).label(
            "thread"
        ),
        _post_key(Post).label("source_key"),
        Post.key_basis,
        case((_DECIDED, _post_key(_Cut)), else_=_post_key(_Parent)).label("parent"),
        case((_INFERRED, Post.kind), else_=func.coalesce(Post.source_kind, Post.kind)).label("kind"),
        case((_DECIDED & Post.source_edge.is_not(None), Post.source_edge), else_=Post.edge).label("edge"),
        Post.byline,
        Post.posted_at,
        RevisionText.title,
        RevisionText.text,
        Revision.markup,
        case((Post.takedown_id.is_not(None), literal(PostState.REMOVED.value)), else_=_STATE).label("state"),
        Revision.facts,
        Revision.offset,
        Revision.length,
        Reading.original,
    )
    .join(Thread, Thread.id == Post.thread_id)
    .join(Revision, (Revision.post_id == Post.id) & Revision.is_current)
    .join(RevisionText, RevisionText.revision_id == Revision.id)
    .join(Reading, Reading.id == Revision.reading_id)
    .outerjoin(_Said, _Said.id == Post.source_thread_id)
    .outerjoin(_Parent, (_Parent.id == Post.parent_id) & _Parent.public)
    .outerjoin(_Cut, (_Cut.public_id == Post.source_parent) & _Cut.public)
    .where(Post.public)
)
# Posts that are known by their order are told together with the others of the thread that their source names.
_TOLD_ELSEWHERE = (Post.key_basis == KeyBasis.POSITION) & Post.source_thread_id.is_not(None)


def posts_to_export(session: Session, collection_id: int) -> Iterator[Row[Any]]:
    """Yield the posts with their current texts, thread by thread."""
    last = 0
    while ids := _next_threads(session, collection_id, last):
        last = ids[-1]
        away = _POSTS.where(Post.source_thread_id.in_(ids), _TOLD_ELSEWHERE)
        rows = session.execute(away.order_by(Post.source_thread_id, Post.id)).all()
        elsewhere = {thread_id: [*posts] for thread_id, posts in groupby(rows, attrgetter("source_thread_id"))}
        here = _POSTS.where(Post.thread_id.in_(ids), ~_TOLD_ELSEWHERE).order_by(Post.thread_id, Post.position)
        found = session.execute(here.execution_options(yield_per=_POSTS_AT_ONCE))
        for thread_id, posts in groupby(found, attrgetter("thread_id")):
            if thread_id in elsewhere:
                yield from sorted([*posts, *elsewhere.pop(thread_id)], key=attrgetter("id"))
            else:
                yield from posts
        for left in elsewhere.values():
            yield from left


def _next_threads(session: Session, collection_id: int, last: int) -> Sequence[int]:
    query = select(Thread.id).where(Thread.collection_id == collection_id, Thread.id > last)
    return session.scalars(query.order_by(Thread.id).limit(_THREADS_AT_ONCE)).all()
