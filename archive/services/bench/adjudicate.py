"""Deciding between readings that differ: what lies open, the votes side by side, and the written decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.ids import PublicId
from archive.domain.moderation import MAX_EVIDENCE, TagNotAllowedError, clean_note
from archive.domain.permissions import Permission
from archive.domain.second_opinions import Basis, State
from archive.domain.source_quality import Level
from archive.errors import ArchiveError
from archive.services.browse import NotFoundError, threads_by_id, visible_post
from archive.services.decisions import Finding, check_practised, check_version, give, held_post
from archive.services.post_views import post_views
from archive.services.transaction import writing
from archive.services.views import PostView, ThreadLine
from archive.store.pages import PostRow
from archive.store.pending import Pending, count_disputed, disputed
from archive.store.surroundings import posts_above
from archive.store.users import User
from archive.store.votes import Vote, all_standing, standing_on_each, standing_votes, votes_with_names


class VotesChangedError(ArchiveError):
    """Somebody voted, or took a vote back, since the page was made."""

    def __init__(self) -> None:
        super().__init__(
            "A vote on this answer was given or taken back after your page was made. "
            "Nothing was stored: look at the votes again."
        )


class NoteWantedError(TagNotAllowedError):
    """A decision between votes is written."""

    def __init__(self) -> None:
        super().__init__("Write down why: readers and both moderators read it. Nothing was stored.")


class OwnVoteError(ArchiveError):
    """Whoever voted does not decide between the votes."""

    def __init__(self) -> None:
        super().__init__(
            "You voted on this answer yourself, so somebody else decides between the votes. "
            "You can change your vote: if it is the other's then, the answer is decided."
        )


@dataclass(frozen=True, slots=True)
class NamedVote:
    """A vote that stands, and whose it is."""

    vote: Vote
    by: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """An answer whose readings differ."""

    post: PostView
    thread: ThreadLine
    question: PostView | None
    votes: Sequence[NamedVote]  # in the order in which they came
    seen: Sequence[int]  # the numbers of the votes
    own: bool  # whether one of the votes is one's own
    may_decide: bool


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """One of those that lie open."""

    post: PublicId
    author: str | None
    title: str
    since: datetime
    levels: Sequence[Level]
    may_decide: bool


def count_disputes(session: Session) -> int:
    """How many answers there are whose readings differ."""
    return count_disputed(session)


def open_disputes(session: Session, moderator: User, *, limit: int = 200) -> Sequence[DisputeLine]:
    """The answers whose readings differ, the longest waiting first; those on which one voted last."""
    rows, lines = disputed(session, limit=limit), []
    votes_on = standing_on_each(session, [row.revision_id for row in rows])
    for row in rows:
        votes = votes_on.get(row.revision_id, [])
        lines.append(
            DisputeLine(
                post=row.post,
                author=row.author,
                title=row.title,
                since=row.since,
                levels=[vote.level for vote in votes],
                may_decide=_may_decide(votes, moderator),
            )
        )
    return sorted(lines, key=lambda line: not line.may_decide)


def is_disputed(session: Session, post: PublicId) -> bool:
    """Whether readings of an answer differ now."""
    return _lies_open(session, visible_post(session, post, drafts=False))


def dispute(session: Session, post: PublicId, *, moderator: User) -> Dispute:
    """One answer with its votes side by side.

    :raises NotFoundError: if there is none, or its readings do not differ.
    """
    row = visible_post(session, post, drafts=False)
    if not _lies_open(session, row):
        raise NotFoundError("answer on which readings differ")
    names = {vote.id: name for vote, name in votes_with_names(session, row.id)}
    votes = standing_votes(session, row.revision_id)
    above = post_views(session, posts_above(session, row), drafts=False)
    return Dispute(
        post=post_views(session, [row], drafts=False)[0],
        thread=threads_by_id(session, {row.thread_id})[row.thread_id],
        question=above[0] if above else None,
        votes=[NamedVote(vote, names[vote.id]) for vote in votes],
        seen=[vote.id for vote in votes],
        own=any(vote.moderator_id == moderator.id for vote in votes),
        may_decide=_may_decide(votes, moderator),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What somebody decides between votes."""

    level: Level
    evidence: Sequence[tuple[int, int]]  # characters of the text; none: what the votes for that level name
    note: str


def adjudicate(
    session: Session, *, post: PublicId, version: int, seen: Sequence[int], ruling: Ruling, moderator: User
) -> None:
    """Decide between the votes on an answer, in writing.

    :param version: of the answer's decisions, as the page had it.
    :param seen: the numbers of the votes that the page showed.
    :raises NotFoundError: if there is no such post.
    :raises NoteWantedError: if nothing is written.
    :raises TagNotAllowedError: if the practice answers come first, or the evidence is not in the text.
    :raises TagConflictError: if somebody decided since the page was made.
    :raises VotesChangedError: if the votes are not those that the page showed.
    :raises OwnVoteError: if one of them is the moderator's own.
    """
    if not clean_note(ruling.note):
        raise NoteWantedError
    check_practised(moderator)
    with writing(session):
        row = held_post(session, post)
        check_version(session, row, version)
        votes = standing_votes(session, row.revision_id)
        if not _lies_open(session, row) or [vote.id for vote in votes] != list(seen):
            raise VotesChangedError
        if not _may_decide(all_standing(session, row.revision_id), moderator):
            raise OwnVoteError
        finding = Finding(
            revision_id=row.revision_id,
            level=ruling.level,
            evidence=ruling.evidence or _named_for(ruling.level, votes),
            note=ruling.note,
            basis=Basis.ADJUDICATED,
            suggested=votes[-1].suggested,
            suggestion_engine=votes[-1].suggestion_engine,
            suggestion_seen=False,
            votes=len(votes),
        )
        give(session, row, finding, moderator=moderator, at=now())


def _lies_open(session: Session, row: PostRow) -> bool:
    """Whether readings of the text that readers see differ, and nobody has decided between them."""
    pending = session.get(Pending, row.id)
    return pending is not None and pending.state is State.DISPUTED and pending.revision_id == row.revision_id


def _named_for(level: Level, votes: Sequence[Vote]) -> list[tuple[int, int]]:
    found = {(words["start"], words["end"]) for vote in votes if vote.level is level for words in vote.evidence}
    return sorted(found)[:MAX_EVIDENCE]


def _may_decide(votes: Sequence[Vote], moderator: User) -> bool:
    if Permission.ADMINISTER in moderator.permissions:
        return True
    return moderator.votes_count and all(vote.moderator_id != moderator.id for vote in votes)
