"""Deciding which names are of one work: merging, splitting, keeping apart, and taking any of that back.

Names move; no citation changes. What a person tells apart, no text joins again.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import PublicId
from archive.domain.sources.naming import by_strength
from archive.domain.sources.shelf import Joined
from archive.errors import ArchiveError
from archive.services.browse import NotFoundError
from archive.services.ledger import Actor, record
from archive.services.sources.citing import LEDGER_ACTS, join
from archive.services.sources.pages import visible_work
from archive.services.transaction import writing
from archive.store.merge_proposals import find_pair, keep_apart, reopen, settle_doubts
from archive.store.source_counts import recount
from archive.store.source_merges import SourceAct, SourceMerge, as_recorded
from archive.store.source_names import add_work, citing_lock, lead_to, move_names, names_of
from archive.store.sources import Source
from archive.store.users import User

MAX_NOTE = 2_000  # characters
_TOLD_APART = "Somebody told them apart."


class MergeConflictError(ArchiveError):
    """Something else was decided since the page was made."""


class SplitError(ArchiveError):
    """The names that are to be split off are none of the work, or all that it has."""


def merge(session: Session, *, work: str, other: str, note: str, by: User) -> Source:
    """Have another work go into one; that one.

    :raises NotFoundError: if there is no such work.
    :raises MergeConflictError: if they are one already.
    """
    with writing(session):
        citing_lock(session)
        stays, goes = visible_work(session, work), visible_work(session, other)
        if stays.id == goes.id:
            raise MergeConflictError("These are one work already. Nothing was changed.")
        names = tuple(names_of(session, [goes.id])[goes.id])
        join(session, Joined(stays.id, goes.id, names, (names[0], names[0])))
        recount(session, [stays.id, goes.id])
        _decide(session, SourceAct.MERGE, stays, goes, names=names, note=note, by=by)
    return stays


def split(session: Session, *, work: str, names: Sequence[str], note: str, by: User) -> Source:
    """Have some names of a work be a work of their own; that one.

    :raises NotFoundError: if there is no such work.
    :raises SplitError: if these are none of its names, or all.
    :raises MergeConflictError: if one of them is a name of another work by now.
    """
    with writing(session):
        citing_lock(session)
        stays = visible_work(session, work)
        all_names = names_of(session, [stays.id])[stays.id]
        moved = [name for name in all_names if name in set(names)]
        if len(moved) < len(set(names)):
            raise MergeConflictError("Not all of these are names of this work any more. Nothing was changed.")
        left = [name for name in all_names if name not in moved]
        if not moved or not left:
            raise SplitError("Choose some of the names, and leave at least one.")
        new = add_work(session, moved[0])
        move_names(session, moved, new.id)
        keep_apart(session, left[0], moved[0], why=_TOLD_APART)
        recount(session, [stays.id, new.id])
        _decide(session, SourceAct.SPLIT, stays, new, names=moved, note=note, by=by)
    return new


def dismiss(session: Session, *, pair: int, note: str, by: User) -> None:
    """Have two works that may be one be two.

    :raises MergeConflictError: if that is decided already.
    """
    with writing(session):
        citing_lock(session)
        found = find_pair(session, pair)
        if found is None:
            raise MergeConflictError("This was decided since your page was made. Nothing was changed.")
        names = keep_apart(session, found.key_a, found.key_b, why=found.why)
        _decide(session, SourceAct.DISMISS, found.a, found.b, names=names, note=note, by=by)


def undo(session: Session, *, decision: int, by: User) -> PublicId:
    """Take a decision back, a person's or what followed from a text; the work that it was about.

    :raises NotFoundError: if there is no such decision.
    :raises MergeConflictError: if it was taken back before, or its names were moved since.
    """
    with writing(session):
        citing_lock(session)
        undone = session.get(SourceMerge, decision)
        if undone is None or undone.act is SourceAct.UNDO:
            raise NotFoundError("decision")
        if session.scalar(select(SourceMerge.id).where(SourceMerge.undoes == decision)):
            raise MergeConflictError("This was taken back already. Nothing was changed.")
        work, other = session.get_one(Source, undone.source_id), session.get_one(Source, undone.other_id)
        names = [str(name) for name in undone.detail["names"]]
        _TAKE_BACK[undone.act](session, work, other, names)
        recount(session, [work.id, other.id])
        _decide(session, SourceAct.UNDO, work, other, names=names, note="", by=by, undoes=undone.id)
    return work.public_id


def _unmerge(session: Session, work: Source, other: Source, names: Sequence[str]) -> None:
    _check_owned(session, work, names)
    left = [name for name in names_of(session, [work.id])[work.id] if name not in names]
    if other.merged_into_id != work.id or not left:
        raise _moved_since()
    move_names(session, names, other.id)
    lead_to(session, other.id, None)
    keep_apart(session, left[0], by_strength(names)[0], why=_TOLD_APART)


def _unsplit(session: Session, work: Source, other: Source, names: Sequence[str]) -> None:
    _check_owned(session, other, names)
    if work.merged_into_id is not None or len(names_of(session, [other.id])[other.id]) > len(names):
        raise _moved_since()
    move_names(session, names, work.id)
    lead_to(session, other.id, work.id)
    settle_doubts(session, work.id)


def _doubt_again(session: Session, _work: Source, _other: Source, names: Sequence[str]) -> None:
    reopen(session, *names)


_TAKE_BACK = {SourceAct.MERGE: _unmerge, SourceAct.SPLIT: _unsplit, SourceAct.DISMISS: _doubt_again}


def _check_owned(session: Session, work: Source, names: Sequence[str]) -> None:
    if not {*names} <= {*names_of(session, [work.id]).get(work.id, [])}:
        raise _moved_since()


def _moved_since() -> MergeConflictError:
    return MergeConflictError("These names were moved since by another decision. Take that one back first.")


def _decide(
    session: Session,
    act: SourceAct,
    work: Source,
    other: Source,
    *,
    names: Sequence[str],
    note: str,
    by: User,
    undoes: int | None = None,
) -> None:
    decision = SourceMerge(
        act=act,
        undoes=undoes,
        source_id=work.id,
        other_id=other.id,
        detail={"names": [*names]},
        note=note,
        by_id=by.id,
        at=now(),
    )
    session.add(decision)
    session.flush()
    detail = as_recorded(decision, other.public_id)
    record(session, by=Actor.of(by), act=LEDGER_ACTS[act], subject=f"source {work.public_id}", detail=detail)
