"""What the votes on an answer come to: a decision, or a place among those that wait for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.domain.moderation import MAX_EVIDENCE, MAX_NOTE
from archive.domain.second_opinions import Basis, Outcome, State, outcome
from archive.services.decisions import Finding, give
from archive.services.decisions_before import restored_by
from archive.store.bench_rules import rules_of_thread
from archive.store.circumstances import Circumstances
from archive.store.ledger import Told
from archive.store.pages import PostRow
from archive.store.pending import Pending, forget_pending
from archive.store.tags import Tag
from archive.store.threads import Post, RevisionRow
from archive.store.users import User
from archive.store.votes import Vote, standing_votes


@dataclass(frozen=True, slots=True)
class Known:
    """What the caller has read in this transaction, so that it need not be asked once more."""

    around: Circumstances
    tag_id: int | None  # the newest decision on the answer
    text: RevisionRow  # that is voted on


def settle(
    session: Session,
    row: PostRow,
    revision_id: int,
    *,
    by: User,
    at: datetime,
    known: Known | None = None,
    told: list[Told] | None = None,
) -> Outcome:
    """Put in force what the votes on a text come to, unless it is; the caller holds the answer.

    A decision in force stays so while later votes dispute it. What is said of an earlier text changes nothing where the
    one that readers see was judged.

    :param told: gets what the ledger is to be told, for the caller to do so; None: it is told now.
    """
    session.flush()
    current = known.around.current if known else row.revision_id
    if revision_id != current and _is_judged_anew(session, row.id, revision_id):
        return Outcome(State.UNREAD)
    undecided = known is not None and known.tag_id is None
    in_force = None if undecided else decision_on(session, row.id, revision_id)
    votes = standing_votes(session, revision_id)
    rules = known.around.rules if known else rules_of_thread(session, row.thread_id)
    found = _outcome(votes, in_force, needed=rules.needed(row.public_id))
    if found.state in (State.WANTS_VOTE, State.DISPUTED):
        _wait(session, row, votes, found.state, at)
        return found
    if known is None or known.around.pending:
        forget_pending(session, row.id)
    agreeing = [vote for vote in votes if vote.level is found.level]
    if found.basis is None or not agreeing or (in_force and _is_said_by(in_force, found.basis, agreeing, len(votes))):
        return found
    finding = finding_of(agreeing, found.basis, votes=len(votes))
    give(session, row, finding, moderator=by, at=at, judged=known.text if known else None, told=told)
    return found


def finding_of(agreeing: Sequence[Vote], basis: Basis, *, votes: int) -> Finding:
    """What votes that agree say together.

    :param votes: that were in, with those that do not agree.
    """
    newest = agreeing[-1]
    return Finding(
        revision_id=newest.revision_id,
        level=newest.level,
        evidence=_evidence(agreeing),
        note=_notes(agreeing),
        basis=basis,
        suggested=newest.suggested,
        suggestion_engine=newest.suggestion_engine,
        suggestion_seen=any(vote.suggestion_seen for vote in agreeing),
        rests_on=[vote.id for vote in agreeing],
        votes=votes,
        moderator_id=newest.moderator_id,
        codebook=min(vote.codebook_version for vote in agreeing),
    )


def _is_judged_anew(session: Session, post_id: int, revision_id: int) -> bool:
    """Whether another text of the post than this one has a decision in force, or votes that wait."""
    tag, pending = _in_force(session, post_id), session.get(Pending, post_id)
    other_tag = tag is not None and tag.level is not None and tag.revision_id != revision_id
    return other_tag or (pending is not None and pending.revision_id != revision_id)


def decision_on(session: Session, post_id: int, revision_id: int) -> Tag | None:
    """The decision in force on a post, if it was made on that text and gives a level."""
    tag = _in_force(session, post_id)
    return tag if tag is not None and tag.revision_id == revision_id else None


def _in_force(session: Session, post_id: int) -> Tag | None:
    """The decision in force on a post, whichever of its texts it was made on."""
    made = restored_by(session, post_id, session.scalar(select(Post.tag_id).where(Post.id == post_id)))
    return None if made is None else session.get_one(Tag, made)


def _outcome(votes: Sequence[Vote], in_force: Tag | None, *, needed: int) -> Outcome:
    """What the votes say; with a decision in force that no vote made, what they say beside it. No basis: it stays."""
    levels = [vote.level for vote in votes]
    if in_force is None or in_force.level is None or in_force.basis.from_votes:
        return outcome(levels, needed)
    if in_force.basis is not Basis.ADJUDICATED and any(vote.moderator_id == in_force.moderator_id for vote in votes):
        return outcome(levels, needed)  # whoever decided has read it anew
    if all(level is in_force.level for level in levels):
        return Outcome(State.DECIDED, in_force.level)
    if in_force.basis is Basis.ADJUDICATED:
        return Outcome(State.DISPUTED)
    return outcome([in_force.level, *levels], needed=1)


def _is_said_by(tag: Tag, basis: Basis, agreeing: Sequence[Vote], votes: int) -> bool:
    """Whether a decision is what these votes come to."""
    same_votes = sorted(tag.rests_on) == [vote.id for vote in agreeing]
    return tag.basis is basis and same_votes and tag.votes == votes


def _wait(session: Session, row: PostRow, votes: Sequence[Vote], state: State, at: datetime) -> None:
    revision_id = votes[0].revision_id
    pending = session.get(Pending, row.id)
    if pending is None:
        pending = Pending(post_id=row.id, thread_id=row.thread_id, since=at)
        session.add(pending)
    elif (pending.state, pending.revision_id) != (state, revision_id):
        pending.since = at
    pending.thread_id, pending.revision_id, pending.state, pending.votes = row.thread_id, revision_id, state, len(votes)
    session.flush()


def _evidence(votes: Sequence[Vote]) -> list[tuple[int, int]]:
    spans = {(words["start"], words["end"]) for vote in votes for words in vote.evidence}
    return sorted(spans)[:MAX_EVIDENCE]


def _notes(votes: Sequence[Vote]) -> str:
    said = dict.fromkeys(part for vote in votes for part in (vote.reason and vote.reason.words, vote.note) if part)
    return "\n\n".join(said)[:MAX_NOTE]
