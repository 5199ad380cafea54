"""Where posts stand in their threads, against what follows from who hangs under whom: for all posts, and once more for
those alone that readers see. A post is compared with those before it, so no thread is ever held whole.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, TextClause, select
from sqlalchemy.orm import Session

from archive.domain.thread_tree import sibling_rank
from archive.store.hanging import WRONG_LINKS
from archive.store.pages import SHOWN
from archive.store.threads import Post, Thread

_AT_ONCE = 1000
_POSTS = (
    select(
        Post.thread_id,
        Post.public_id,
        Post.id,
        Post.parent_id,
        Post.depth,
        Post.posted_at,
        Post.source_key,
        Post.key_basis,
    )
    .join(Thread, Thread.id == Post.thread_id)
    .order_by(Post.thread_id, Post.position, Post.id)
)
_Rank = tuple[Any, int]


def order_faults(session: Session) -> Iterator[str]:
    """Yield where posts do not hang, or stand, where they should; of each thread the first that stands wrong."""
    for statement, sentence in WRONG_LINKS:
        for (post,) in session.execute(statement.execution_options(yield_per=_AT_ONCE)):
            yield sentence.format(post)
    told = set()
    for post in _out_of_place(session, ~Thread.unsettled):
        told.add(post)
        yield f"Post {post}: it does not stand in its thread where it hangs."
    for post in _out_of_place(session, SHOWN):
        if post not in told:
            yield f"Post {post}: among the posts that readers see, it does not stand where it hangs."


def _out_of_place(session: Session, which: ColumnElement[bool] | TextClause) -> Iterator[str]:
    rows = session.execute(_POSTS.where(which).execution_options(yield_per=_AT_ONCE))
    for _, posts in groupby(rows, key=attrgetter("thread_id")):
        line: list[tuple[int, _Rank]] = []  # from the root to the post before, each with its rank among its siblings
        wrong = next((row.public_id for row in posts if not _follows(line, row)), None)
        if wrong is not None:
            yield wrong


def _follows(line: list[tuple[int, _Rank]], row: Any) -> bool:
    """Whether a post can stand after those before it, to which it is added."""
    if not 0 <= row.depth <= len(line) or row.parent_id != (line[row.depth - 1][0] if row.depth else None):
        return False
    rank = sibling_rank(row.posted_at, row.source_key, row.key_basis), row.id
    if row.depth < len(line) and line[row.depth][1] > rank:
        return False
    line[row.depth :] = [(row.id, rank)]
    return True
