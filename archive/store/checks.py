"""What came of looking citations up: verdicts of moderators, appended only."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import UserId
from archive.domain.sources.verdicts import Verdict
from archive.store.base import Base, UtcDateTime, Word, one_of
from archive.store.sources import Citation
from archive.store.threads import Revision
from archive.store.users import User

MOST_CHECKS = 2_000  # of one answer that are listed


class CitationCheck(Base):
    """One verdict on one citation; the newest is in force."""

    __tablename__ = "citation_check"
    __table_args__ = (
        one_of("verdict", Verdict),
        Index("ix_citation_check_citation_id", "citation_id"),
        Index("ix_citation_check_thread_id", "thread_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    citation_id: Mapped[int] = mapped_column(ForeignKey("citation.id"))
    verdict: Mapped[Verdict] = mapped_column(Word(Verdict))
    note: Mapped[str] = mapped_column(Text)
    moderator_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    tag_id: Mapped[int | None] = mapped_column(ForeignKey("tag.id"))  # that settled the level anew, with a strike


def as_recorded(check: CitationCheck, citation: Citation, revision: Revision) -> dict[str, object]:
    """A verdict as the ledger holds it."""
    return {
        "check": check.id,
        "revision": revision.number,
        "fingerprint": revision.fingerprint,
        "start": citation.start,
        "end": citation.end,
        "work": citation.key,
        "verdict": check.verdict,
        "note": check.note,
        "tag": check.tag_id,
        "at": check.at.isoformat(timespec="microseconds"),
    }


def list_checks(session: Session, citation_ids: Sequence[int]) -> Sequence[tuple[CitationCheck, str]]:
    """All verdicts on citations with their moderators' names, newest first."""
    query = (
        select(CitationCheck, User.name)
        .join(User, User.id == CitationCheck.moderator_id)
        .where(CitationCheck.citation_id.in_(citation_ids))
        .order_by(CitationCheck.id.desc())
        .limit(MOST_CHECKS)
    )
    return [(check, name) for check, name in session.execute(query)]


def struck_tags(session: Session, post_id: int) -> Sequence[int]:
    """The tags of a post that were given as a reference was struck."""
    query = select(CitationCheck.tag_id).join(Citation, Citation.id == CitationCheck.citation_id)
    found = session.scalars(query.where(Citation.post_id == post_id, CitationCheck.tag_id.is_not(None)).distinct())
    return [tag_id for tag_id in found if tag_id is not None]
