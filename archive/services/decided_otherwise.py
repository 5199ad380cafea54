"""Where the decision differed from one's own vote: for that moderator alone, to learn from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from archive.domain.ids import PublicId, UserId
from archive.domain.records import Markup
from archive.domain.second_opinions import basis_words
from archive.domain.source_quality import Level
from archive.services.decisions_before import restored_by
from archive.store.decided_otherwise import OtherwiseRow, pairs_decided_otherwise, votes_decided_otherwise
from archive.store.tags import Tag, TagAct
from archive.store.users import User

A_PAGE = 20  # votes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How one side read an answer: the moderator, or whoever decided."""

    level: Level
    at: datetime
    evidence: Sequence[str]  # words of the answer
    reasons: Sequence[str]  # written ones
    codebook_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedOtherwise:
    """An answer that was decided otherwise than somebody voted."""

    post: PublicId
    thread: PublicId
    title: str
    author: str | None
    author_id: PublicId | None
    byline: str | None
    markup: Markup
    vote: Reading
    counted: bool  # whether the vote did
    decision: Reading
    basis: str  # in the words that readers see
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherwisePage:
    """Some of them, the newest decision first."""

    differences: Sequence[DecidedOtherwise]
    pairs: Sequence[tuple[Level, Level, int]]  # voted, decided, how often; of all of them
    older: int | None  # what to ask for as `before` to see further ones

    @property
    def number(self) -> int:
        """How many there are in all."""
        return sum(times for _, _, times in self.pairs)


def decided_otherwise(session: Session, moderator: UserId, *, before: int | None = None) -> OtherwisePage:
    """Where decisions differ from a moderator's votes.

    :param before: where the page before ended.
    """
    rows = votes_decided_otherwise(session, moderator, before=before, limit=A_PAGE + 1)
    shown = rows[:A_PAGE]
    return OtherwisePage(
        differences=[_difference(session, row) for row in shown],
        pairs=pairs_decided_otherwise(session, moderator),
        older=shown[-1].Tag.id if len(rows) > A_PAGE else None,
    )


def _difference(session: Session, row: OtherwiseRow) -> DecidedOtherwise:
    vote, decision = row.Vote, _made(session, row.Tag)
    return DecidedOtherwise(
        post=row.public_id,
        thread=row.thread,
        title=row.title,
        author=row.author,
        author_id=row.author_id,
        byline=row.byline,
        markup=row.markup,
        vote=_reading(vote, filter(None, (vote.reason and vote.reason.words, vote.note))),
        counted=vote.counts,
        decision=_reading(decision, filter(None, (decision.note,))),
        basis=basis_words(decision.basis, agreeing=len(decision.rests_on), votes=decision.votes),
        by=session.get_one(User, decision.moderator_id).name,
    )


def _made(session: Session, in_force: Tag) -> Tag:
    """The decision itself, where what is in force is that another was taken back."""
    if in_force.act is TagAct.TAG:
        return in_force
    number = restored_by(session, in_force.post_id, in_force.id)
    return in_force if number is None else session.get_one(Tag, number)


def _reading(said: Any, reasons: Iterator[str]) -> Reading:
    """Of a vote or a decision, which say alike what was read."""
    return Reading(
        level=said.level,
        at=said.at,
        evidence=[words["text"] for words in said.evidence],
        reasons=list(reasons),
        codebook_version=said.codebook_version,
    )
