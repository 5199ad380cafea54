"""Pairs of works that may be one, for somebody to look at."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session, aliased

from archive.domain.sources.reference import Csl
from archive.domain.sources.shelf import Doubt
from archive.store.parts import parts
from archive.store.source_merges import MergeProposal, ProposalState
from archive.store.sources import Source, SourceKey

_KeyA, _KeyB, _A, _B = aliased(SourceKey), aliased(SourceKey), aliased(Source), aliased(Source)
_MOST_ALIKE = 50  # works of one title, or of one author, with which another is compared


_PAIRS = select(MergeProposal.id, MergeProposal.key_a, MergeProposal.key_b, MergeProposal.why, _A, _B)


class PairRow(NamedTuple):
    """A pair in doubt, of works that readers see."""

    id: int
    key_a: str
    key_b: str
    why: str
    a: Source
    b: Source


_Named = tuple[str, Csl]  # the strongest name of a work, and what is said of it


def pairs_alike(session: Session, works: Iterable[int]) -> Iterator[tuple[_Named, _Named]]:
    """Yield pairs of works that readers see, one of these and another with its title or its author, each once."""
    mine = {work.id: work for work in _shown(session, Source.id, sorted(works))}
    seen: set[frozenset[int]] = set()
    for column in (Source.title_key, Source.family_key):
        keys = {key for work in mine.values() if (key := getattr(work, column.key)) is not None}
        alike: dict[str, list[Source]] = {}
        for work in _shown(session, column, sorted(keys)):
            alike.setdefault(getattr(work, column.key), []).append(work)
        for work in mine.values():
            for other in alike.get(getattr(work, column.key), [])[:_MOST_ALIKE]:
                pair = frozenset((work.id, other.id))
                if len(pair) == 2 and pair not in seen:
                    seen.add(pair)
                    yield (work.names[0], work.csl), (other.names[0], other.csl)


def _shown(session: Session, column: Any, values: Sequence[Any]) -> Iterator[Source]:
    for part in parts(values):
        yield from session.scalars(select(Source).where(column.in_(part), Source.answers > 0).order_by(Source.id))


def add_doubts(session: Session, doubts: Sequence[Doubt]) -> None:
    """Propose pairs, unless they are known, whatever became of them."""
    pairs = {(doubt.a, doubt.b): doubt for doubt in doubts}
    known: set[tuple[str, str]] = set()
    for part in parts(sorted({a for a, _ in pairs})):
        query = select(MergeProposal.key_a, MergeProposal.key_b).where(MergeProposal.key_a.in_(part))
        known |= {(a, b) for a, b in session.execute(query)}
    rows = [
        {"key_a": doubt.a, "key_b": doubt.b, "why": doubt.why, "state": ProposalState.OPEN}
        for pair, doubt in sorted(pairs.items())
        if pair not in known
    ]
    if rows:
        session.execute(insert(MergeProposal), rows)


def settle_doubts(session: Session, work: int) -> None:
    """Pairs of which both names are of this work now are merged."""
    of_work = select(SourceKey.key).where(SourceKey.source_id == work)
    query = update(MergeProposal).where(MergeProposal.key_a.in_(of_work), MergeProposal.key_b.in_(of_work))
    session.execute(query.values(state=ProposalState.MERGED).execution_options(synchronize_session=False))


def keep_apart(session: Session, one: str, other: str, *, why: str) -> tuple[str, str]:
    """Have the works of two names be two, whatever texts say; the names as the pair holds them."""
    pair = min(one, other), max(one, other)
    found = session.scalar(select(MergeProposal).where(MergeProposal.key_a == pair[0], MergeProposal.key_b == pair[1]))
    if found is None:
        session.add(MergeProposal(key_a=pair[0], key_b=pair[1], why=why, state=ProposalState.DISMISSED))
    else:
        found.state = ProposalState.DISMISSED
    session.flush()
    return pair


def reopen(session: Session, key_a: str, key_b: str) -> None:
    """Have a pair be in doubt again."""
    query = update(MergeProposal).where(MergeProposal.key_a == key_a, MergeProposal.key_b == key_b)
    session.execute(query.values(state=ProposalState.OPEN).execution_options(synchronize_session=False))


def open_pairs(session: Session, *, after: int, limit: int) -> Sequence[PairRow]:
    """Pairs in doubt, in the order in which they were found."""
    query = _visible(_PAIRS).where(MergeProposal.id > after)
    return [PairRow(*row) for row in session.execute(query.order_by(MergeProposal.id).limit(limit))]


def count_pairs(session: Session) -> int:
    """How many pairs are in doubt."""
    return session.scalar(_visible(select(func.count()))) or 0


def find_pair(session: Session, pair_id: int) -> PairRow | None:
    """A pair in doubt; None where it is in doubt no more."""
    row = session.execute(_visible(_PAIRS).where(MergeProposal.id == pair_id))
    found = row.one_or_none()
    return None if found is None else PairRow(*found)


def pairs_with(session: Session, work: int) -> Sequence[PairRow]:
    """Pairs in doubt of which one is this work."""
    query = _visible(_PAIRS).where((_A.id == work) | (_B.id == work))
    return [PairRow(*row) for row in session.execute(query.order_by(MergeProposal.id).limit(_MOST_ALIKE))]


def _visible(query: Any) -> Any:
    return (
        query.select_from(MergeProposal)
        .join(_KeyA, _KeyA.key == MergeProposal.key_a)
        .join(_KeyB, _KeyB.key == MergeProposal.key_b)
        .join(_A, _A.id == _KeyA.source_id)
        .join(_B, _B.id == _KeyB.source_id)
        .where(MergeProposal.state == ProposalState.OPEN, _A.id != _B.id, _A.answers > 0, _B.answers > 0)
    )
