"""Votes that stand alone on their texts, many at once: what `settle` and undo do for each, in a few statements.

Five hundred of them one by one take ten seconds, for which nobody else can write.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from archive.domain.second_opinions import Basis, State, outcome
from archive.services.bench.settle import finding_of
from archive.services.decisions import decision_of, put_all_in_force, undoing
from archive.store.bench_rules import rules_by_thread
from archive.store.ledger import Told
from archive.store.pages import PostRow
from archive.store.pending import Pending, forget_all_pending
from archive.store.tags import Tag, TagAct, newest_two
from archive.store.traces import posts_with_traces
from archive.store.users import User
from archive.store.votes import Vote, texts_with_other_votes

Lone = tuple[PostRow, Vote]


@dataclass(frozen=True, slots=True)
class Sorted:
    """Votes on answers that the caller holds."""

    lone: Sequence[tuple[PostRow, Vote, Sequence[Tag]]]  # with the newest decisions, the newest first
    others: Sequence[Lone]


def settle_lone(session: Session, pairs: Sequence[Lone], *, by: User, at: datetime) -> list[Told]:
    """Put in force what votes come to that count and have no other beside them; what is to be told in the ledger.

    The caller holds the answers; on none of them is a decision that no vote made.
    """
    rules = rules_by_thread(session, [row.thread_id for row, _ in pairs])
    forget_all_pending(session, [row.id for row, _ in pairs])
    decided: list[tuple[PostRow, Tag]] = []
    for row, vote in pairs:
        found = outcome([vote.level], rules[row.thread_id].needed(row.public_id))
        if found.state is State.DECIDED:
            finding = finding_of([vote], Basis.SINGLE, votes=1)
            decided.append((row, decision_of(row, row.text, finding, by, at=at)))
        else:
            session.add(_pending(row, vote, found.state, at))
    return put_all_in_force(session, decided, at=at)


def sort_standing(session: Session, pairs: Sequence[Lone]) -> Sorted:
    """Which votes can be taken back together: each gave its answer the first level, or waits alone for a second."""
    return _sorted(session, pairs, lambda newest, vote: _is_open(newest) or _is_first(newest, vote))


def sort_withdrawn(session: Session, pairs: Sequence[Lone]) -> Sorted:
    """Which votes can stand again together: on answers that have neither a level nor another vote."""
    return _sorted(session, pairs, lambda newest, _: _is_open(newest))


def _sorted(session: Session, pairs: Sequence[Lone], fits: Callable[[Sequence[Tag], Vote], bool]) -> Sorted:
    """Apart from the others those on the current text beside which nothing is to be followed.

    :param fits: whether the newest decisions, the newest first, leave a vote among these.
    """
    bound = _bound(session, pairs)
    tags = newest_two(session, [row.id for row, _ in pairs])
    lone, others = list[tuple[PostRow, Vote, Sequence[Tag]]](), list[Lone]()
    for row, vote in pairs:
        newest = tags.get(row.id, ())
        plain = vote.id not in bound and vote.replaces is None and vote.revision_id == row.revision_id
        if plain and fits(newest, vote):
            lone.append((row, vote, newest))
        else:
            others.append((row, vote))
    return Sorted(lone, others)


def withdraw_lone(session: Session, found: Sorted, *, by: User, at: datetime) -> list[Told]:
    """Take votes back, with the levels that they gave; what is to be told in the ledger."""
    told = set_all(found, stands=False)
    forget_all_pending(session, [row.id for row, _, _ in found.lone])
    undone = [(row, _undo(row, newest, by, at)) for row, _, newest in found.lone if not _is_open(newest)]
    return told + put_all_in_force(session, undone, at=at)


def stand_again(session: Session, found: Sorted, *, by: User, at: datetime) -> list[Told]:
    """Have votes stand again, with what they come to; what is to be told in the ledger."""
    told = set_all(found, stands=True)
    return told + settle_lone(session, [(row, vote) for row, vote, _ in found.lone], by=by, at=at)


def set_all(found: Sorted, *, stands: bool) -> list[Told]:
    """Have votes stand or not; what is to be told in the ledger."""
    for _, vote, _ in found.lone:
        vote.stands = stands
    act = "put votes back" if stands else "set votes aside"
    return [(act, f"post {row.public_id}", {"votes": [vote.id]}) for row, vote, _ in found.lone]


def _bound(session: Session, pairs: Sequence[Lone]) -> set[int]:
    """The votes beside which something else is to be followed: votes of others, or references that were supplied."""
    others = texts_with_other_votes(session, [vote.id for _, vote in pairs])
    traced = posts_with_traces(session, [row.id for row, _ in pairs])
    return {vote.id for row, vote in pairs if vote.revision_id in others or row.id in traced}


def _is_open(newest: Sequence[Tag]) -> bool:
    """Whether no level is in force."""
    return not newest or newest[0].level is None


def _is_first(newest: Sequence[Tag], vote: Vote) -> bool:
    """Whether a vote alone gave the level that is in force, to an answer that had none."""
    return newest[0].act is TagAct.TAG and newest[0].rests_on == [vote.id] and _is_open(newest[1:])


def _undo(row: PostRow, newest: Sequence[Tag], by: User, at: datetime) -> Tag:
    return undoing(row, newest[0], newest[1] if len(newest) > 1 else None, by, at=at)


def _pending(row: PostRow, vote: Vote, state: State, at: datetime) -> Pending:
    return Pending(
        post_id=row.id, thread_id=row.thread_id, revision_id=vote.revision_id, state=state, votes=1, since=at
    )
