"""Sources and citations: works, the names by which they are known, and the answers that point to them.

A citation points to a name and not to a work: merging and splitting works moves names and leaves citations alone.
"""

from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from archive.domain.ids import PublicId
from archive.domain.sources.reference import Manner, SourceKind
from archive.store.base import Base, Word, one_of

BY_PERSON = "person"  # no engine has that name
_SHOWN: dict[str, Any] = {"sqlite_where": text("answers > 0"), "postgresql_where": text("answers > 0")}


class Source(Base):
    """A work. What is said of it here, and the counts, follow from public answers alone."""

    __tablename__ = "source"
    __table_args__ = (
        one_of("kind", SourceKind),
        Index("ix_source_shown", "answers", "id", **_SHOWN),
        Index("ix_source_shown_kind", "kind", "answers", "id", **_SHOWN),
        Index("ix_source_shown_domain", "domain", "answers", "id", **_SHOWN),
        Index("ix_source_title_key", "title_key"),
        Index("ix_source_family_key", "family_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(String(14), unique=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))  # where its old address leads
    kind: Mapped[SourceKind] = mapped_column(Word(SourceKind))  # of its strongest name
    title: Mapped[str] = mapped_column(Text)  # what a list calls it
    csl: Mapped[dict[str, Any]] = mapped_column(JSON)  # what all public answers together say of it
    names: Mapped[list[str]] = mapped_column(JSON)  # that public answers give, the strongest first
    title_key: Mapped[str | None] = mapped_column(String(16))  # by which works of one title are found
    family_key: Mapped[str | None] = mapped_column(String(16))  # by which works of one author are found
    domain: Mapped[str | None] = mapped_column(String(255))  # the host of an address on the web
    words: Mapped[str] = mapped_column(Text)  # of all that, folded, a blank before and behind each
    answers: Mapped[int] = mapped_column(Integer)  # public ones that point to it
    from_memory: Mapped[int] = mapped_column(Integer)  # those of them that only remember it


class SourceKey(Base):
    """A name by which a work is known: "doi:10.1000/182", "work:khrushchev|memoirs"."""

    __tablename__ = "source_key"
    __table_args__ = (Index("ix_source_key_source_id", "source_id"),)

    key: Mapped[str] = mapped_column(String(500), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))


class Citation(Base):
    """A text pointing to a work."""

    __tablename__ = "citation"
    __table_args__ = (
        one_of("manner", Manner),
        UniqueConstraint("revision_id", "start", "end", "key"),
        Index("ix_citation_key", "key"),
        Index("ix_citation_post_id", "post_id"),
        Index("ix_citation_thread_id", "thread_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    start: Mapped[int] = mapped_column(Integer)  # characters of the text as received
    end: Mapped[int] = mapped_column(Integer)  # characters, exclusive
    key: Mapped[str] = mapped_column(ForeignKey("source_key.key"))  # the strongest name that the text gives
    keys: Mapped[list[str]] = mapped_column(JSON)  # all names that it gives, the strongest first
    csl: Mapped[dict[str, Any]] = mapped_column(JSON)  # what this text says of the work
    locator: Mapped[str | None] = mapped_column(String(200))
    manner: Mapped[Manner] = mapped_column(Word(Manner))
    engine: Mapped[str] = mapped_column(String(80))  # that found it last; BY_PERSON: a moderator named it
    is_current: Mapped[bool] = mapped_column(
        Boolean
    )  # whether the newest run over its text found it, or a moderator named it
    check_id: Mapped[int | None] = mapped_column(Integer)  # the verdict in force; None: unchecked
    sealed: Mapped[bool] = mapped_column(Boolean)  # whether its words were taken down
