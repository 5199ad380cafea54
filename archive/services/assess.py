"""What the engine proposes for a revision, and what it finds cited there: stored together once that was worked out in
a writing use case.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.assessment import ENGINE, assess, assess_looks, explain
from archive.domain.assessment.engine import shipped_model
from archive.domain.assessment.looking import look
from archive.domain.assessment.model import Model, model_from
from archive.domain.assessment.reasons import changes_from
from archive.domain.assessment.suggestion import Reason, Signal, Suggestion
from archive.domain.records import Markup
from archive.domain.sources import Reference, references_of
from archive.services.sources.citing import cite
from archive.services.transaction import writing
from archive.store.citations import CitingText
from archive.store.parts import parts
from archive.store.publishing import arranging_lock
from archive.store.source_names import citing_lock
from archive.store.tags import StoredSuggestion, SuggestionRow, add_suggestions, find_suggestion
from archive.store.trained import engine_in_force, model_named
from archive.store.unassessed import (
    AnswerText,
    count_answers,
    count_unassessed,
    texts_without_proposal,
    threads_now,
    unassessed,
)

ANSWERS_A_COMMIT = 200
BASE = ENGINE  # the version of the program's engine
_read: dict[str, Model] = {}  # the trained weights that were used last, by the name of their engine


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal, and the works that the text names; None where both are stored."""

    suggestion: Suggestion
    references: Sequence[Reference] | None


class Progress(NamedTuple):
    """How far a run is."""

    done: int  # public answers that have their suggestion
    all: int  # public answers
    now: int  # those that this run has done


def current_engine(session: Session) -> str:
    """The version of the engine that this archive uses. Everything that stores or reads suggestions asks here.

    Weights that were learned for another version of the program's engine are left aside.
    """
    return engine_in_force(session, base=ENGINE) or ENGINE


def propose(session: Session, *, revision_id: int, text: str, markup: Markup, engine: str | None = None) -> Proposal:
    """The proposal of the current engine. Writes nothing.

    :param engine: the current one, where that is known.
    """
    engine = engine or current_engine(session)
    stored = find_suggestion(session, revision_id, engine)
    if stored is not None:
        return Proposal(_from_row(stored), None)
    seen = look(text, markup)
    (suggestion,) = assess_looks([seen], model=_model(session, engine), engine=engine)
    return Proposal(suggestion, references_of(seen))


def suggestion_for(
    session: Session, *, revision_id: int, text: str, markup: Markup, engine: str | None = None
) -> Suggestion:
    """The same without the works that it names.

    :param engine: the current one, where that is known.
    """
    engine = engine or current_engine(session)
    stored = find_suggestion(session, revision_id, engine)
    return _assess(session, text, markup, engine) if stored is None else _from_row(stored)


def suggestions_of(session: Session, revisions: Sequence[int]) -> dict[int, Suggestion]:
    """What the current engine proposed for texts, as far as it is stored."""
    engine, found = current_engine(session), dict[int, Suggestion]()
    for part in parts(revisions):
        query = select(StoredSuggestion).where(
            StoredSuggestion.revision_id.in_(part), StoredSuggestion.engine == engine
        )
        found.update((row.revision_id, _from_row(row)) for row in session.scalars(query))
    return found


def suggestion_of(session: Session, text: str, markup: Markup) -> Suggestion:
    """What the current engine proposes for a text that is stored nowhere."""
    return _assess(session, text, markup, current_engine(session))


def reasons_of(session: Session, suggestion: Suggestion, text: str, markup: Markup) -> Sequence[Reason]:
    """What speaks most for the level that was suggested for a text, and against it; none where nothing was."""
    if suggestion.level is None:
        return ()
    return explain(text, suggestion.level, markup, model=_model(session, suggestion.engine))


def tested_like(session: Session, suggestion: Suggestion) -> tuple[int, int]:
    """Of the texts that the engine was tested on, how many came out as surely as this one, and how many were right."""
    model = _model(session, suggestion.engine) or shipped_model()
    return model.tested[min(int(suggestion.confidence * len(model.tested)), len(model.tested) - 1)]


def keep(session: Session, *, thread_id: int, post_id: int, revision_id: int, proposal: Proposal) -> None:
    """Store a proposal and what it found cited in the caller's transaction, unless they are stored."""
    suggestion, references = proposal.suggestion, proposal.references
    if references is None:
        return
    citing_lock(session)  # before the suggestion, as whoever stores many has it
    if find_suggestion(session, revision_id, suggestion.engine) is not None:
        return
    add_suggestions(session, [_values(thread_id, revision_id, suggestion)])
    text = CitingText(thread_id=thread_id, post_id=post_id, revision_id=revision_id, references=references)
    cite(session, [text], engine=suggestion.engine)


def assess_all(session: Session, *, answers_a_commit: int = ANSWERS_A_COMMIT) -> Iterator[Progress]:
    """Store what is missing for public answers, commit by commit; yields how far it is, first before it begins.

    Whoever stops it loses nothing of what was committed, and the next run goes on from there.
    """
    engine = current_engine(session)
    whole = count_answers(session)
    before = whole - count_unassessed(session, engine)
    now, after = 0, 0
    yield Progress(before, whole, now)
    while answers := unassessed(session, engine, after=after, limit=answers_a_commit):
        store(session, answers, engine)
        now, after = now + len(answers), answers[-1].revision_id
        yield Progress(before + now, max(whole, before + now), now)


def assess_some(session: Session, *, after: int, limit: int) -> int | None:
    """Store what is missing for the first answers behind a revision; the last of their revisions, None for none."""
    engine = current_engine(session)
    answers = unassessed(session, engine, after=after, limit=limit)
    if not answers:
        return None
    store(session, answers, engine)
    return answers[-1].revision_id


def store(session: Session, answers: Sequence[AnswerText], engine: str) -> None:
    """Assess answers and store what is found. All is worked out before anybody has to wait for the writing of it.

    An answer that was moved meanwhile is stored where it is now; what is no current answer any more is left out.
    """
    _store(session, answers, engine)
    session.expunge_all()


def propose_for_all(session: Session, revisions: Sequence[int]) -> None:
    """Store what is missing for some answers, in a commit of its own; what the session knows, it keeps."""
    engine = current_engine(session)
    if answers := texts_without_proposal(session, revisions, engine):
        _store(session, answers, engine)


def _store(session: Session, answers: Sequence[AnswerText], engine: str) -> None:
    looks = [look(answer.text, answer.markup) for answer in answers]
    suggestions = assess_looks(looks, model=_model(session, engine), engine=engine)
    found = [*zip(answers, suggestions, map(references_of, looks), strict=True)]
    with writing(session):
        arranging_lock(session)
        citing_lock(session)
        threads = threads_now(session, answers)
        rows, texts = [], []
        for answer, suggestion, references in found:
            thread_id = threads.get(answer.revision_id)
            if thread_id is not None:
                place = {"thread_id": thread_id, "revision_id": answer.revision_id}
                rows.append(_values(suggestion=suggestion, **place))
                texts.append(CitingText(post_id=answer.post_id, references=references, **place))
        add_suggestions(session, rows)
        cite(session, texts, engine=engine)


def _assess(session: Session, text: str, markup: Markup, engine: str) -> Suggestion:
    return assess(text, markup, model=_model(session, engine), engine=engine)


def _model(session: Session, engine: str) -> Model | None:
    """The weights of an engine; None for those that come with the program.

    They are read once: the name of the engine holds the hash of its weights, so that it never comes to mean others.
    """
    if engine == ENGINE:
        return None
    model = _read.get(engine)
    if model is None:
        trained = model_named(session, engine)
        if trained is None:
            return None
        model = model_from(trained.weights)
        _read.clear()
        _read[engine] = model
    return model


def _values(thread_id: int, revision_id: int, suggestion: Suggestion) -> dict[str, object]:
    return {
        "revision_id": revision_id,
        "engine": suggestion.engine,
        "thread_id": thread_id,
        "level": suggestion.level,
        "confidence": suggestion.confidence,
        "second": suggestion.second,
        "second_confidence": suggestion.second_confidence,
        "telling": None if suggestion.telling is None else list(suggestion.telling),
        "path": list(suggestion.path),
        "signals": [asdict(signal) for signal in suggestion.signals],
    }


def _from_row(row: StoredSuggestion | SuggestionRow) -> Suggestion:
    return Suggestion(
        level=row.level,
        confidence=row.confidence,
        second=row.second,
        second_confidence=row.second_confidence,
        path=tuple(row.path),
        signals=tuple(Signal(**signal) for signal in row.signals),
        telling=None if row.telling is None else (row.telling[0], row.telling[1]),
        changes=() if row.level is None else changes_from(row.level),
        engine=row.engine,
    )
