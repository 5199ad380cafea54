"""What moderators see of works: pairs in doubt, what was decided, and the names that can be split off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from archive.domain.ids import PublicId
from archive.services.sources.pages import visible_work
from archive.store.merge_proposals import PairRow, count_pairs, open_pairs, pairs_with
from archive.store.source_merges import SourceAct
from archive.store.source_names import names_of
from archive.store.source_pages import count_by_name, list_merges
from archive.store.sources import Source

PAIRS_A_PAGE = 20
_MOST_DECISIONS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """One decision on which names are of a work."""

    id: int
    act: SourceAct
    undone: SourceAct | None  # what an undo took back
    names: Sequence[str]  # that were moved, or told apart
    other: PublicId  # the other work that it was about
    went_away: bool  # whether it was this work that went into the other, or was split off it
    by: str | None  # None: a text names both
    at: datetime
    note: str
    may_undo: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided on a work, newest first, and what is still in doubt."""

    decisions: Sequence[DecisionLine]
    pairs: Sequence[PairRow]


@dataclass(frozen=True, slots=True)
class DoubtfulPage:
    """Pairs of works that may be one."""

    pairs: Sequence[PairRow]
    further: int | None  # the pair after which there are further ones


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a work, and under each how many answers point to it."""

    work: Source
    names: Sequence[str]
    answers: Mapping[str, int]


def decided_on(session: Session, work: Source) -> Decided:
    """What was decided on a work, and the pairs in doubt that it is in."""
    rows = list_merges(session, work.id, limit=_MOST_DECISIONS)
    undone = {row.decision.undoes for row in rows}
    acts = {row.decision.id: row.decision.act for row in rows}
    lines = [
        DecisionLine(
            id=row.decision.id,
            act=row.decision.act,
            undone=acts.get(row.decision.undoes or 0),
            names=row.decision.detail["names"],
            other=row.work if row.decision.other_id == work.id else row.other,
            went_away=row.decision.other_id == work.id,
            by=row.by,
            at=row.decision.at,
            note=row.decision.note,
            may_undo=row.decision.act is not SourceAct.UNDO and row.decision.id not in undone,
        )
        for row in rows
    ]
    return Decided(lines, pairs_with(session, work.id))


def doubtful_page(session: Session, *, after: int = 0) -> DoubtfulPage:
    """Pairs in doubt, in the order in which they were found."""
    pairs = open_pairs(session, after=after, limit=PAIRS_A_PAGE + 1)
    shown = pairs[:PAIRS_A_PAGE]
    return DoubtfulPage(shown, shown[-1].id if len(pairs) > PAIRS_A_PAGE else None)


def count_doubtful(session: Session) -> int:
    """How many pairs are in doubt."""
    return count_pairs(session)


def names_of_work(session: Session, public_id: str) -> Names:
    """The names of a work, the surest first, those that no public answer gives among them.

    :raises NotFoundError: if there is no such work.
    """
    work = visible_work(session, public_id)
    return Names(work, names_of(session, [work.id])[work.id], count_by_name(session, work.id))
