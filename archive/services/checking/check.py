"""Giving a citation a verdict, and striking one: each with its ledger entries in one commit, nothing overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.checking import (
    MEANINGS,
    CheckNotAllowedError,
    TextChangedError,
    check_level,
    clean_note,
    words_left,
)
from archive.domain.ids import PublicId
from archive.domain.moderation import MAX_EVIDENCE, MAX_NOTE, check_post
from archive.domain.second_opinions import Basis
from archive.domain.source_quality import Level
from archive.domain.sources.verdicts import Verdict
from archive.errors import ArchiveError
from archive.services.bench.sight import sees_suggestion
from archive.services.checking.by_hand import add_source
from archive.services.checking.proposal import References, proposal, references_of, spans_of
from archive.services.decisions import Finding, check_version, give, held_post
from archive.services.ledger import Actor, record
from archive.services.transaction import writing
from archive.store.checks import CitationCheck, as_recorded
from archive.store.cited import CitedRow
from archive.store.pages import PostRow
from archive.store.sources import Citation
from archive.store.threads import Revision, touch_threads
from archive.store.users import User

_QUOTED = 200  # characters of a struck reference that the note of a tag repeats


class CheckConflictError(ArchiveError):
    """Somebody else gave the citation a verdict since the page was made."""

    def __init__(self, *, citation: int, by: str, verdict: Verdict, note: str, at: datetime, check: int) -> None:
        self.citation, self.by, self.verdict, self.note, self.at, self.check = citation, by, verdict, note, at, check
        super().__init__(
            f"{by} gave this citation the verdict “{MEANINGS[verdict].title}” on {at:%-d %B %Y at %H:%M} UTC, after "
            "your page was made. Nothing was overwritten: your verdict has not been stored."
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page of a strike showed."""

    check: int  # the verdict on the citation, by its number; 0 for none
    version: int  # of the answer's tag


@dataclass(frozen=True, slots=True)
class _Finding:
    """What is said of a citation."""

    verdict: Verdict
    note: str
    moderator: User
    at: datetime
    tag_id: int | None = None


def check(
    session: Session, *, post: PublicId, citation: int, seen: int, verdict: Verdict, note: str, moderator: User
) -> None:
    """Say what was found of a citation.

    :param seen: the verdict that the page showed, by its number; 0 for none.
    :raises NotFoundError: if there is no such post, or no such citation in the text that readers see.
    :raises CheckNotAllowedError: if the verdict needs a note, or is to strike, which settles the level too.
    :raises CheckConflictError: if somebody else was there since; nothing is overwritten.
    """
    if verdict is Verdict.FABRICATED:
        raise CheckNotAllowedError("To strike a reference settles the level of its answer too, on a page of its own.")
    note = clean_note(verdict, note)
    with writing(session):
        row = held_post(session, post)
        cited = _held(session, row, citation, seen)
        if verdict is Verdict.UNCHECKED and cited.verdict in (None, Verdict.UNCHECKED):
            raise CheckNotAllowedError("Nobody has looked this citation up, so there is no verdict to take back.")
        _give(session, row, cited, _Finding(verdict, note, moderator, now()))


def check_words(
    session: Session, *, post: PublicId, words: tuple[int, int], verdict: Verdict, note: str, moderator: User
) -> int:
    """Say what was found of a source that the program did not see; the number of the citation that it is now.

    :param words: that name it, as characters of the text that readers see.
    :raises NotFoundError: if there is no such post.
    :raises CheckNotAllowedError: if the verdict needs a note, or the words are none that can be looked up.
    """
    if verdict in (Verdict.FABRICATED, Verdict.UNCHECKED):
        raise CheckNotAllowedError("Say first what you found; a work that does not exist can be struck then.")
    note = clean_note(verdict, note)
    with writing(session):
        row = held_post(session, post)
        check_post(kind=row.kind, public=row.public)
        added = add_source(session, row, *words)
        cited = references_of(session, row).one(added)
        _give(session, row, cited, _Finding(verdict, note, moderator, now()))
    return cited.id


def strike(
    session: Session, *, post: PublicId, citation: int, seen: Seen, level: Level, note: str, moderator: User
) -> None:
    """Strike a work that does not exist, wherever the answer names it, and settle the answer's level again.

    :raises NotFoundError: if there is no such post, or no such citation in the text that readers see.
    :raises CheckNotAllowedError: if no note says why, or the level needs a reference that is not there any more.
    :raises CheckConflictError: if somebody else gave a verdict since.
    :raises TagConflictError: if somebody else tagged the answer since.
    """
    note = clean_note(Verdict.FABRICATED, note)
    seen_row, seen_references, suggestion = proposal(session, post, citation)  # before anybody has to wait for us
    shown = sees_suggestion(session, seen_row, moderator.id)
    with writing(session):
        row = held_post(session, post)
        check_version(session, row, seen.version)
        _held(session, row, citation, seen.check)
        references = references_of(session, row)
        if row.revision_id != seen_row.revision_id or references != seen_references:
            raise TextChangedError("The text or its citations have changed. Nothing was stored: look at them again.")
        check_level(level, left=references.left_without(citation))
        struck = references.same_work(citation)
        moment = now()
        finding = Finding(
            revision_id=row.revision_id,
            level=level,
            evidence=_evidence(row, references, citation, level),
            note=_reason(row, struck, note),
            suggested=suggestion.level,
            suggestion_engine=suggestion.engine,
            suggestion_seen=shown,
            basis=Basis.REFERENCE,
        )
        decision = give(session, row, finding, moderator=moderator, at=moment)
        for cited in struck:
            _give(session, row, cited, _Finding(Verdict.FABRICATED, note, moderator, moment, decision.id))


def _evidence(row: PostRow, references: References, citation: int, level: Level) -> list[tuple[int, int]]:
    """The words on which the tag rests still, and those of what can still be retrieved where the level says so."""
    in_force = row.level is not None and row.tagged_revision_number == row.revision_number
    tagged = row.evidence if in_force else []
    struck = spans_of(row, references.gone_with(citation))
    left = words_left(row.text, [(words["start"], words["end"]) for words in tagged], struck)
    standing = [(one.start, one.end) for one in references.standing_without(citation) if level.sourced]
    beside = [span for span in standing if not any(start < span[1] and span[0] < end for start, end in left)]
    return [*left, *beside][:MAX_EVIDENCE]


def _held(session: Session, row: PostRow, citation: int, seen: int) -> CitedRow:
    """The citation in the text that readers see, which nobody gives a verdict before this transaction has ended."""
    cited = references_of(session, row).one(citation)
    if (cited.check_id or 0) != seen:
        newest = session.get_one(CitationCheck, cited.check_id)
        raise CheckConflictError(
            citation=citation,
            by=cited.by or "",
            verdict=newest.verdict,
            note=newest.note,
            at=newest.at,
            check=newest.id,
        )
    return cited


def _give(session: Session, row: PostRow, cited: CitedRow, finding: _Finding) -> None:
    given = CitationCheck(
        thread_id=row.thread_id,
        citation_id=cited.id,
        verdict=finding.verdict,
        note=finding.note,
        moderator_id=finding.moderator.id,
        at=finding.at,
        tag_id=finding.tag_id,
    )
    session.add(given)
    session.flush()
    session.execute(update(Citation).where(Citation.id == cited.id).values(check_id=given.id))
    touch_threads(session, [row.thread_id], now=finding.at)
    citation, revision = session.execute(
        select(Citation, Revision).join(Revision, Revision.id == Citation.revision_id).where(Citation.id == cited.id)
    ).one()
    record(
        session,
        by=Actor.of(finding.moderator),
        act="check",
        subject=f"post {row.public_id}",
        detail=as_recorded(given, citation, revision),
    )


def _reason(row: PostRow, struck: Sequence[CitedRow], note: str) -> str:
    words = " ".join(row.text[struck[0].start : struck[0].end].split())
    quoted = words if len(words) <= _QUOTED else words[: _QUOTED - 1] + "…"
    return f"Struck, as there is no such work: “{quoted}”. {note}"[:MAX_NOTE]
