"""What stands around an answer in its thread: the posts above it, and the other answers."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, case, func, select
from sqlalchemy.orm import Session, aliased

from archive.domain.ids import PublicId
from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.store.pages import SHOWN, PostRow, posts_by_id, select_posts
from archive.store.threads import Author, Post, Revision, RevisionText

MAX_ABOVE = 50  # posts between an answer and its question
BEGINNING = 400  # characters of another answer that a list may show
_Question = aliased(Post)


def posts_above(session: Session, post: PostRow) -> Sequence[PostRow]:
    """The public posts that a post hangs below, the outermost first, and its thread's question where that is none."""
    asked = {"parent": post.parent_id, "thread": post.thread_id}
    by_id = {row.id: row for row in session.execute(_parent_and_question(), asked)}
    questions = [row for row in by_id.values() if row.kind is PostKind.QUESTION and row.thread_id == post.thread_id]
    first = min((row.id for row in questions), default=None)
    chain, parent = list[int](), post.parent_id
    while parent is not None and parent not in chain and len(chain) < MAX_ABOVE:
        chain.append(parent)
        known = by_id.get(parent)
        parent = known.parent_id if known else session.scalar(select(Post.parent_id).where(Post.id == parent))
    further = [id_ for id_ in chain[1:] if id_ not in by_id]
    by_id |= {row.id: row for row in posts_by_id(session, further)} if further else {}
    wanted = chain if first is None or first in chain else [*chain, first]
    return [by_id[id_] for id_ in reversed(wanted) if id_ in by_id]


@cache
def _parent_and_question() -> Select[Any]:
    in_thread = select(func.min(_Question.id)).where(
        _Question.thread_id == bindparam("thread"), _Question.kind == PostKind.QUESTION, _Question.public
    )
    return select_posts(drafts=False).where(Post.id.in_((bindparam("parent"), in_thread.scalar_subquery())))


class BesideRow(NamedTuple):
    """Another answer of a thread, as little of it as a list beside the first one shows."""

    author: str | None
    author_id: PublicId | None
    byline: str | None
    level: Level | None  # that is decided, and shown
    begins: str  # its first characters


def other_answers(session: Session, thread_id: int, *, but: int, limit: int) -> Sequence[BesideRow]:
    """The first public answers of a thread, but for one."""
    rows = session.execute(_OTHER_ANSWERS, {"thread": thread_id, "but": but, "limit": limit})
    return [BesideRow._make(row) for row in rows]


_OTHER_ANSWERS = (
    select(
        Author.name,
        Author.public_id,
        Post.byline,
        case((Post.takedown_id.is_(None), Post.level)),
        func.substr(func.coalesce(func.nullif(RevisionText.words, ""), RevisionText.text), 1, BEGINNING),
    )
    .select_from(Post)
    .join(Revision, (Revision.post_id == Post.id) & Revision.is_current)
    .join(RevisionText, RevisionText.revision_id == Revision.id)
    .outerjoin(Author, Author.id == Post.author_id)
    .where(SHOWN, Post.thread_id == bindparam("thread"), Post.kind == PostKind.ANSWER, Post.id != bindparam("but"))
    .order_by(Post.position, Post.id)
    .limit(bindparam("limit"))
)
