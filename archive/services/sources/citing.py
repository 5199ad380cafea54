"""Storing which works some texts cite: new works, names that a text joins, citations, and what follows from them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.sources.doubtful import doubtful_pairs
from archive.domain.sources.naming import by_strength, fit_name
from archive.domain.sources.shelf import Doubt, Joined, Shelf, WorkId
from archive.services.ledger import Actor, record
from archive.store.citations import CitingText, names_in, replace_citations, works_of
from archive.store.merge_proposals import add_doubts, pairs_alike, settle_doubts
from archive.store.source_counts import recount
from archive.store.source_merges import SourceAct, SourceMerge, as_recorded
from archive.store.source_names import add_names, add_works, apart, citing_lock, lead_to, move_names, owners_of
from archive.store.sources import Source

LEDGER_ACTS = {
    SourceAct.MERGE: "merge works",
    SourceAct.SPLIT: "split a work",
    SourceAct.DISMISS: "keep works apart",
    SourceAct.UNDO: "undo on works",
}
BY_TEXT = Actor(None, "an answer")  # that gives names of both; with a blank: no account can have that name


def cite(session: Session, texts: Sequence[CitingText], *, engine: str) -> None:
    """Store in the caller's transaction what a run of the engine found in some texts."""
    citing_lock(session)
    owners = owners_of(session, {name for text in texts for name in names_in(text)})
    shelf = Shelf.of(owners, apart(session, set(owners.values())))
    for text in texts:
        for reference in text.references:
            shelf.place([fit_name(key) for key in reference.keys])
    _store_names(session, shelf, owners)
    touched = replace_citations(session, texts, engine=engine)
    works = works_of(session, touched) | {joined.other for joined in shelf.joined}
    renamed = recount(session, works)
    add_doubts(session, [*shelf.doubts.values(), *_doubts_about(session, renamed)])


def _doubts_about(session: Session, works: Iterable[int]) -> Iterator[Doubt]:
    """Which works that have the title or the author of one of these may be that one."""
    for one, other in pairs_alike(session, works):
        for pair in doubtful_pairs([one, other]):
            yield Doubt(min(pair.a, pair.b), max(pair.a, pair.b), pair.why)


def join(session: Session, joined: Joined) -> None:
    """Have one work go into another: its names, its address, and what is in doubt of the two."""
    move_names(session, joined.names, joined.into)
    lead_to(session, joined.other, joined.into)
    settle_doubts(session, joined.into)


def _record_join(session: Session, joined: Joined) -> None:
    decision = SourceMerge(
        act=SourceAct.MERGE,
        undoes=None,
        source_id=joined.into,
        other_id=joined.other,
        detail={"names": [*joined.names], "because": [*joined.because]},
        note="",
        by_id=None,
        at=now(),
    )
    session.add(decision)
    session.flush()
    into, other = session.get_one(Source, joined.into), session.get_one(Source, joined.other)
    detail = as_recorded(decision, other.public_id)
    record(session, by=BY_TEXT, act=LEDGER_ACTS[decision.act], subject=f"source {into.public_id}", detail=detail)


def _store_names(session: Session, shelf: Shelf, before: Mapping[str, WorkId]) -> None:
    """Write what became of names: joined works first, since new names may be of what they became."""
    for joined in shelf.joined:
        join(session, joined)
        _record_join(session, joined)
    new = {name: work for name, work in shelf.owners.items() if name not in before}
    add_names(session, {name: work for name, work in new.items() if work > 0})
    unstored: dict[WorkId, list[str]] = {}
    for name, work in new.items():
        if work < 0:
            unstored.setdefault(work, []).append(name)
    add_works(session, [by_strength(names) for names in unstored.values()])
