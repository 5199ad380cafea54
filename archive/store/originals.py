"""Originals: bytes as received, known by their SHA-256; and readings: ways in which one was parsed."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text, UniqueConstraint, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import Sha256
from archive.domain.records import Markup
from archive.store.base import Base, UtcDateTime, Word, one_of
from archive.store.parts import parts


class Original(Base):
    """A file as received, or a member of one."""

    __tablename__ = "original"

    sha256: Mapped[Sha256] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)  # bytes
    name: Mapped[str] = mapped_column(Text)  # under which it was first received
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    container: Mapped[Sha256 | None] = mapped_column(String(64), ForeignKey("original.sha256"))
    member: Mapped[str | None] = mapped_column(Text)  # its name in the container


class Reading(Base):
    """One way in which an original was read. The same way again is the same reading."""

    __tablename__ = "reading"
    __table_args__ = (UniqueConstraint("original", "digest"), one_of("markup", Markup))

    id: Mapped[int] = mapped_column(primary_key=True)
    original: Mapped[Sha256] = mapped_column(String(64), ForeignKey("original.sha256"))
    digest: Mapped[Sha256] = mapped_column(String(64))  # of format, markup, collection, corrections and companions
    format: Mapped[str] = mapped_column(String(40))
    markup: Mapped[Markup] = mapped_column(Word(Markup))
    corrections: Mapped[dict[str, Any]] = mapped_column(JSON)  # byte offset of a line → "name" or "text"
    companions: Mapped[dict[str, Any]] = mapped_column(JSON)  # name of a file beside it that was looked into → its hash


class Way(NamedTuple):
    """How an original is read, but for what a whole batch has in common."""

    original: Sha256
    format: str
    corrections: dict[str, str]
    companions: dict[str, Sha256]


Ways = Mapping[int, Way]


def ensure_readings(session: Session, wanted: Ways, *, collection: str, markup: Markup) -> dict[int, int]:
    """The ids of readings, made where they are missing, by the keys of `wanted`."""
    digests = _digests(wanted, collection, markup)
    known = _find_readings(session, {way.original for way in wanted.values()})
    missing = {
        (way.original, digests[key]): {"digest": digests[key], "markup": markup, **way._asdict()}
        for key, way in wanted.items()
        if (way.original, digests[key]) not in known
    }
    if missing:
        session.execute(insert(Reading), list(missing.values()))
        known = _find_readings(session, {way.original for way in wanted.values()})
    return {key: known[way.original, digests[key]] for key, way in wanted.items()}


def find_readings(session: Session, wanted: Ways, *, collection: str, markup: Markup) -> dict[int, int]:
    """The ids of those of the readings that there are, by the keys of `wanted`."""
    digests = _digests(wanted, collection, markup)
    known = _find_readings(session, {way.original for way in wanted.values()})
    ids = {key: known.get((way.original, digests[key])) for key, way in wanted.items()}
    return {key: id_ for key, id_ in ids.items() if id_ is not None}


def _digests(wanted: Ways, collection: str, markup: Markup) -> dict[int, Sha256]:
    return {key: _digest(way, markup, collection) for key, way in wanted.items()}


def _digest(way: Way, markup: Markup, collection: str) -> Sha256:
    whole = json.dumps([way.format, markup.value, collection, way.corrections, way.companions], sort_keys=True)
    return Sha256(hashlib.sha256(whole.encode()).hexdigest())


def _find_readings(session: Session, originals: Iterable[Sha256]) -> dict[tuple[Sha256, Sha256], int]:
    found: dict[tuple[Sha256, Sha256], int] = {}
    for part in parts(sorted(originals)):
        query = select(Reading.original, Reading.digest, Reading.id).where(Reading.original.in_(part))
        found.update({(original, digest): id_ for original, digest, id_ in session.execute(query)})
    return found


def known_originals(session: Session, hashes: Iterable[Sha256]) -> set[Sha256]:
    """Those of the hashes whose bytes are held."""
    known = set[Sha256]()
    for part in parts(list(hashes)):
        known.update(session.scalars(select(Original.sha256).where(Original.sha256.in_(part))))
    return known
