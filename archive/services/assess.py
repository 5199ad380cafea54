"""What the engine proposes for a revision: kept once it was computed in a writing use case, else computed."""

from collections.abc import Iterator
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.assessment import ENGINE, assess
from archive.domain.assessment.suggestion import Signal, Suggestion
from archive.domain.records import Markup, PostKind
from archive.services.transaction import writing
from archive.store.tags import StoredSuggestion
from archive.store.threads import Post, Revision, RevisionText

ANSWERS_A_COMMIT = 500


def suggestion_for(session: Session, *, revision_id: int, text: str, markup: Markup) -> Suggestion:
    """The proposal of this version of the engine. Writes nothing."""
    stored = session.get(StoredSuggestion, (revision_id, ENGINE))
    return assess(text, markup) if stored is None else _from_row(stored)


def keep(session: Session, *, thread_id: int, revision_id: int, suggestion: Suggestion) -> None:
    """Store a proposal in the caller's transaction, unless it is stored."""
    if session.get(StoredSuggestion, (revision_id, suggestion.engine)) is None:
        session.add(_row(thread_id, revision_id, suggestion))
        session.flush()


def assess_all(session: Session) -> Iterator[int]:
    """Store the proposals for all public answers that have none; yields how many after each commit."""
    missing = (
        select(Revision.id, Revision.thread_id, Revision.markup, RevisionText.text)
        .join(Post, Post.id == Revision.post_id)
        .join(RevisionText, RevisionText.revision_id == Revision.id)
        .outerjoin(
            StoredSuggestion,
            (StoredSuggestion.revision_id == Revision.id) & (StoredSuggestion.engine == ENGINE),
        )
        .where(Revision.is_current, Post.public, Post.kind == PostKind.ANSWER, StoredSuggestion.engine.is_(None))
        .order_by(Revision.id)
        .limit(ANSWERS_A_COMMIT)
    )
    while rows := session.execute(missing).all():
        suggestions = [_row(row.thread_id, row.id, assess(row.text, row.markup)) for row in rows]
        with writing(session):
            for suggestion in suggestions:
                session.merge(suggestion)
        session.expunge_all()
        yield len(rows)


def _row(thread_id: int, revision_id: int, suggestion: Suggestion) -> StoredSuggestion:
    return StoredSuggestion(
        revision_id=revision_id,
        engine=suggestion.engine,
        thread_id=thread_id,
        level=suggestion.level,
        confidence=suggestion.confidence,
        path=list(suggestion.path),
        signals=[asdict(signal) for signal in suggestion.signals],
    )


def _from_row(row: StoredSuggestion) -> Suggestion:
    return Suggestion(
        level=row.level,
        confidence=row.confidence,
        path=tuple(row.path),
        signals=tuple(Signal(**signal) for signal in row.signals),
        engine=row.engine,
    )
