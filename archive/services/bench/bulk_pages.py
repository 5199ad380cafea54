"""Many answers before they are tagged at once, and what became of them afterwards."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from sqlalchemy import Subquery
from sqlalchemy.orm import Session

from archive.domain.assessment.suggestion import Signal
from archive.domain.at_once import MOST_AT_ONCE, LeftOut, Standing
from archive.domain.ids import PublicId
from archive.services import assess
from archive.services.browse import NotFoundError
from archive.services.post_views import post_views
from archive.services.search import Wanted, wanted_answers
from archive.services.views import PostView
from archive.store.acts import ActKind, act_of
from archive.store.bench_rules import rules_by_thread
from archive.store.bulk_tags import Bulk, Candidate, candidates, marked_answers, tags_in_force, votes_with_posts
from archive.store.pages import ThreadTitle, posts_at, posts_by_id, thread_titles
from archive.store.users import User

MOST_LOOKED_AT = 5_000  # hits of a search
SAMPLE = 10


@dataclass(frozen=True, slots=True)
class Line:
    """An answer in a list."""

    post: PostView
    thread: ThreadTitle
    signals: Sequence[Signal] | None = None  # None: not looked for, or answers are read without marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What would be tagged."""

    found: int
    more: bool  # whether there are more, which were not looked at
    standing: Mapping[Standing, int]
    sample: Sequence[Line]  # drawn by their addresses, with their signals
    rest: Sequence[Line]  # in the order in which their texts came
    later: int  # that are too many to be tagged at once

    @property
    def now(self) -> int:
        """How many would be tagged."""
        return len(self.sample) + len(self.rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPage:
    """A bulk, and what became of its answers."""

    bulk: Bulk
    by: str
    own: bool
    taken_back: bool
    tagged: int  # answers whose level rests on a vote of it
    waiting: int  # for further votes
    otherwise: Sequence[Line]  # decided without it
    open: int  # without a level again
    left_out: Sequence[tuple[Line, LeftOut]]  # that readers see
    gone: int  # that they do not see any more, of those that were left out


def foresee_search(session: Session, wanted: Wanted, moderator: User, *, own: bool) -> Foreseen:
    """The answers that a search finds, or of whatever else they have to be.

    :param own: whether answers that the moderator alone has tagged are to be tagged anew.
    """
    if not wanted.says_which:
        return _foreseen(session, [], own=own, more=False)
    hits = wanted_answers(session, wanted, limit=MOST_LOOKED_AT + 1)
    found = _candidates(session, hits, moderator)
    return _foreseen(session, found[:MOST_LOOKED_AT], own=own, more=len(found) > MOST_LOOKED_AT)


def foresee_marked(session: Session, moderator: User, *, own: bool) -> Foreseen:
    """The answers that a moderator has marked."""
    return _foreseen(session, _candidates(session, marked_answers(moderator.id), moderator), own=own, more=False)


def bulk_page(session: Session, number: int, *, moderator: User) -> BulkPage:
    """A bulk, whoever gave it.

    :raises NotFoundError: if there is none of that number.
    """
    bulk = session.get(Bulk, number)
    if bulk is None:
        raise NotFoundError("bulk")
    act = act_of(session, bulk.moderator_id, ActKind.BULK, number)
    votes = votes_with_posts(session, number)
    in_force = tags_in_force(session, [post.id for _, post in votes])
    rests = {vote.id for vote, post in votes if post.id in in_force and vote.id in in_force[post.id]}
    otherwise = [post.id for vote, post in votes if post.level is not None and vote.id not in rests and post.public]
    waiting = [vote for vote, post in votes if vote.stands and post.level is None]
    why = {PublicId(post): LeftOut(reason) for post, reason in bulk.left_out}
    left_out = _lines(session, [row.id for row in posts_at(session, [*why])])
    return BulkPage(
        bulk=bulk,
        by=session.get_one(User, bulk.moderator_id).name,
        own=bulk.moderator_id == moderator.id,
        taken_back=act is not None and act.undone,
        tagged=len(rests),
        waiting=len(waiting),
        otherwise=_lines(session, otherwise),
        open=sum(post.level is None and not vote.stands for vote, post in votes),
        left_out=[(line, why[line.post.public_id]) for line in left_out],
        gone=len(why) - len(left_out),
    )


def _candidates(session: Session, found: Subquery, moderator: User) -> Sequence[Candidate]:
    return candidates(session, found, moderator.id)


def _foreseen(session: Session, found: Sequence[Candidate], *, own: bool, more: bool) -> Foreseen:
    wanted = {Standing.FREE, Standing.OWN} if own else {Standing.FREE}
    can_be = [one for one in found if one.standing in wanted]
    chosen = can_be[:MOST_AT_ONCE]
    drawn = {one.id for one in sorted(chosen, key=lambda one: one.public_id)[:SAMPLE]}
    texts = [one.revision_id for one in chosen if one.id in drawn]
    return Foreseen(
        found=len(found),
        more=more,
        standing=Counter(one.standing for one in found),
        sample=_lines(session, [one.id for one in chosen if one.id in drawn], texts),
        rest=_lines(session, [one.id for one in chosen if one.id not in drawn]),
        later=len(can_be) - len(chosen),
    )


def _lines(session: Session, numbers: Sequence[int], with_signals: Sequence[int] = ()) -> list[Line]:
    """The answers of these numbers, as far as they are public, in that order."""
    rows = {row.id: row for row in posts_by_id(session, numbers)}
    rules = rules_by_thread(session, [row.thread_id for row in rows.values()]) if with_signals else {}
    marked = {row.revision_id for row in rows.values() if with_signals and rules[row.thread_id].shows_marks}
    posts = {post.id: post for post in post_views(session, [*rows.values()], drafts=False)}
    threads = thread_titles(session, {row.thread_id for row in rows.values()})
    return [
        Line(posts[number], threads[rows[number].thread_id], _signals(session, posts[number], marked & {*with_signals}))
        for number in numbers
        if number in posts
    ]


def _signals(session: Session, post: PostView, wanted: Set[int]) -> Sequence[Signal] | None:
    if post.revision_id not in wanted:
        return None
    found = assess.suggestion_for(session, revision_id=post.revision_id, text=post.text, markup=post.markup)
    return found.signals
