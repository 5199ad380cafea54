"""References that somebody supplied for answers that give none, and what became of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from archive.domain.ids import UserId
from archive.domain.sources.verdicts import TraceState
from archive.store.base import Base, UtcDateTime, Word, one_of


class OfferAttempt(Base):
    """A reference came from somebody, kept as long as it counts against further ones."""

    __tablename__ = "offer_attempt"
    __table_args__ = (Index("ix_offer_attempt_giver_at", "giver", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    giver: Mapped[str] = mapped_column(String(120))  # "address 192.0.2.1", "browser 3f…", "account 7"
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Trace(Base):
    """A reference supplied for one answer. It is shown beside the text, and never as words of its author."""

    __tablename__ = "trace"
    __table_args__ = (
        one_of("state", TraceState),
        Index("ix_trace_thread_id", "thread_id"),
        Index("ix_trace_post_id", "post_id"),
        Index(
            "ix_trace_offered",
            "id",
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))  # the text for which it was supplied
    citation_id: Mapped[int | None] = mapped_column(ForeignKey("citation.id"))  # the work that the text may mean
    reference: Mapped[str] = mapped_column(Text)  # as given
    identifier: Mapped[str] = mapped_column(String(500))  # a link or a number, as given; "" for none
    locator: Mapped[str] = mapped_column(String(200))  # the place in the work, as given; "" for none
    csl: Mapped[dict[str, Any]] = mapped_column(JSON)
    keys: Mapped[list[str]] = mapped_column(JSON)  # the strongest first
    giver_name: Mapped[str] = mapped_column(String(80))
    giver_id: Mapped[UserId | None] = mapped_column(ForeignKey("user_account.id"))  # None: without an account
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text)
    state: Mapped[TraceState] = mapped_column(Word(TraceState))
    decided_by: Mapped[UserId | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)  # of the decision
    tag_id: Mapped[int | None] = mapped_column(ForeignKey("tag.id"))  # the tag that followed
