"""Queries behind citing: which texts a post has had, by what each is known, and which tag was in force."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import case, exists, literal, select
from sqlalchemy.orm import Session

from archive.domain.ids import Sha256
from archive.domain.source_quality import Level
from archive.store.sealed import FINGERPRINT_SEEN, SealedText
from archive.store.tags import Tag
from archive.store.threads import Post, Revision


class PrintedText(NamedTuple):
    """A public text of a post, by its number, and what it is known by."""

    revision_id: int
    number: int
    fingerprint: Sha256  # of what readers see: of a text of which words are down, not of what it was
    is_current: bool


class TagThen(NamedTuple):
    """A decision on a post."""

    number: int
    level: Level | None  # None: it took a tag back
    at: datetime


def printed_texts(session: Session, post_id: int) -> Sequence[PrintedText]:
    """The public texts of a post, the current one first, then the newest."""
    query = (
        select(Revision.id, Revision.number, FINGERPRINT_SEEN, Revision.is_current)
        .outerjoin(SealedText, SealedText.revision_id == Revision.id)
        .join(Post, Post.id == Revision.post_id)
        .where(Revision.post_id == post_id, Revision.public, Post.public)
        .order_by(Revision.is_current.desc(), Revision.number.desc())
    )
    return [PrintedText._make(row) for row in session.execute(query)]


def has_sealed_words(session: Session, post_id: int) -> bool:
    """Whether anything of a public text of a post is down."""
    sealed = exists().where(SealedText.revision_id == Revision.id, Revision.post_id == post_id, Revision.public)
    return session.scalar(select(sealed)) or False


def tag_in_force(session: Session, post_id: int) -> int:
    """The number of the decision that a post's level rests on; 0 where it has none."""
    query = select(case((Post.level.is_not(None), Post.tag_id), else_=literal(0))).where(Post.id == post_id)
    return session.scalar(query) or 0


def tag_numbered(session: Session, post_id: int, number: int) -> TagThen | None:
    """One decision on a post."""
    row = session.execute(select(Tag.id, Tag.level, Tag.at).where(Tag.id == number, Tag.post_id == post_id)).first()
    return TagThen._make(row) if row else None
