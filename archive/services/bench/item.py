"""One answer on the bench, with what a moderator needs to see; and each collection's queue."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.domain.agreement.trials import Trial
from archive.domain.assessment.suggestion import Reason, Suggestion
from archive.domain.bench_rules import BenchRules
from archive.domain.ids import UserId
from archive.domain.moderation import check_post
from archive.domain.records import PostKind
from archive.services import assess
from archive.services.bench.asides import NoteLine, notes
from archive.services.bench.progress import Progress, progress
from archive.services.browse import visible_post
from archive.services.post_views import post_views
from archive.services.search import Wanted
from archive.services.trials import OnTrial, on_trial
from archive.services.views import PostView
from archive.store.circumstances import Circumstances, circumstances
from archive.store.pages import PostRow, ThreadTitle
from archive.store.queue import QueueRow, queue_rows
from archive.store.surroundings import BesideRow, other_answers, posts_above
from archive.store.votes import Vote, votes_on

MOST_SIBLINGS = 50  # other answers listed beside one


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    """An answer to be tagged, with what a moderator needs to see."""

    post: PostView
    thread: ThreadTitle
    question: PostView | None
    parents: Sequence[PostView]  # between question and answer, outermost first
    siblings: Sequence[BesideRow]  # the thread's other answers
    suggestion: Suggestion
    reasons: Sequence[Reason]  # for the suggested level, the weightiest first
    trial: Trial  # how often blind votes agreed with suggestions like it
    withheld: bool  # whether it is not shown, as too few did
    tested: tuple[int, int]  # labelled texts that came out as surely, and how many of them were right
    progress: Progress  # of the moderator, and of this queue
    rules: BenchRules
    codebook: int  # the version in force
    needed: int  # votes
    votes: int  # that stand and count
    read_before: bool  # whether the moderator voted on this text once, or decided on it
    own_vote: Vote | None  # the moderator's, on this text
    notes: Sequence[NoteLine]  # between colleagues, on the answer and on its author
    marked: bool  # by the moderator, to be tagged with others


def queues(session: Session) -> Sequence[QueueRow]:
    """Each collection's queue."""
    return queue_rows(session)


def queue_item(
    session: Session,
    public_id: str,
    *,
    moderator: UserId,
    collection: str | None = None,
    search: Wanted | None = None,
    least: int = 0,
) -> QueueItem:
    """An answer on the bench.

    :param least: percent of blind votes that must have agreed with such suggestions for one to be shown.

    :raises NotFoundError: if there is none, or it is not public.
    :raises TagNotAllowedError: if it is not an answer.
    """
    row = visible_post(session, public_id, drafts=False)
    check_post(kind=row.kind, public=row.public)
    around = circumstances(session, row, row.revision_id, moderator=moderator, base=assess.BASE)
    post, *above = post_views(session, [row, *posts_above(session, row)], drafts=False)
    question = next((other for other in above if other.kind is PostKind.QUESTION), None)
    suggestion, tried = _suggested(session, row, around, least=least)
    votes = votes_on(session, row.id, row.revision_id) if around.voted else ()
    own = [vote for vote in votes if vote.moderator_id == moderator]
    return QueueItem(
        post=post,
        thread=ThreadTitle(row.thread_id, around.thread, around.title, around.collection, around.collection_name),
        question=question,
        parents=[other for other in above if other is not question],
        siblings=other_answers(session, row.thread_id, but=row.id, limit=MOST_SIBLINGS) if around.answers > 1 else (),
        suggestion=tried.suggestion,
        reasons=assess.reasons_of(session, tried.suggestion, post.text, post.markup),
        trial=tried.trial,
        withheld=tried.is_withheld,
        tested=assess.tested_like(session, suggestion),
        progress=progress(session, moderator, collection=collection, search=search),
        rules=around.rules,
        codebook=around.codebook,
        needed=around.rules.needed(post.public_id),
        votes=sum(vote.stands and vote.counts for vote in votes),
        read_before=bool(own) or around.decided,
        own_vote=next((vote for vote in own if vote.stands), None),
        notes=notes(session, row.id, moderator=moderator) if around.noted else (),
        marked=around.marked,
    )


def _suggested(session: Session, row: PostRow, around: Circumstances, *, least: int) -> tuple[Suggestion, OnTrial]:
    """What is suggested for a text, and as much of it as may be shown."""
    text, markup, engine = row.text, row.markup, around.engine or assess.BASE
    found = assess.suggestion_for(session, revision_id=row.revision_id, text=text, markup=markup, engine=engine)
    return found, on_trial(session, found, least=least)
