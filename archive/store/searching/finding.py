"""Which posts a search finds, how many, and in which order.

Ranking every match of a common word costs a hundred times as much as listing the newest ones. So the best come first
only where matches are few, of many only the newest are counted, and of very many only the newest are looked at where
more is asked than words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Integer, Subquery, column, text
from sqlalchemy.orm import Session

from archive.domain.searching.query import AllOf, Filter, Node, Not, says_which
from archive.store.driver import read_rows, read_value
from archive.store.heads import OTHERS, RANKS
from archive.store.searching.conditions import FEW, WIDE, Asking, in_languages
from archive.store.searching.dialects import COUNT, Dialect, is_wordy

COUNT_UP_TO = 1_000  # posts; as many are ranked
MATCHED_UP_TO = 500  # posts, of those that are counted, of which it is told what they have in common
LOOK_AT = 50_000  # texts, of those with the words that are asked for, where more is asked than words
READ_AT_MOST = 10_000  # where they have to be read for it
READING = frozenset(("has",))  # operators for which they are
_RANK_AMONG = 3_000  # texts with the words, of which filters leave few


class Order(StrEnum):
    """In which order hits come."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"
    SOURCED = "sourced"


_BY_LEVEL = " ".join(f"WHEN '{level}' THEN {rank}" for level, rank in RANKS.items())  # as in threads
_ORDERS = {
    Order.NEWEST: "post.posted_at DESC NULLS LAST, post.id DESC",
    Order.OLDEST: "post.posted_at ASC NULLS LAST, post.id",
    Order.SOURCED: f"CASE post.level {_BY_LEVEL} ELSE {OTHERS} END, post.posted_at DESC NULLS LAST, post.id DESC",
}
_FROM = """
    FROM {hits}
    {join} post ON post.id = revision.post_id AND post.public AND post.takedown_id IS NULL {thread}
    WHERE revision.is_current {conditions}
"""
_THREAD = "JOIN thread ON thread.id = post.thread_id"
_MATCHED = """
    SELECT revision.id AS revision_id, post.level, post.kind, {collection} AS collection_id, post.author_id,
        {year} AS year
    {found} ORDER BY {received} LIMIT :most
"""
_LIST = "SELECT post.id AS id {found} ORDER BY {order} LIMIT :limit OFFSET :offset"
_IN_ORDER = """
    SELECT post.id AS post_id, revision.id AS revision_id {found}
    AND post.kind = 'answer' AND {number} > :after ORDER BY {number} LIMIT :most
"""
_NEWEST_TEXT = "SELECT id FROM revision WHERE is_current ORDER BY id DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Matched:
    """As much of the posts that were found as they are counted by: of each the same place in every list."""

    revision_ids: Sequence[int] = ()
    levels: Sequence[str | None] = ()
    kinds: Sequence[str] = ()
    collection_ids: Sequence[int] = ()
    author_ids: Sequence[int | None] = ()
    years: Sequence[int | None] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The posts of one page of hits, and how many there are."""

    post_ids: Sequence[int] = ()
    total: int = 0
    counted_all: bool = True
    order: Order | None = Order.BEST  # None: as received, the last one first
    looked_at: int = 0  # texts that were looked at, the newest; 0: all
    matched: Matched = Matched()  # those received last of them, where they were asked for


@dataclass(frozen=True, slots=True)
class Plan:
    """A search as a database runs it."""

    dialect: Dialect
    found: str  # FROM … WHERE …
    has_words: bool
    leads_to_few: bool  # whether a filter leads to few posts at once
    filters: frozenset[str]  # operators that it names
    only_place: int | None  # the collection in which all is found, where there is but one
    is_plain: bool  # whether nothing is asked for but words
    parameters: dict[str, Any]

    @property
    def number(self) -> str:
        """Of a text, by which matches are read in their order."""
        return self.dialect.number if self.has_words else "revision.id"

    @property
    def received(self) -> str:
        """ORDER BY: those received last come first."""
        return f"{self.dialect.unsorted if self.leads_to_few else self.number} DESC"

    @property
    def looks_at(self) -> int:
        """How many texts are looked at, at the most."""
        return READ_AT_MOST if self.filters & READING else LOOK_AT


def plan(asking: Asking, clauses: Sequence[Node]) -> Plan:
    """How a search is run."""
    words = [clause for clause in clauses if is_wordy(clause.of if isinstance(clause, Not) else clause)]
    has_words = any(map(says_which, words))
    others = [clause for clause in clauses if not (has_words and clause in words)]
    conditions = []
    if has_words:
        together = AllOf(tuple(words)) if len(words) > 1 else words[0]
        asking.parameters["match"], condition = in_languages(asking, together)
        conditions += [condition] if condition else []
    conditions += map(asking.condition, others)
    sql = "".join(f" AND {condition}" for condition in conditions)
    hits, thread = asking.dialect.matches if has_words else "revision", _THREAD if "thread." in sql else ""
    is_wide = not has_words and asking.used <= WIDE  # or SQLite would begin with an index that has all posts
    return Plan(
        dialect=asking.dialect,
        found=_FROM.format(hits=hits, join=asking.dialect.then if is_wide else "JOIN", thread=thread, conditions=sql),
        has_words=has_words,
        leads_to_few=not has_words and any(isinstance(one, Filter) and one.operator in FEW for one in others),
        filters=frozenset(asking.used),
        only_place=asking.places[0].id if len(asking.places) == 1 else None,
        is_plain=has_words and not conditions,
        parameters=asking.parameters,
    )


def search_posts(
    session: Session, plan: Plan, *, order: Order | None = Order.BEST, limit: int, offset: int, matched: bool = False
) -> Found:
    """Find public posts whose current text contains what is asked for, and which are what else is asked for.

    :param order: None: as received, the last one first.
    :param matched: whether it is wanted what they have in common.
    """
    parameters = plan.parameters | {"most": COUNT_UP_TO + 1, "limit": limit, "offset": offset}
    found, floor = plan.found, _floor(session, plan, order)
    if floor:
        found, parameters["floor"] = f"{found} AND {plan.number} > :floor", floor
    rows = _matched(session, plan, found, parameters) if matched else Matched()
    total = len(rows.kinds)
    if not matched or total == MATCHED_UP_TO:
        count = plan.dialect.count if plan.is_plain and not floor else COUNT
        total = read_value(session, count.format(found=found, received=plan.received), parameters)
    order_by, how = _order(session, plan, order, total)
    query = plan.dialect.best if plan.is_plain and how is Order.BEST else _LIST
    asked = query.format(found=found, order=order_by)
    ids = read_rows(session, asked, parameters) if total and limit else []
    return Found(
        post_ids=[id_ for (id_,) in ids],
        total=min(total, COUNT_UP_TO),
        counted_all=total <= COUNT_UP_TO,
        order=how,
        looked_at=plan.looks_at if floor else 0,
        matched=rows,
    )


def _matched(session: Session, plan: Plan, found: str, parameters: dict[str, Any]) -> Matched:
    collection = str(plan.only_place or "thread.collection_id")
    if plan.only_place is None and _THREAD not in found:
        found = found.replace("IS NULL", f"IS NULL {_THREAD}", 1)
    query = _MATCHED.format(found=found, received=plan.received, year=plan.dialect.year, collection=collection)
    rows = read_rows(session, query, parameters | {"most": MATCHED_UP_TO})
    return Matched(*zip(*rows, strict=True)) if rows else Matched()


def _floor(session: Session, plan: Plan, order: Order | None) -> int:
    """The text up to which none is looked at, where there are too many; 0 where all are."""
    if plan.leads_to_few or (plan.is_plain and order is Order.BEST):
        return 0
    newest: int = read_value(session, _NEWEST_TEXT) or 0
    if newest <= plan.looks_at:
        return 0
    if not plan.has_words:
        return newest - plan.looks_at
    return _match_number(session, plan, plan.looks_at)


def _match_number(session: Session, plan: Plan, place: int) -> int:
    """The number of the text that is the one at that place, from 0, of those with the words; 0 where they are fewer."""
    query = f"{plan.dialect.newest_matches} LIMIT 1 OFFSET :place"
    return read_value(session, query, {"match": plan.parameters["match"], "place": place}) or 0


def _order(session: Session, plan: Plan, order: Order | None, total: int) -> tuple[str, Order | None]:
    """ORDER BY, and what it comes to."""
    if order is None:
        return plan.received, None
    if order is not Order.BEST:
        return _ORDERS[order], order
    if total > COUNT_UP_TO:
        return plan.received, None
    if not plan.has_words:
        return _ORDERS[Order.NEWEST], Order.NEWEST
    if not plan.is_plain and _match_number(session, plan, _RANK_AMONG):
        return plan.received, None
    return plan.dialect.best_first, Order.BEST


def answers_in_order(plan: Plan, *, after: int, limit: int) -> Subquery:
    """SQL: the first public answers that match, in the order in which their texts came: `post_id`, `revision_id`.

    :param after: a revision behind which they lie.
    """
    rows = text(_IN_ORDER.format(found=plan.found, number=plan.number))
    asked = rows.bindparams(after=after, most=limit, **plan.parameters)
    return asked.columns(column("post_id", Integer), column("revision_id", Integer)).subquery("hit")
