"""Tags in force, with the texts to which they were given."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from archive.domain.records import Markup, PostKind
from archive.domain.source_quality import Level
from archive.store.checks import CitationCheck
from archive.store.sources import Citation
from archive.store.tags import Tag
from archive.store.threads import Post, Revision, RevisionText
from archive.store.traces import Trace

_Earlier = aliased(Tag)


class DecidedText(NamedTuple):
    """The current text of a public answer with the tag in force on it."""

    tag_id: int
    first_tag_id: int  # that the post ever had
    thread_id: int
    markup: Markup
    text: str
    level: Level
    evidence: Sequence[dict[str, Any]]  # start, end, text


def decided_texts(session: Session) -> Sequence[DecidedText]:
    """All public answers whose tag was given to the text that readers see, by that text alone; in order of posts."""
    first = select(func.min(_Earlier.id)).where(_Earlier.post_id == Post.id).scalar_subquery()
    query = (
        select(Tag.id, first, Post.thread_id, Revision.markup, RevisionText.text, Post.level, Tag.evidence)
        .join(Post, and_(Post.id == Tag.post_id, Post.tag_id == Tag.id))
        .join(Revision, Revision.id == Tag.revision_id)
        .join(RevisionText, RevisionText.revision_id == Revision.id)
        .where(Post.public, Post.kind == PostKind.ANSWER, Post.level.is_not(None), Post.takedown_id.is_(None))
        .where(Revision.is_current, Revision.public, ~_settled_by_more_than_the_text())
        .order_by(Post.id)
    )
    return [DecidedText(*row) for row in session.execute(query)]


def _settled_by_more_than_the_text() -> ColumnElement[bool]:
    """Whether somebody supplied a reference for the answer, or struck one, and its level followed."""
    supplied = exists().where(Trace.post_id == Post.id, Trace.tag_id.is_not(None))
    of_post = and_(Citation.id == CitationCheck.citation_id, Citation.post_id == Post.id)
    struck = exists().where(of_post, CitationCheck.tag_id.is_not(None))
    return or_(supplied, struck)
