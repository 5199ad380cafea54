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
from archive.services.bench.marks import is_marked
from archive.services.bench.progress import Progress, progress
from archive.services.browse import threads_by_id, visible_post
from archive.services.post_views import post_views
from archive.services.search import Wanted
from archive.services.trials import on_trial
from archive.services.views import PostView, ThreadLine
from archive.store.bench_rules import rules_of
from archive.store.pages import other_answers, posts_above
from archive.store.queue import QueueRow, queue_rows
from archive.store.threads import Thread
from archive.store.votes import Vote, has_read, standing_vote, standing_votes

MOST_SIBLINGS = 50  # other answers listed beside one


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    """An answer to be tagged, with what a moderator needs to see."""

    post: PostView
    thread: ThreadLine
    question: PostView | None
    parents: Sequence[PostView]  # between question and answer, outermost first
    siblings: Sequence[PostView]  # the thread's other answers
    suggestion: Suggestion
    reasons: Sequence[Reason]  # for the suggested level, the weightiest first
    trial: Trial  # how often blind votes agreed with suggestions like it
    withheld: bool  # whether it is not shown, as too few did
    tested: tuple[int, int]  # labelled texts that came out as surely, and how many of them were right
    progress: Progress  # of the moderator, and of this queue
    rules: BenchRules
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
    post = post_views(session, [row], drafts=False)[0]
    above = post_views(session, posts_above(session, row.id), drafts=False)
    question = next((other for other in above if other.kind is PostKind.QUESTION), None)
    siblings = other_answers(session, row.thread_id, but=row.id, limit=MOST_SIBLINGS)
    rules = rules_of(session, session.get_one(Thread, row.thread_id).collection_id)
    suggestion = assess.suggestion_for(session, revision_id=post.revision_id, text=post.text, markup=post.markup)
    tried = on_trial(session, suggestion, least=least)
    return QueueItem(
        post=post,
        thread=threads_by_id(session, {row.thread_id})[row.thread_id],
        question=question,
        parents=[other for other in above if other is not question],
        siblings=post_views(session, siblings, drafts=False),
        suggestion=tried.suggestion,
        reasons=assess.reasons_of(session, tried.suggestion, post.text, post.markup),
        trial=tried.trial,
        withheld=tried.is_withheld,
        tested=assess.tested_like(session, suggestion),
        progress=progress(session, moderator, collection=collection, search=search),
        rules=rules,
        needed=rules.needed(post.public_id),
        votes=len(standing_votes(session, post.revision_id)),
        read_before=has_read(session, post.revision_id, moderator),
        own_vote=standing_vote(session, post.revision_id, moderator),
        notes=notes(session, row.id, moderator=moderator),
        marked=is_marked(session, row.id, moderator),
    )
