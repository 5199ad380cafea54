"""The codebook as it was edited in this archive: its versions, and the tags that were given under other words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, ForeignKey, Select, Text, and_, exists, false, func, or_, select, text, union_all
from sqlalchemy.orm import Mapped, Session, mapped_column

from archive.domain.ids import UserId
from archive.domain.records import PostKind
from archive.domain.shipped_codebook import SHIPPED_VERSION
from archive.domain.source_quality import Level
from archive.store.base import Base, UtcDateTime
from archive.store.tags import Tag
from archive.store.threads import Post
from archive.store.users import User

_EDITING = 0x466F436F  # PostgreSQL: whoever saves a version holds this until the commit, so that no two have one number

_SHOWN = and_(Post.id == Tag.post_id, Post.public, Post.kind == PostKind.ANSWER, Post.level.is_not(None))


class CodebookVersion(Base):
    """One edit. The version that the program comes with has no row."""

    __tablename__ = "codebook_version"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[UserId] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text)  # what was changed, in words
    wording: Mapped[dict[str, Any]] = mapped_column(JSON)  # all of it, as domain.codebook writes it
    revisit: Mapped[list[str]] = mapped_column(JSON)  # levels of which earlier tags are to be looked at again


class VersionRow(NamedTuple):
    """A version without its wording."""

    number: int
    at: datetime
    by: str
    reason: str
    revisit: list[str]


class Outdated(NamedTuple):
    """A tag in force that was given under other words."""

    tag_id: int
    post_id: int


def current_number(session: Session) -> int:
    """The number of the newest version."""
    return session.scalar(select(func.max(CodebookVersion.number))) or SHIPPED_VERSION


def hold_codebook(session: Session) -> None:
    """Let nobody else save a version before this transaction has ended. On SQLite nobody else writes anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _EDITING})


def find_version(session: Session, number: int) -> tuple[CodebookVersion, str] | None:
    """A version that was edited here, and who saved it."""
    query = select(CodebookVersion, User.name).join(User, User.id == CodebookVersion.by_id)
    return session.execute(query.where(CodebookVersion.number == number)).one_or_none()


def list_versions(session: Session, *, limit: int = 1000) -> Sequence[VersionRow]:
    """The versions that were edited here, newest first."""
    query = (
        select(CodebookVersion.number, CodebookVersion.at, User.name, CodebookVersion.reason, CodebookVersion.revisit)
        .join(User, User.id == CodebookVersion.by_id)
        .order_by(CodebookVersion.number.desc())
        .limit(limit)
    )
    return [VersionRow(*row) for row in session.execute(query)]


def as_recorded(version: CodebookVersion) -> dict[str, object]:
    """A version as the ledger holds it: with all its words, which are to outlive the row."""
    return {
        "version": version.number,
        "reason": version.reason,
        "wording": version.wording,
        "revisit": version.revisit,
        "at": version.at.isoformat(timespec="microseconds"),
    }


def count_outdated(session: Session, redefined: Mapping[Level, int]) -> Mapping[Level, int]:
    """By level, how many tags in force were given before the version that redefined it."""
    ranges = [and_(Tag.level == level, Tag.codebook_version < number) for level, number in redefined.items()]
    query = (
        select(Tag.level, func.count())
        .where(or_(false(), *ranges), exists().where(_SHOWN, Post.tag_id == Tag.id))
        .group_by(Tag.level)
    )
    counts = {level: count for level, count in session.execute(query) if level is not None}
    return {level: counts[level] for level in Level if level in counts}


def list_outdated(
    session: Session, redefined: Mapping[Level, int], *, before: int | None, limit: int
) -> Sequence[Outdated]:
    """These tags, newest first; those before one where it is named."""
    if not redefined:
        return []
    # Level by level, so that either database walks the index from its end and stops at the limit.
    newest = [_newest(level, number, before, limit) for level, number in redefined.items()]
    query = union_all(*newest).order_by(text("id DESC")).limit(limit)
    return [Outdated(row.id, row.post_id) for row in session.execute(query)]


def _newest(level: Level, number: int, before: int | None, limit: int) -> Select[tuple[int, int]]:
    # A scalar subquery, which neither database makes a join of all tags and posts, as PostgreSQL would of EXISTS.
    in_force = select(Post.tag_id).where(_SHOWN).scalar_subquery()
    query = (
        select(Tag.id, Tag.post_id)
        .where(Tag.level == level, Tag.codebook_version < number, in_force == Tag.id)
        .order_by(Tag.id.desc())
        .limit(limit)
    )
    found = (query if before is None else query.where(Tag.id < before)).subquery()
    return select(found.c.id, found.c.post_id)
