"""How far a moderator and a collection are: done today, how fast, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import UserId
from archive.services.bench.queue import MOST_FOUND, midnight
from archive.services.search import Wanted, wanted_answers
from archive.store.queue import count_found, how_far, vote_times

STRETCH = timedelta(minutes=5)
_STRETCHES = 12  # so that the plot shows one hour
_HOUR = timedelta(hours=1)
_ENOUGH = timedelta(minutes=10)  # of work, from which on a rate says something


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What stands in the quiet line, and in the plot beside it."""

    today: int  # answers that the moderator has voted on
    an_hour: int | None  # at the pace of the last hour; None where that is too short a time to say
    since: datetime  # when the first stretch began
    stretches: Sequence[int]  # answers voted on in each five minutes, the newest last
    waiting: int  # answers without a tag
    answers: int  # all
    more: bool = False  # whether a search finds further ones, which are not looked at

    @property
    def decided(self) -> int:
        """Answers with a tag."""
        return self.answers - self.waiting

    @property
    def percent(self) -> int:
        """The share that is decided, rounded down, so that all is only all."""
        return 100 * self.decided // self.answers if self.answers else 100


def progress(session: Session, moderator: UserId, *, collection: str | None, search: Wanted | None = None) -> Progress:
    """How far they are; with a search, among what it finds."""
    moment = now()
    begun = moment - timedelta(seconds=moment.timestamp() % STRETCH.total_seconds())
    since = begun - (_STRETCHES - 1) * STRETCH
    times = vote_times(session, moderator, since=since)
    stretches = [0] * _STRETCHES
    for at in times:
        stretches[min(int((at - since) / STRETCH), _STRETCHES - 1)] += 1
    far = how_far(session, moderator, collection=collection, since=midnight())
    waiting, answers = far.answers - far.decided, far.answers
    if search is not None:
        waiting, answers = count_found(session, wanted_answers(session, search, limit=MOST_FOUND + 1))
    return Progress(
        today=far.today,
        an_hour=_an_hour(times, moment),
        since=since,
        stretches=stretches,
        waiting=waiting,
        answers=min(answers, MOST_FOUND) if search else answers,
        more=search is not None and answers > MOST_FOUND,
    )


def _an_hour(times: Sequence[datetime], moment: datetime) -> int | None:
    within = [at for at in times if moment - at <= _HOUR]
    if not within or moment - within[0] < _ENOUGH:
        return None
    return round(len(within) * _HOUR / (moment - within[0]))
