"""Lists for readers, by keyset: posts as they were received."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from archive.store.pages import PostRow, select_posts
from archive.store.threads import Post


def newest_posts(
    session: Session, *conditions: ColumnElement[bool], before: int | None = None, limit: int
) -> Sequence[PostRow]:
    """Public posts that were not taken down, the last received first.

    :param before: the number of the post behind which they lie.
    """
    query = select_posts(drafts=False).where(Post.takedown_id.is_(None), *conditions)
    query = query if before is None else query.where(Post.id < before)
    return session.execute(query.order_by(Post.id.desc()).limit(limit)).all()
