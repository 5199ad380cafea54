"""What comes next: the mix of a collection's queue, and the claims on what was served."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, islice, product

from sqlalchemy import bindparam, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.bench_rules import BenchRules
from archive.domain.ids import PublicId, UserId
from archive.domain.queue_mix import Stream, streams_for
from archive.services import assess
from archive.services.browse import NotFoundError
from archive.services.search import Wanted, wanted_answers
from archive.services.transaction import writing
from archive.store.bench_rules import rules_of
from archive.store.claims import claim, unclaimed
from archive.store.engine import is_busy
from archive.store.serving import (
    Desk,
    Served,
    collection_numbered,
    current_text,
    desk_of,
    name_of_writer,
    next_found,
    next_of,
)
from archive.store.threads import Post

MOST_FOUND = 5_000  # hits of a search that are looked through
AHEAD = 3  # answers that are claimed and fetched before they are wanted
_SPARE = 3  # more of them, where others claim the same at the same moment
CLAIMED_FOR = timedelta(minutes=5)
_PATIENCE_MS = 50


def coming(
    session: Session,
    moderator: UserId,
    *,
    collection: str | None = None,
    search: Wanted | None = None,
    most: int = 1,
    but: PublicId | None = None,
) -> Sequence[PublicId]:
    """The answers that come next, in their order; none when none waits.

    :param search: whose answers are worked through, in place of a collection's queue.
    :param but: the one on the bench.
    :raises NotFoundError: if there is no such collection.
    """
    on_bench = None if but is None else session.scalar(select(Post.id).where(Post.public_id == but))
    left_out = [] if on_bench is None else [on_bench]
    served = _coming(session, moderator, collection, search, most=most, but=left_out)
    return [one.public_id for one in served]


def claim_coming(
    session: Session, moderator: UserId, *, collection: str | None = None, search: Wanted | None = None
) -> Sequence[PublicId]:
    """The answers that come next, claimed, so that colleagues are given others for some minutes.

    Where others write just now nothing is claimed: that two read the same answer costs nothing but time.

    :raises NotFoundError: if there is no such collection.
    """
    served = list(_coming(session, moderator, collection, search, most=AHEAD, spare=_SPARE))
    try:
        with writing(session, patience_ms=_PATIENCE_MS):
            served = claim_first(session, moderator, served)
    except OperationalError as error:
        if not is_busy(error):
            raise
    return [one.public_id for one in served[:AHEAD]]


@dataclass(frozen=True, slots=True)
class Working:
    """Which queue is worked through: that of all collections, of one, or what a search finds."""

    collection: str | None = None
    search: Wanted | None = None


def look_ahead(session: Session, moderator: UserId, queue: Working, *, done: int) -> Sequence[Served]:
    """The answers that come next once an answer is done, and some more, as others may claim the first ones meanwhile.

    :raises NotFoundError: if there is no such collection.
    """
    found = _coming(session, moderator, queue.collection, queue.search, most=AHEAD, spare=_SPARE, but=[done], done=done)
    return list(found)


def claim_first(session: Session, moderator: UserId, served: Sequence[Served]) -> list[Served]:
    """Claim the first answers that nobody else has claimed, in the caller's transaction; they. Where others have all,
    the first of all.
    """
    moment = now()
    free = set(unclaimed(session, moderator, [one.id for one in served], now=moment))
    ours = [one for one in served if one.id in free or not free][:AHEAD]
    claim(session, moderator, [one.id for one in ours], until=moment + CLAIMED_FOR)
    return ours


_NUMBER = select(Post.id).where(Post.public_id == bindparam("address"))


def after_in_order(
    session: Session,
    moderator: UserId,
    post: PublicId,
    *,
    collection: str | None = None,
    search: Wanted | None = None,
) -> PublicId | None:
    """The answer that comes after one in reading order, whatever is wanted most; None where none waits."""
    last = session.scalar(_NUMBER, {"address": post}) or 0
    desk = replace(_desk(session, moderator, collection)[0], last=last)
    if search is not None:
        served = _of_search(session, desk, search, most=1, but=[last], claims=(True,))
        return next((one.public_id for one in served), None)
    for stream in (Stream.ORDER, Stream.PASSED_OVER):
        for found in next_of(session, stream, desk, limit=2, claimed=True):
            if found.id != last:
                return found.public_id
    return None


def _coming(
    session: Session,
    moderator: UserId,
    collection: str | None,
    search: Wanted | None,
    *,
    most: int,
    spare: int = 0,
    but: Sequence[int] = (),
    done: int | None = None,
) -> Iterator[Served]:
    """What nobody else is about to read, if there is such an answer; a claim keeps nobody waiting.

    :param spare: how many more are welcome, if they need not be asked for.
    :param done: an answer with which the moderator will have been busy last by then.
    """
    desk, turn = _desk(session, moderator, collection)
    if done is not None:
        desk, turn = replace(desk, last=done), turn + 1
    if search is not None:
        yield from _of_search(session, desk, search, most=most + spare, but=but)
        return
    rules = BenchRules() if desk.collection_id is None else rules_of(session, desk.collection_id)
    left_out, first = set(but), {}
    for ahead in range(most):
        kinds = [(claimed, stream) for claimed in (False, True) for stream in streams_for(rules, turn + ahead)]
        for claimed, stream in kinds:
            if (claimed, stream) not in first:
                limit = most + spare + len(but)
                first[claimed, stream] = next_of(session, stream, desk, limit=limit, claimed=claimed)
            served = next((one for one in first[claimed, stream] if one.id not in left_out), None)
            if served is not None:
                break
        else:
            return
        left_out.add(served.id)
        yield served
    yield from islice((one for one in chain(*first.values()) if one.id not in left_out), spare)


def _of_search(
    session: Session,
    desk: Desk,
    search: Wanted,
    *,
    most: int,
    but: Sequence[int],
    claims: Sequence[bool] = (False, True),
) -> Iterator[Served]:
    """What the search finds behind the answer that was read last, and then from the beginning; what was passed over
    comes last. Of the texts in each stretch, no more are looked through than a moment allows.
    """
    if not search.says_which:
        return
    begin, left_out, wanted = current_text(session, desk.last), list(but), most
    stretches = [wanted_answers(session, search, after=after, limit=MOST_FOUND) for after in sorted({begin, 0})[::-1]]
    for claimed, passed, found in product(claims, (False, True), stretches):
        served = next_found(session, found, desk, but=left_out, claimed=claimed, passed=passed, most=wanted)
        yield from served
        left_out += [one.id for one in served]
        wanted -= len(served)
        if not wanted:
            return


def _desk(session: Session, moderator: UserId, collection: str | None) -> tuple[Desk, int]:
    """The moderator's desk, and how much was done there today."""
    number = None if collection is None else collection_numbered(session, collection)
    if collection is not None and number is None:
        raise NotFoundError("collection")
    found = desk_of(session, moderator, since=midnight(), base=assess.BASE)
    desk = Desk(
        moderator=moderator,
        collection_id=number,
        engine=found.engine or assess.BASE,
        now=now(),
        last=found.last,
        empty=found.empty,
        trainee=found.trainee,
    )
    return desk, found.acts


def writer_of(session: Session, post: PublicId) -> str:
    """Whose answer it is, in a word or two."""
    return name_of_writer(session, post)


def midnight() -> datetime:
    """When today began, in UTC."""
    return now().replace(hour=0, minute=0, second=0, microsecond=0)
