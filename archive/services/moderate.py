"""Tagging: the queue, a decision with its ledger entry in one commit, undo, and history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.assessment.suggestion import Reason, Suggestion
from archive.domain.ids import PublicId, UserId
from archive.domain.moderation import check_post
from archive.domain.records import PostKind
from archive.domain.source_quality import Level
from archive.services import assess
from archive.services.browse import threads_by_id, visible_post
from archive.services.decisions import (
    check_version,
    conflict,
    decision_before,
    give,
    held_post,
    put_in_force,
    restored_by,
    revision_text,
)
from archive.services.ledger import Actor
from archive.services.post_views import post_views
from archive.services.tracing.offer import follow_undo
from archive.services.transaction import writing
from archive.services.views import Evidence, PostView, ThreadLine
from archive.store.agreement import Agreement, count_agreement, tenth_of
from archive.store.checks import struck_tags
from archive.store.pages import PostRow, other_answers, posts_above
from archive.store.queue import (
    QueueRow,
    count_done,
    count_waiting,
    newest_own_decision,
    next_waiting,
    queue_rows,
)
from archive.store.tags import Skip, Tag, TagAct, list_decisions
from archive.store.threads import Post, Revision
from archive.store.traces import traces_of_tags
from archive.store.users import User

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
    agreement: Agreement  # of moderators with suggestions like it
    tested: tuple[int, int]  # labelled texts that came out as surely, and how many of them were right
    waiting: int  # answers without a tag in this queue
    done_today: int  # tags this moderator has given since midnight, UTC


@dataclass(frozen=True, slots=True)
class Undone:
    """A decision that was taken back."""

    post: PostView
    level: Level | None  # that it had given


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One decision on a post."""

    id: int
    act: TagAct
    level: Level | None
    by: str
    at: datetime
    evidence: Sequence[Evidence]
    note: str
    codebook_version: int
    revision_number: int
    suggested: Level | None
    suggestion_seen: bool
    in_force: bool
    withdrawn: bool  # the text that was judged: readers see it no longer, and no tag that was given to it
    was: Level | None  # before it; None: no tag
    because: str  # what led to it, where that was no look at the answer alone; "" otherwise


def queues(session: Session) -> Sequence[QueueRow]:
    """Each collection's queue."""
    return queue_rows(session)


def next_in_queue(
    session: Session, moderator: UserId, *, collection: str | None = None, after: PublicId | None = None
) -> PublicId | None:
    """The next answer without a tag, after a post where one is named; None when all are tagged."""
    after_id = None if after is None else session.scalar(select(Post.id).where(Post.public_id == after))
    return next_waiting(session, moderator, collection=collection, after=after_id)


def queue_item(session: Session, public_id: str, *, moderator: UserId, collection: str | None = None) -> QueueItem:
    """An answer on the bench.

    :raises NotFoundError: if there is none, or it is not public.
    :raises TagNotAllowedError: if it is not an answer.
    """
    row = visible_post(session, public_id, drafts=False)
    check_post(kind=row.kind, public=row.public)
    post = post_views(session, [row], drafts=False)[0]
    above = post_views(session, posts_above(session, row.id), drafts=False)
    question = next((other for other in above if other.kind is PostKind.QUESTION), None)
    siblings = other_answers(session, row.thread_id, but=row.id, limit=MOST_SIBLINGS)
    suggestion = assess.suggestion_for(session, revision_id=post.revision_id, text=post.text, markup=post.markup)
    return QueueItem(
        post=post,
        thread=threads_by_id(session, {row.thread_id})[row.thread_id],
        question=question,
        parents=[other for other in above if other is not question],
        siblings=post_views(session, siblings, drafts=False),
        suggestion=suggestion,
        reasons=assess.reasons_of(session, suggestion, post.text, post.markup),
        agreement=_agreement(session, suggestion),
        tested=assess.tested_like(session, suggestion),
        waiting=count_waiting(session, collection=collection),
        done_today=count_done(session, moderator, since=_midnight()),
    )


def tag(
    session: Session,
    *,
    post: PublicId,
    revision_id: int,
    version: int,
    level: Level,
    evidence: Sequence[tuple[int, int]],
    note: str,
    moderator: User,
    suggestion_seen: bool,
) -> PostView:
    """Decide on an answer. `version` is the one that its page carried.

    :raises NotFoundError: if there is no such post or revision.
    :raises TagNotAllowedError: if it cannot be tagged, or the evidence is not in the text.
    :raises TagConflictError: if somebody else decided since the page was made; nothing is overwritten.
    """
    text, markup = revision_text(session, visible_post(session, post, drafts=False).id, revision_id)
    # Before anybody has to wait for us.
    proposal = assess.propose(session, revision_id=revision_id, text=text, markup=markup)
    with writing(session):
        row = held_post(session, post)
        check_version(session, row, version)
        assess.keep(session, thread_id=row.thread_id, post_id=row.id, revision_id=revision_id, proposal=proposal)
        give(
            session,
            row,
            revision_id=revision_id,
            level=level,
            evidence=evidence,
            note=note,
            moderator=moderator,
            at=now(),
            suggestion=proposal.suggestion,
            suggestion_seen=suggestion_seen,
        )
    return post_views(session, [visible_post(session, post, drafts=False)], drafts=False)[0]


def skip(session: Session, *, post: PublicId, moderator: User) -> None:
    """Pass over an answer; it comes back when the queue has no other.

    :raises NotFoundError: if there is no such post.
    """
    with writing(session):
        row = held_post(session, post)
        session.merge(Skip(moderator_id=moderator.id, post_id=row.id, at=now()))


def undo(session: Session, *, moderator: User) -> Undone | None:
    """Take back a moderator's newest decision; None when there is none to take back.

    :raises TagConflictError: if somebody else decided on that answer since.
    :raises TagNotAllowedError: if that brings a tag back that rests on a supplied reference which was declined since.
    """
    newest = newest_own_decision(session, moderator.id)
    if newest is None:
        return None
    public_id = session.get_one(Post, newest.post_id).public_id
    level = newest.level
    _undo(session, public_id, newest.id, moderator)
    return Undone(post_views(session, [visible_post(session, public_id, drafts=False)], drafts=False)[0], level)


def undo_tag(session: Session, *, post: PublicId, tag_id: int, moderator: User) -> None:
    """Take back the decision in force, whoever made it.

    :raises NotFoundError: if there is no such post.
    :raises TagConflictError: if that decision is no longer in force.
    :raises TagNotAllowedError: if that brings a tag back that rests on a supplied reference which was declined since.
    """
    _undo(session, post, tag_id, moderator)


def history(session: Session, public_id: str) -> Sequence[HistoryEntry]:
    """The decisions on a post, newest first.

    :raises NotFoundError: if there is no such post.
    """
    row = visible_post(session, public_id, drafts=False)
    in_force = session.get_one(Post, row.id).tag_id
    query = select(Revision.id, Revision.number, Revision.public).where(Revision.post_id == row.id)
    judged = {revision.id: revision for revision in session.execute(query)}
    causes: dict[int | None, str] = {
        trace.tag_id: "by a supplied reference" for trace in traces_of_tags(session, row.id)
    }
    causes.update(dict.fromkeys(struck_tags(session, row.id), "as a reference was struck"))
    decisions = list_decisions(session, row.id)
    before = [decision for decision, _ in decisions[1:]]
    return [
        HistoryEntry(
            id=decision.id,
            act=decision.act,
            level=decision.level,
            by=name,
            at=decision.at,
            evidence=[Evidence(**words) for words in decision.evidence if judged[decision.revision_id].public],
            note=decision.note,
            codebook_version=decision.codebook_version,
            revision_number=judged[decision.revision_id].number,
            suggested=decision.suggested,
            suggestion_seen=decision.suggestion_seen,
            in_force=decision.id == in_force and judged[decision.revision_id].public,
            withdrawn=not judged[decision.revision_id].public,
            was=former.level if former else None,
            because=causes.get(decision.id, ""),
        )
        for (decision, name), former in zip_longest(decisions, before)
    ]


def _undo(session: Session, public_id: PublicId, tag_id: int, moderator: User) -> None:
    with writing(session):
        undo_held(session, held_post(session, public_id), tag_id, moderator)


def undo_held(session: Session, row: PostRow, tag_id: int, moderator: User) -> None:
    """Take back the decision in force on an answer that the caller holds.

    :raises TagConflictError: if that decision is no longer in force.
    :raises TagNotAllowedError: if that brings a tag back that rests on a supplied reference which was declined since.
    """
    in_force = session.scalar(select(Post.tag_id).where(Post.id == row.id))
    if tag_id not in (in_force, restored_by(session, row.id, in_force)):
        raise conflict(session, row)
    undone = session.get_one(Tag, tag_id)
    before = decision_before(session, row.id, tag_id)
    decision = Tag(
        thread_id=row.thread_id,
        post_id=row.id,
        revision_id=before.revision_id if before else undone.revision_id,
        act=TagAct.UNDO,
        undoes=undone.id,
        level=before.level if before else None,
        evidence=before.evidence if before else [],
        note=before.note if before else "",
        moderator_id=moderator.id,
        at=now(),
        codebook_version=before.codebook_version if before else undone.codebook_version,
        suggested=None,
        suggestion_engine=None,
        suggestion_seen=False,
    )
    put_in_force(session, row, decision, by=Actor.of(moderator))
    follow_undo(session, row, decision, by=moderator)


def _agreement(session: Session, suggestion: Suggestion) -> Agreement:
    if suggestion.level is None:
        return Agreement(0, 0)
    tenth = tenth_of(suggestion.confidence)
    return count_agreement(session, engine=suggestion.engine, level=suggestion.level, tenth=tenth)


def _midnight() -> datetime:
    return now().replace(hour=0, minute=0, second=0, microsecond=0)
