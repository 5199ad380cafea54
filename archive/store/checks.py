"""What came of looking citations up: verdicts of moderators, appended only."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from archive.domain.ids import UserId
from archive.domain.sources.verdicts import Verdict
from archive.store.base import Base, UtcDateTime, Word, one_of


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
