"""What repeats words of a post beside its text: evidence and notes of tags, citations, and remarks on the file."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select, update
from sqlalchemy.orm import Session

from archive.domain.redaction import Redacted
from archive.store.batches import Remark, RemarkKind
from archive.store.sealed import Beside, SealedBeside, stretches_of
from archive.store.sources import BY_PERSON, Citation
from archive.store.tags import Tag, evidence_recorded
from archive.store.votes import Vote

# What has words of a text as evidence, and a note on it.
QUOTED: dict[Beside, type[Tag] | type[Vote]] = {Beside.TAG: Tag, Beside.VOTE: Vote}


def put_back(session: Session, post_id: int) -> None:
    """Have everything beside a post say again what it said."""
    rows = session.scalars(select(SealedBeside).where(SealedBeside.post_id == post_id)).all()
    _spread(session, [int(row.row) for row in rows if row.what is Beside.CITATION])
    for row in rows:
        _RESTORE[row.what](session, row)
    session.execute(delete(SealedBeside).where(SealedBeside.post_id == post_id))
    session.flush()


def hide_places(session: Session, post_id: int, revision_id: int, left: Redacted) -> None:
    """Bring what points to places of a text in line with what is left of it."""
    for what, table in QUOTED.items():
        for row in _rows(session, table, table.revision_id == revision_id):
            _keep(session, what, row.id, post_id, evidence=row.evidence, note=row.note)
            row.evidence = [
                {**words, "start": place[0], "end": place[1]}
                for words in row.evidence
                if (place := left.place(words["start"], words["end"])) is not None
            ]
    _hide_citations(session, post_id, revision_id, left)
    session.flush()


def hide_notes(session: Session, post_id: int, without: Callable[[str], str], *, whole: bool) -> None:
    """Take words out of what moderators noted on a post; of one of which all is down, all of it."""
    for what, table in QUOTED.items():
        for row in _rows(session, table, table.post_id == post_id):
            note = "" if whole else without(row.note)
            if note != row.note or (whole and row.evidence):
                _keep(session, what, row.id, post_id, evidence=row.evidence, note=row.note)
                row.note, row.evidence = note, [] if whole else row.evidence
    session.flush()


def hide_remarks(session: Session, post_id: int, instead: str) -> None:
    """Take out what remarks on files say of the places of a post."""
    for stretch in stretches_of(session, [post_id]):
        query = select(Remark).where(
            Remark.original == stretch.original,
            Remark.kind == RemarkKind.DOUBTFUL,  # the others say nothing of what stands there
            Remark.offset < stretch.offset + stretch.length,
            Remark.offset + Remark.length > stretch.offset,
        )
        for remark in session.scalars(query.order_by(Remark.batch_id, Remark.number)):
            _keep(session, Beside.REMARK, f"{remark.batch_id}:{remark.number}", post_id, text=remark.text)
            remark.text = instead or "[…]"
    session.flush()


def drop(session: Session, post_ids: Sequence[int]) -> None:
    """Purge what is sealed beside posts; of evidence the places and hashes stay."""
    for row in session.scalars(select(SealedBeside).where(SealedBeside.post_id.in_(post_ids))):
        match row.what:
            case Beside.TAG | Beside.VOTE:
                row.said = {"evidence": evidence_recorded(row.said["evidence"]), "note": None}
            case Beside.REMARK:
                row.said = {"text": None}
    session.flush()


def _hide_citations(session: Session, post_id: int, revision_id: int, left: Redacted) -> None:
    """Show no citation until the engine has found it again in what is left: what it says of a work may be taken from
    words beside its place. Only what a moderator named stays where it stands, as that is looked for by nobody.
    """
    citations = session.scalars(select(Citation).where(Citation.revision_id == revision_id).order_by(Citation.id)).all()
    places = {citation.id: left.place(citation.start, citation.end) for citation in citations}
    for citation in citations:
        said = {"start": citation.start, "end": citation.end, "current": citation.is_current}
        _keep(session, Beside.CITATION, citation.id, post_id, **said)
    _spread(session, [id_ for id_, place in places.items() if place is not None])
    for citation in citations:
        place = places[citation.id]
        citation.start, citation.end = place or (citation.start, citation.end)
        told = [citation.csl, citation.keys, citation.locator]
        if place is None or citation.engine != BY_PERSON or left.mentions(told):
            citation.sealed, citation.is_current = True, False


def _rows(
    session: Session, table: type[Tag] | type[Vote], which: ColumnElement[bool]
) -> Sequence[Tag] | Sequence[Vote]:
    query: Select[Any] = select(table).where(which).order_by(table.id)
    return session.scalars(query).all()


def _keep(session: Session, what: Beside, row: object, post_id: int, **said: object) -> None:
    """Keep what a row said, unless it is kept."""
    if session.get(SealedBeside, (what, str(row))) is None:
        session.add(SealedBeside(what=what, row=str(row), post_id=post_id, said=said))
        session.flush()


def _restore_quoted(session: Session, row: SealedBeside) -> None:
    if row.said["note"] is not None:
        table = QUOTED[row.what]
        session.execute(update(table).where(table.id == int(row.row)).values(**row.said))


def _restore_remark(session: Session, row: SealedBeside) -> None:
    if row.said["text"] is not None:
        batch, number = map(int, row.row.split(":"))
        query = update(Remark).where(Remark.batch_id == batch, Remark.number == number)
        session.execute(query.values(text=row.said["text"]))


def _restore_citation(session: Session, row: SealedBeside) -> None:
    said = row.said
    values = {"start": said["start"], "end": said["end"], "is_current": said["current"], "sealed": False}
    session.execute(update(Citation).where(Citation.id == int(row.row)).values(**values))


_RESTORE: dict[Beside, Callable[[Session, SealedBeside], None]] = {
    Beside.TAG: _restore_quoted,
    Beside.VOTE: _restore_quoted,
    Beside.REMARK: _restore_remark,
    Beside.CITATION: _restore_citation,
}


def _spread(session: Session, citation_ids: Sequence[int]) -> None:
    """Put citations where none stands, so that each can take its new place whatever the order."""
    aside = {"start": -Citation.id, "end": -Citation.id}
    session.execute(update(Citation).where(Citation.id.in_(citation_ids)).values(**aside))
    session.expire_all()
