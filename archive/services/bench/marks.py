"""Answers that a moderator marks on the bench, to tag them together later."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import PublicId, UserId
from archive.domain.moderation import check_post
from archive.services.decisions import held_post, held_posts
from archive.services.transaction import writing
from archive.store.acts import ActKind, add_act
from archive.store.bulk_tags import Mark, forget_marks
from archive.store.threads import Post
from archive.store.users import User


def mark(session: Session, *, post: PublicId, moderator: User, wanted: bool | None = None) -> bool:
    """Mark an answer, or let its mark go; whether it is marked now.

    :param wanted: whether it is to be marked; None for the other way than it is.
    :raises NotFoundError: if there is no such post.
    :raises TagNotAllowedError: if it is no answer.
    """
    with writing(session):
        row, moment = held_post(session, post), now()
        check_post(kind=row.kind, public=row.public)
        before = session.get(Mark, (moderator.id, row.id))
        if wanted is not None and wanted is (before is not None):
            return wanted
        if before is None:
            session.add(Mark(moderator_id=moderator.id, post_id=row.id, at=moment))
            add_act(session, moderator.id, ActKind.MARK, at=moment, post=row.id)
        else:
            session.delete(before)
        return before is None


def unmark(session: Session, *, posts: Sequence[PublicId], moderator: User) -> None:
    """Let one's own marks on answers go, where there are any."""
    with writing(session):
        forget_marks(session, moderator.id, [row.id for row in held_posts(session, posts).values()])


def count_marked(session: Session, moderator: UserId) -> int:
    """How many public answers a moderator has marked."""
    query = select(func.count()).select_from(Mark).join(Post, Post.id == Mark.post_id)
    return session.scalar(query.where(Mark.moderator_id == moderator, Post.public)) or 0
