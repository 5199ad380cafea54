"""Voting on an answer: the vote, and what it leads to, in one commit."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.assessment.path import path_name
from archive.domain.assessment.suggestion import Suggestion
from archive.domain.bench_rules import Showing
from archive.domain.ids import PublicId, UserId
from archive.domain.moderation import ReasonCode, TagNotAllowedError, check_post, clean_note, evidence_of
from archive.domain.second_opinions import Outcome, State
from archive.domain.source_quality import Level
from archive.services import assess
from archive.services.bench.queue import Working, claim_first, look_ahead
from archive.services.bench.settle import Known, settle
from archive.services.browse import NotFoundError, visible_post
from archive.services.decisions import check_version, held_answer, held_numbered
from archive.services.ledger import Actor, record, record_all
from archive.services.transaction import writing
from archive.services.trials import on_trial
from archive.store.acts import ActKind, add_act
from archive.store.circumstances import Circumstances, JudgedRow, circumstances, find_judged
from archive.store.holds import end_holds
from archive.store.ledger import Told
from archive.store.pages import PostRow
from archive.store.pending import Pending
from archive.store.serving import NOBODY
from archive.store.users import User
from archive.store.votes import Vote, as_recorded, standing_vote, votes_on

_NO_SUCH_TEXT = "text of such a post"
_STANDS_NO_MORE = "This vote does not stand any more. Nothing was stored."


class Sight(StrEnum):
    """What a moderator saw beside the answer before the vote."""

    NOTHING = "nothing"
    MARKS = "marks"  # the words that were noticed
    SUGGESTION = "suggestion"
    DECISION = "decision"  # what others said of it

    @property
    def blind(self) -> bool:
        """Whether it is neither a suggestion nor what others said."""
        return self in (Sight.NOTHING, Sight.MARKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a moderator says of an answer."""

    level: Level
    evidence: Sequence[tuple[int, int]] = ()  # characters of the revision
    reason: ReasonCode | None = None
    note: str = ""
    seen: Sight


@dataclass(frozen=True, slots=True)
class Judged:
    """A text of an answer that is voted on; the caller holds the answer."""

    row: PostRow
    revision_id: int
    text: str
    suggestion: Suggestion
    codebook: int  # the version that is in force


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """A vote that is stored."""

    vote: int
    level: Level
    suggestion: Suggestion
    outcome: Outcome
    counts: bool  # whether the vote does
    differs: bool  # whether the suggestion does, and is shown now
    writer: str  # of the answer
    coming: Sequence[PublicId]  # what comes next in the queue, claimed

    @property
    def to_reveal(self) -> bool:
        """Whether the suggestion is worth a stop: it differs, and is likelier than not."""
        return self.differs and not self.suggestion.unsure


@dataclass(frozen=True, slots=True)
class Kept:
    """A vote that its moderator keeps."""

    post: PublicId
    level: Level


def cast(
    session: Session,
    *,
    post: PublicId,
    revision_id: int,
    version: int,
    said: Said,
    moderator: User,
    least: int = 0,
    queue: Working | None = None,
) -> Cast:
    """Vote on an answer. The same vote a second time counts once, under one version of the codebook.

    :param version: of the answer's decisions, as the page had it.
    :param least: percent of blind votes that must have agreed with such suggestions for one to be shown.
    :param queue: that is worked through: what comes next in it is claimed together with the vote.
    :raises NotFoundError: if there is no such post or revision.
    :raises TagNotAllowedError: if it cannot be tagged, or the evidence is not in the text.
    :raises TagConflictError: if somebody decided since the page was made; nothing is overwritten.
    """
    read = _read(session, post, revision_id)
    text, proposal = read.judged.revision, read.proposal
    suggestion = on_trial(session, proposal.suggestion, least=least).suggestion
    ahead = look_ahead(session, moderator.id, queue, done=read.judged.post_id) if queue else ()
    with writing(session):  # whatever could be read and worked out before anybody has to wait, was
        row = held_answer(session, post)
        check_post(kind=row.kind, public=row.public)
        around = _around(session, row, revision_id, moderator)
        assess.keep(session, thread_id=row.thread_id, post_id=row.id, revision_id=revision_id, proposal=proposal)
        known, told = Known(around, row.tag_id, text), list[Told]()
        judged = Judged(row, revision_id, text.text, proposal.suggestion, around.codebook)
        vote = _given(session, judged, said, moderator, version=version, known=known, told=told)
        outcome = settle(session, row, revision_id, by=moderator, at=vote.at, known=known, told=told)
        coming = claim_first(session, moderator.id, ahead) if ahead else ()
        record_all(session, told, by=Actor.of(moderator))  # last: all who record wait for each other
    return Cast(
        vote=vote.id,
        level=said.level,
        suggestion=suggestion,
        outcome=outcome,
        counts=vote.counts,
        differs=_differs(suggestion, said, around),
        writer=read.judged.writer or NOBODY,
        coming=[one.public_id for one in coming],
    )


class _Read(NamedTuple):
    """What is read and worked out before anybody has to wait."""

    judged: JudgedRow
    proposal: assess.Proposal


def _read(session: Session, post: PublicId, revision_id: int) -> _Read:
    judged = find_judged(session, post, revision_id, base=assess.BASE)
    if judged is None:
        raise NotFoundError(_NO_SUCH_TEXT)
    text, markup, engine = judged.revision.text, judged.revision.markup, judged.engine or assess.BASE
    proposal = assess.propose(session, revision_id=revision_id, text=text, markup=markup, engine=engine)
    return _Read(judged, proposal)


def _around(session: Session, row: PostRow, revision_id: int, moderator: User) -> Circumstances:
    found = circumstances(session, row, revision_id, moderator=moderator.id, base=assess.BASE)
    if not found.public:
        raise NotFoundError(_NO_SUCH_TEXT)
    return found


def _differs(suggestion: Suggestion, said: Said, around: Circumstances) -> bool:
    """Whether a suggestion that is shown now says something else."""
    marks_alone = around.rules.showing is Showing.MARKS and said.seen is Sight.MARKS
    return marks_alone and suggestion.level not in (None, said.level)


def _given(
    session: Session, judged: Judged, said: Said, moderator: User, *, version: int, known: Known, told: list[Told]
) -> Vote:
    """The vote, stored now, or before if it is the very same."""
    row, around = judged.row, known.around
    votes = votes_on(session, row.id, judged.revision_id) if around.voted else ()
    own = [vote for vote in votes if vote.moderator_id == moderator.id]
    before = next((vote for vote in own if vote.stands), None)
    if before is not None and _is_same(before, said, judged, moderator):
        return before
    check_version(session, row, version)
    said = replace(said, seen=_seen(session, said.seen, known, row.id, read_before=around.decided or bool(own)))
    vote = add_vote(session, judged, said, moderator, before=before, at=now())
    told.append(("vote", f"post {row.public_id}", as_recorded(vote, known.text)))
    if vote.counts and around.held:
        end_holds(session, row.id, at=vote.at)
    any_undone = around.undone
    add_act(session, moderator.id, ActKind.VOTE, at=vote.at, post=row.id, what=vote.id, any_undone=any_undone)
    return vote


def _seen(session: Session, seen: Sight, known: Known, post_id: int, *, read_before: bool) -> Sight:
    """What a moderator saw before, whatever the form says.

    :param read_before: whether the moderator voted on the text once, or decided on it.
    """
    if seen is Sight.MARKS and read_before:
        return Sight.SUGGESTION  # it was shown, or told, after the vote before
    if seen.blind and known.around.pending and session.get_one(Pending, post_id).state is State.DISPUTED:
        return Sight.DECISION  # where readings differ, every moderator can look at them side by side
    return seen


def _is_same(vote: Vote, said: Said, judged: Judged, moderator: User) -> bool:
    """Whether a vote is the very same, under the same codebook, and counts as it would."""
    counts = vote.counts == moderator.votes_count
    return counts and vote.codebook_version == judged.codebook and _says(vote, said, judged.text)


def keep(session: Session, *, vote: int, moderator: User) -> Kept:
    """Keep one's vote, now that the suggestion was seen.

    :raises TagNotAllowedError: if that vote is not one's own, or stands no longer.
    """
    with writing(session):
        found = session.get(Vote, vote)
        if found is None or found.moderator_id != moderator.id:
            raise TagNotAllowedError(_STANDS_NO_MORE)
        row = held_numbered(session, found.post_id)
        session.refresh(found)  # nobody else changes it from now on
        if not found.stands:
            raise TagNotAllowedError(_STANDS_NO_MORE)
        if found.kept_at is None:
            found.kept_at = now()
            session.flush()
            kept: dict[str, object] = {"vote": found.id, "at": found.kept_at.isoformat(timespec="microseconds")}
            record(session, by=Actor.of(moderator), act="keep vote", subject=f"post {row.public_id}", detail=kept)
        return Kept(PublicId(row.public_id), found.level)


def own_vote_on(session: Session, post: PublicId, *, moderator: UserId) -> Vote | None:
    """A moderator's standing vote on the text that readers see.

    :raises NotFoundError: if there is no such post.
    """
    return standing_vote(session, visible_post(session, post, drafts=False).revision_id, moderator)


def add_vote(
    session: Session,
    judged: Judged,
    said: Said,
    moderator: User,
    *,
    before: Vote | None,
    at: datetime,
) -> Vote:
    """Store a vote on an answer that the caller holds, in place of the moderator's own vote before.

    :raises TagNotAllowedError: if the evidence is not in the text.
    """
    if before is not None:
        before.stands = False
        session.flush()
    vote = vote_of(judged, said, moderator, before=before, at=at)
    session.add(vote)
    session.flush()
    return vote


def vote_of(
    judged: Judged, said: Said, moderator: User, *, before: Vote | None, at: datetime, bulk: int | None = None
) -> Vote:
    """A vote that is stored nowhere yet.

    :param before: the moderator's own vote, in place of which it stands.
    :raises TagNotAllowedError: if the evidence is not in the text.
    """
    suggestion = judged.suggestion
    return Vote(
        thread_id=judged.row.thread_id,
        post_id=judged.row.id,
        revision_id=judged.revision_id,
        moderator_id=moderator.id,
        level=said.level,
        reason=said.reason,
        evidence=[dataclasses.asdict(span) for span in evidence_of(judged.text, said.evidence)],
        note=clean_note(said.note),
        at=at,
        codebook_version=judged.codebook,
        suggested=suggestion.level,
        suggestion_engine=suggestion.engine,
        path=path_name(suggestion),
        suggestion_seen=said.seen is Sight.SUGGESTION,
        blind=before is None and bulk is None and said.seen.blind,
        counts=moderator.votes_count,
        replaces=None if before is None else before.id,
        bulk_id=bulk,
        kept_at=None,
        stands=True,
    )


def _says(vote: Vote, said: Said, text: str) -> bool:
    """Whether a vote is the very same said."""
    evidence = [dataclasses.asdict(span) for span in evidence_of(text, said.evidence)]
    stored = (vote.level, vote.reason, vote.evidence, vote.note)
    return stored == (said.level, said.reason, evidence, clean_note(said.note))
