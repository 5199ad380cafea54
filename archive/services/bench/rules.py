"""The rules of a collection's bench: what is in force, what it comes to, and setting others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.bench_rules import BenchRules, check_rules
from archive.domain.ids import CollectionSlug, PublicId
from archive.domain.queue_mix import Stream, pattern
from archive.domain.second_opinions import State
from archive.errors import ArchiveError
from archive.services.bench.settle import settle
from archive.services.browse import any_collection
from archive.services.decisions import held_posts
from archive.services.ledger import Actor, record
from archive.services.transaction import writing
from archive.store.bench_rules import StoredRules, as_recorded, rules_in_force
from archive.store.pending import count_wanting, wanting_votes
from archive.store.users import User

MOST_SETTLED = 200  # answers whose votes are enough by new rules, in the transaction of these


class RulesConflictError(ArchiveError):
    """Somebody else set the rules since the page was made."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody set other rules after your page was made. Nothing was overwritten or stored: what you chose is "
            "still in the form, and what is in force now stands above it."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesPage:
    """The rules of a collection."""

    slug: CollectionSlug
    name: str
    rules: BenchRules
    version: int  # 0: never set
    wanting: int  # answers with votes that want another one


@dataclass(frozen=True, slots=True)
class Settled:
    """What new rules led to."""

    decided: int  # answers whose votes were enough by them
    left: int  # that were too many to be looked at: their next vote settles them


@dataclass(frozen=True, slots=True)
class Turn:
    """A kind of answers in a queue's mix."""

    stream: Stream
    turns: Sequence[int]  # of the first twenty, from 1


def rules_page(session: Session, slug: str) -> RulesPage:
    """The rules of a collection, whether or not they were ever set.

    :raises NotFoundError: if there is no such collection.
    """
    collection = any_collection(session, slug)
    rules, version = rules_in_force(session, collection.id)
    return RulesPage(
        slug=collection.slug,
        name=collection.name,
        rules=rules,
        version=version,
        wanting=count_wanting(session, collection.id),
    )


def turns_of(rules: BenchRules) -> Sequence[Turn]:
    """Which of twenty answers of a queue are of which kind, the largest share first."""
    turns = pattern(rules)
    return [
        Turn(stream, [number for number, other in enumerate(turns, 1) if other is stream])
        for stream, _ in Counter(turns).most_common()
    ]


def set_rules(session: Session, slug: str, rules: BenchRules, *, version: int, by: User) -> Settled:
    """Set the rules of a collection, and decide what has enough votes by them. The same rules again change nothing.

    A decision in force stays, however many votes are asked for from now on.

    :param version: of the rules, as the page had it.
    :raises NotFoundError: if there is no such collection.
    :raises BenchRulesError: if there can be no such rules.
    :raises RulesConflictError: if somebody set others since.
    """
    check_rules(rules)
    with writing(session):
        collection = any_collection(session, slug, held=True)
        before, newest = rules_in_force(session, collection.id)
        if rules == before:
            return Settled(0, 0)
        if newest != version:
            raise RulesConflictError
        session.merge(StoredRules(collection_id=collection.id, version=newest + 1, **asdict(rules)))
        session.flush()
        fewer = rules.votes_needed < before.votes_needed or rules.double_percent < before.double_percent
        settled = _settle(session, collection.id, rules, by) if fewer else Settled(0, 0)
        detail, subject = as_recorded(rules, newest + 1), f"collection {collection.slug}"
        record(session, by=Actor.of(by), act="set bench rules", subject=subject, detail=detail)
    return settled


def _settle(session: Session, collection: int, rules: BenchRules, by: User) -> Settled:
    """Decide what waits and has enough votes now; the oldest first, and no more than a moment allows."""
    enough = [one for one in wanting_votes(session, collection) if rules.needed(one.post) <= one.votes]
    chosen, left = enough[:MOST_SETTLED], enough[MOST_SETTLED:]
    rows = held_posts(session, [PublicId(one.post) for one in chosen])
    moment, decided = now(), 0
    for one in chosen:
        if one.post in rows:
            found = settle(session, rows[one.post], one.revision_id, by=by, at=moment)
            decided += found.state is State.DECIDED
    return Settled(decided, len(left))
