"""Public answers for which one version of the engine has proposed nothing yet."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.domain.records import Markup, PostKind
from archive.store.parts import parts
from archive.store.tags import StoredSuggestion
from archive.store.threads import Post, Revision, RevisionText


class AnswerText(NamedTuple):
    """The current text of a public answer."""

    revision_id: int
    thread_id: int
    post_id: int
    markup: Markup
    text: str


def unassessed(session: Session, engine: str, *, after: int, limit: int) -> Sequence[AnswerText]:
    """The first answers without a proposal, of those whose text came after a revision."""
    columns = (Revision.id, Revision.thread_id, Revision.post_id, Revision.markup, RevisionText.text)
    texts = select(*columns).join(RevisionText, RevisionText.revision_id == Revision.id)
    query = _without(texts, engine)
    query = query.where(Revision.id > after).order_by(Revision.id).limit(limit)
    return [AnswerText(*row) for row in session.execute(query)]


def texts_without_proposal(session: Session, revision_ids: Sequence[int], engine: str) -> Sequence[AnswerText]:
    """Those of the texts that have no proposal and are current texts of public answers."""
    found: list[AnswerText] = []
    for part in parts(revision_ids):
        columns = (Revision.id, Revision.thread_id, Revision.post_id, Revision.markup, RevisionText.text)
        texts = select(*columns).join(RevisionText, RevisionText.revision_id == Revision.id)
        query = _without(texts, engine).where(Revision.id.in_(part)).order_by(Revision.id)
        found += (AnswerText(*row) for row in session.execute(query))
    return found


def threads_now(session: Session, answers: Sequence[AnswerText]) -> dict[int, int]:
    """By text, the thread of its answer; without those that are no current text of a public answer any more, or of
    which words were taken down, or put back, since they were read.
    """
    found: dict[int, int] = {}
    said = {answer.revision_id: answer.text for answer in answers}
    for part in parts([*said]):
        query = select(Revision.id, Post.thread_id, RevisionText.text).join(Post, Post.id == Revision.post_id)
        query = query.join(RevisionText, RevisionText.revision_id == Revision.id)
        query = query.where(Revision.id.in_(part), Revision.is_current, Post.public, Post.kind == PostKind.ANSWER)
        found.update((row.id, row.thread_id) for row in session.execute(query) if row.text == said[row.id])
    return found


def count_unassessed(session: Session, engine: str) -> int:
    """How many answers have no proposal."""
    return session.scalar(_without(select(func.count()).select_from(Revision), engine)) or 0


def count_answers(session: Session) -> int:
    """How many public answers there are."""
    query = select(func.count()).select_from(Post).where(Post.public, Post.kind == PostKind.ANSWER)
    return session.scalar(query) or 0


def _without(query: Any, engine: str) -> Any:
    theirs = (StoredSuggestion.revision_id == Revision.id) & (StoredSuggestion.engine == engine)
    return (
        query.join(Post, Post.id == Revision.post_id)
        .outerjoin(StoredSuggestion, theirs)
        .where(Revision.is_current, Post.public, Post.kind == PostKind.ANSWER, StoredSuggestion.engine.is_(None))
    )
