"""What was taken down, as it was: the texts, names and words of evidence that a takedown replaced.

What readers, searches and exports use holds the replacement, so that no page can forget to ask. From here it is put
back when a takedown is lifted, and an admin may look at it. When it is purged, hashes stay.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    ForeignKey,
    Index,
    Select,
    String,
    Text,
    cast,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import Sha256
from archive.store.base import Base, UtcDateTime, Word, one_of
from archive.store.batches import BatchInput, Remark
from archive.store.originals import Original, Reading
from archive.store.threads import Revision, Sighting


class SealedText(Base):
    """A revision as it was received."""

    __tablename__ = "sealed_text"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True, autoincrement=False)
    title: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)  # None: purged
    words: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[str | None] = mapped_column(Text)
    stands: Mapped[Sha256] = mapped_column(String(64))  # the fingerprint of what stands in its place
    cuts: Mapped[list[Any]] = mapped_column(JSON)  # what went of the text, as `archive.domain.redaction` says


# SQL: by what a text is known as readers see it, over its revision and, where it is down, its `SealedText`.
FINGERPRINT_SEEN = func.coalesce(SealedText.stands, Revision.fingerprint)


class SealedName(Base):
    """By whom a post is, where that is not said."""

    __tablename__ = "sealed_name"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True, autoincrement=False)
    byline: Mapped[str | None] = mapped_column(String(1000))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("author.id"))


class Beside(StrEnum):
    """What repeats words of a post."""

    TAG = "tag"
    VOTE = "vote"
    REMARK = "remark"  # on a place of the file, for archivists
    CITATION = "citation"
    OBJECTION = "objection"
    HOLD = "hold"
    TEAM_NOTE = "team note"
    # Of one that was given while words were down: its evidence as the ledger has it, in places of what was left.
    TAG_AS_GIVEN = "tag as given"
    VOTE_AS_GIVEN = "vote as given"


class SealedBeside(Base):
    """What a row that repeats words of a post said."""

    __tablename__ = "sealed_beside"
    __table_args__ = (one_of("what", Beside), Index("ix_sealed_beside_post_id", "post_id"))

    what: Mapped[Beside] = mapped_column(Word(Beside), primary_key=True)
    row: Mapped[str] = mapped_column(String(40), primary_key=True)  # its number
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    said: Mapped[dict[str, Any]] = mapped_column(JSON)  # by column


class PurgedStretch(Base):
    """Bytes of an original that were overwritten."""

    __tablename__ = "purged_stretch"

    original: Mapped[Sha256] = mapped_column(ForeignKey("original.sha256"), primary_key=True)
    offset: Mapped[int] = mapped_column(BigInteger, primary_key=True)  # bytes
    length: Mapped[int] = mapped_column(BigInteger)  # bytes
    sha256: Mapped[Sha256] = mapped_column(String(64))  # of what stood there
    takedown_id: Mapped[int] = mapped_column(ForeignKey("takedown.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PurgedOriginal(Base):
    """An original of which bytes were overwritten, or which was removed as a whole."""

    __tablename__ = "purged_original"

    original: Mapped[Sha256] = mapped_column(ForeignKey("original.sha256"), primary_key=True)
    sha256: Mapped[Sha256 | None] = mapped_column(String(64))  # of its bytes as they are now; None: they are removed


class Stretch(NamedTuple):
    """Bytes of an original that are of a post."""

    original: Sha256
    offset: int  # bytes
    length: int  # bytes

    def overlaps(self, offset: int, length: int) -> bool:
        """Whether any of it lies in those bytes."""
        return offset < self.offset + self.length and self.offset < offset + length


def stretches_of(session: Session, post_ids: Sequence[int]) -> Sequence[Stretch]:
    """Where posts stand in originals, whatever became of the batches, in order.

    What an archivist repaired stands in two: as repaired, and as received.
    """
    return _stretches(session, Revision.post_id.in_(post_ids))


def sealed_stretches(session: Session) -> Sequence[Stretch]:
    """The same of all that is sealed."""
    return _stretches(session, _SEALED)


def sealed_in(session: Session, sha256: Sha256) -> Sequence[Stretch]:
    """The sealed stretches of one original."""
    return [stretch for stretch in sealed_stretches(session) if stretch.original == sha256]


def is_sealed(session: Session, sha256: Sha256) -> bool:
    """Whether a file holds anything sealed: a stretch, a file that does, or the names beside a dump that does."""
    held = select(_places(_SEALED).subquery().c.original)
    members = select(Original.sha256).where(or_(Original.sha256 == sha256, Original.container == sha256))
    beside = select(Reading.id).where(Reading.original.in_(held), cast(Reading.companions, Text).contains(sha256))
    either = (
        select(Original.sha256).where(Original.sha256.in_(members), Original.sha256.in_(held)),
        _mended(held).where(Remark.original.in_(members)),
        beside,
    )
    return any(session.execute(query.limit(1)).first() is not None for query in either)


def _stretches(session: Session, which: ColumnElement[bool]) -> Sequence[Stretch]:
    places = _places(which)
    found = {Stretch(*row) for row in session.execute(places)}
    found |= {Stretch(*row) for row in session.execute(_mended(select(places.subquery().c.original)))}
    return sorted(found)


def _places(which: ColumnElement[bool]) -> CompoundSelect[Any]:
    """SQL: where some revisions stand."""
    brought = select(Reading.original, Revision.offset, Revision.length)
    again = select(Reading.original, Sighting.offset, Sighting.length)
    return union(
        brought.join(Revision, Revision.reading_id == Reading.id).where(which),
        again.join(Sighting, Sighting.reading_id == Reading.id)
        .join(Revision, Revision.id == Sighting.revision_id)
        .where(which),
    )


def _mended(originals: Select[Any]) -> Select[Any]:
    """SQL: where what was repaired in some originals stands as it was received."""
    columns: tuple[Any, ...] = (Remark.original, Remark.offset, Remark.length)
    repairs = (BatchInput.batch_id == Remark.batch_id) & (BatchInput.repairs == Remark.number)
    return (
        select(*columns)
        .join(BatchInput, repairs)
        .where(BatchInput.original.in_(originals), Remark.original.is_not(None))
    )


def sealed_rows(session: Session, what: Beside) -> dict[int, dict[str, Any]]:
    """By number, what rows said; what was purged is None."""
    rows = session.scalars(select(SealedBeside).where(SealedBeside.what == what))
    return {int(row.row): row.said for row in rows}


def purged_originals(session: Session) -> dict[Sha256, PurgedOriginal]:
    """Originals of which bytes were purged."""
    return {row.original: row for row in session.scalars(select(PurgedOriginal))}


_SEALED = Revision.id.in_(select(SealedText.revision_id))
