"""What repeats words of a post beside its text: evidence and notes, objections, citations, remarks on the file."""

from collections.abc import Callable, Mapping, Sequence, Set
from itertools import zip_longest
from typing import Any

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from archive.domain.redaction import Cuts, Redacted, place_before
from archive.store.batches import Remark, RemarkKind
from archive.store.holds import Hold, TeamNote
from archive.store.objections import Objection
from archive.store.sealed import Beside, SealedBeside, stretches_of
from archive.store.sources import BY_PERSON, Citation
from archive.store.tags import Tag, evidence_recorded
from archive.store.votes import Vote

# What has words of a text as evidence, and a note on it.
QUOTED: dict[Beside, type[Tag] | type[Vote]] = {Beside.TAG: Tag, Beside.VOTE: Vote}
# What people write on a post, by column.
WRITTEN: dict[Beside, tuple[type[Objection] | type[Hold] | type[TeamNote], Sequence[str]]] = {
    Beside.OBJECTION: (Objection, ("reason", "reply", "reference", "locator", "identifier")),
    Beside.HOLD: (Hold, ("note",)),
    Beside.TEAM_NOTE: (TeamNote, ("text",)),
}
AS_GIVEN = {Beside.TAG: Beside.TAG_AS_GIVEN, Beside.VOTE: Beside.VOTE_AS_GIVEN}


def put_back(session: Session, post_id: int, texts: Mapping[int, tuple[str, Cuts]]) -> None:
    """Have everything beside a post say again what it said, and what came since point into the texts as received.

    :param texts: by revision that is put back, what it says and what had gone of it.
    """
    query = select(SealedBeside).where(SealedBeside.post_id == post_id, SealedBeside.what.in_(_RESTORE))
    rows = session.scalars(query).all()
    sealed = {(row.what, row.row) for row in rows}
    _spread(session, [int(row) for what, row in sealed if what is Beside.CITATION])
    for row in [row for row in rows if not is_purged(row.said)]:
        _RESTORE[row.what](session, row)
        session.delete(row)
    session.flush()
    for revision_id, before in texts.items():
        _move_back(session, post_id, revision_id, before, sealed)


def hide_places(session: Session, post_id: int, revision_id: int, left: Redacted) -> None:
    """Bring what points to places of a text in line with what is left of it."""
    for what, table in QUOTED.items():
        for row in _rows(session, table, table.revision_id == revision_id):
            _keep(session, what, row.id, post_id, evidence=row.evidence, note=row.note)
            given = session.get(SealedBeside, (AS_GIVEN[what], str(row.id)))
            row.evidence = _evidence_left(row.evidence, left, given.said["evidence"] if given else ())
    _hide_citations(session, post_id, revision_id, left)
    session.flush()


def hide_notes(session: Session, post_id: int, without: Callable[[str], str], *, whole: bool) -> None:
    """Take words out of what people wrote on a post; of one of which all is down, all of it."""
    for what, table in QUOTED.items():
        for row in _rows(session, table, table.post_id == post_id):
            note = "" if whole else without(row.note)
            if note != row.note or (whole and row.evidence):
                _keep(session, what, row.id, post_id, evidence=row.evidence, note=row.note)
                row.note, row.evidence = note, [] if whole else row.evidence
    _hide_written(session, post_id, without, whole=whole)
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
            case Beside.OBJECTION | Beside.HOLD | Beside.TEAM_NOTE:
                row.said = {column: [None, left] for column, (_, left) in row.said.items()}
            case Beside.CITATION:  # it stays as it stands, since the text does
                session.delete(row)
    session.flush()


def is_purged(said: Mapping[str, Any]) -> bool:
    """Whether what a row said is not kept any more."""
    return any(value is None or (isinstance(value, list) and value[:1] == [None]) for value in said.values())


def _evidence_left(
    evidence: Sequence[dict[str, Any]], left: Redacted, given: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Evidence in what is left. What was given around a mark stands where it was given, if the same is left there."""
    found = []
    for words, was in zip_longest(evidence, given):
        place = left.place(words["start"], words["end"])
        if place is not None:
            found.append({**words, "start": place[0], "end": place[1]})
        elif was is not None:
            again = {"start": was["start"], "end": was["end"], "text": left.said.text[was["start"] : was["end"]]}
            found += [again] if evidence_recorded([again]) == [was] else []
    return found


def _move_back(
    session: Session, post_id: int, revision_id: int, before: tuple[str, Cuts], sealed: Set[tuple[Beside, str]]
) -> None:
    """Have what came while words of a text were down, and so points into what was left, point into the text."""
    text, cuts = before
    for what, table in QUOTED.items():
        for row in _rows(session, table, table.revision_id == revision_id):
            if row.evidence and (what, str(row.id)) not in sealed:
                _keep(session, AS_GIVEN[what], row.id, post_id, evidence=evidence_recorded(row.evidence))
                places = [place_before(words["start"], words["end"], cuts) for words in row.evidence]
                row.evidence = [{"start": start, "end": end, "text": text[start:end]} for start, end in places]
    named = select(Citation).where(Citation.revision_id == revision_id, Citation.engine == BY_PERSON)
    for citation in session.scalars(named.order_by(Citation.id)).all():
        if (Beside.CITATION, str(citation.id)) not in sealed:
            _move_citation(session, citation, place_before(citation.start, citation.end, cuts))
    session.flush()


def _move_citation(session: Session, citation: Citation, place: tuple[int, int]) -> None:
    here = select(Citation.id).where(
        Citation.revision_id == citation.revision_id,
        Citation.key == citation.key,
        Citation.start == place[0],
        Citation.end == place[1],
        Citation.id != citation.id,
    )
    if session.scalar(here) is None:
        citation.start, citation.end = place
    else:  # the text is known to cite the work there
        citation.start, citation.end, citation.is_current = -citation.id, -citation.id, False
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
    table = QUOTED[row.what]
    session.execute(update(table).where(table.id == int(row.row)).values(**row.said))


def _hide_written(session: Session, post_id: int, without: Callable[[str], str], *, whole: bool) -> None:
    for what, (written, columns) in WRITTEN.items():
        query: Select[Any] = select(written).where(written.post_id == post_id).order_by(written.id)
        for row in session.scalars(query).all():
            was = {column: getattr(row, column) for column in columns}
            left = {column: "" if whole else _fitting(row, column, without(said)) for column, said in was.items()}
            if changed := {column: [said, left[column]] for column, said in was.items() if said != left[column]}:
                _keep(session, what, row.id, post_id, **changed)
                for column in changed:
                    setattr(row, column, left[column])


def _restore_written(session: Session, row: SealedBeside) -> None:
    written = session.get_one(WRITTEN[row.what][0], int(row.row))
    for column, (was, left) in row.said.items():
        if getattr(written, column) == left:  # a reply may have been written anew meanwhile
            setattr(written, column, was)


def _fitting(row: Objection | Hold | TeamNote, column: str, words: str) -> str:
    """As much as a column has room for: a mark may be longer than what it stands for."""
    return words[: getattr(row.__table__.c[column].type, "length", None)]


def _restore_remark(session: Session, row: SealedBeside) -> None:
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
    Beside.OBJECTION: _restore_written,
    Beside.HOLD: _restore_written,
    Beside.TEAM_NOTE: _restore_written,
    Beside.REMARK: _restore_remark,
    Beside.CITATION: _restore_citation,
}


def _spread(session: Session, citation_ids: Sequence[int]) -> None:
    """Put citations where none stands, so that each can take its new place whatever the order."""
    aside = {"start": -Citation.id, "end": -Citation.id}
    session.execute(update(Citation).where(Citation.id.in_(citation_ids)).values(**aside))
    session.expire_all()
