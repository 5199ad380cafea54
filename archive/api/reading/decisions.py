"""What was decided, in the open: the log, the codebook, takedowns."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from msgspec import Meta, Struct

from archive.api.lists import Older, page
from archive.api.operations import OPENLY, operation
from archive.api.shapes.basics import Before, CollectionName, Page, ThreadName
from archive.api.shapes.reading import Codebook, CodebookVersion, LogLine, Takedown
from archive.api.shaping import Shaper
from archive.domain.codebook import as_stored
from archive.domain.public_log import LogAct
from archive.domain.source_quality import Level
from archive.services import public_log
from archive.services.codebook import versions
from archive.services.codebook.versions import VersionLine
from archive.services.takedown.pages import public_page
from archive.store.database import db
from archive.store.public_log import LogRow, Wanted
from archive.store.takedowns import TakedownRow

Day = Annotated[date, Meta(description="A day of UTC.", examples=["2026-03-09"])]


class Lines(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"since": "from", "until": "to"}):
    """Which lines of the log are wanted."""

    collection: Annotated[str, Meta(max_length=80)] | None = None
    level: Level | None = None
    act: LogAct | None = None
    who: Annotated[str, Meta(max_length=80, description="A moderator, where the archive names them.")] | None = None
    since: Day | None = None
    until: Day | None = None  # inclusive
    before: Before | None = None


@operation("GET", "/decisions", group=OPENLY, summary="The log of decisions", query=Lines, returns=Page[LogLine])
def log(asked: Lines) -> Page[LogLine]:
    """Tags, what was taken back, and replies to objections, the newest first."""
    shaper = Shaper()
    wanted = Wanted(
        collection=asked.collection,
        level=asked.level,
        act=asked.act,
        moderator=asked.who if shaper.tells_names else None,
        since=_midnight(asked.since) if asked.since else None,
        until=_midnight(asked.until + timedelta(days=1)) if asked.until and asked.until < date.max else None,
    )
    found = public_log.log_page(db.session(), wanted, before=asked.before)
    return page([_line(shaper, row) for row in found.rows], before=found.older)


@operation("GET", "/codebook", group=OPENLY, summary="The codebook in force", returns=Codebook)
def codebook() -> Codebook:
    """What the levels mean."""
    return _codebook(versions.current(db.session()))


@operation("GET", "/codebook/versions", group=OPENLY, summary="Versions of the codebook", returns=Page[CodebookVersion])
def codebook_versions() -> Page[CodebookVersion]:
    """The newest first."""
    shaper = Shaper()
    lines = versions.versions(db.session())
    return Page(items=[CodebookVersion(**_version(shaper, line)) for line in lines], next=None)


@operation(
    "GET", "/codebook/versions/<row:number>", group=OPENLY, summary="A version of the codebook", returns=Codebook
)
def codebook_version(number: int) -> Codebook:
    """As it was worded."""
    return _codebook(versions.version(db.session(), number))


@operation("GET", "/takedowns", group=OPENLY, summary="What was taken down", query=Older, returns=Page[Takedown])
def takedowns(asked: Older) -> Page[Takedown]:
    """What is down, the newest first, and why; without a word of it."""
    found = public_page(db.session(), before=asked.before)
    return page([_takedown(row) for row in found.rows], before=found.older)


def _line(shaper: Shaper, row: LogRow) -> LogLine:
    entry = row.entry
    return LogLine(
        id=entry.id,
        url=shaper.url(f"/log/{entry.id}"),
        act=entry.act,
        at=entry.at,
        by=shaper.by(row.by),
        level=entry.level,
        basis_words=public_log.basis_of(row.tag) if row.tag else None,
        post=row.post,
        thread=ThreadName(
            id=row.thread,
            title=row.title,
            url=shaper.url(f"/threads/{row.thread}"),
            collection=CollectionName(
                slug=row.collection, name=row.collection_name, url=shaper.url(f"/collections/{row.collection}")
            ),
        ),
    )


def _version(shaper: Shaper, line: VersionLine) -> dict[str, Any]:
    return {
        "number": line.number,
        "url": shaper.url(f"/codebook/versions/{line.number}"),
        "at": line.at,
        "by": shaper.by(line.by) if line.by else None,
        "reason": line.reason,
    }


def _codebook(version: versions.Version) -> Codebook:
    return Codebook(**_version(Shaper(), version), wording=as_stored(version.wording))


def _takedown(row: TakedownRow) -> Takedown:
    takedown, held = row.takedown, row.thread is not None
    return Takedown(
        id=takedown.id,
        post=takedown.post if held else None,
        thread=row.thread,
        scope=takedown.scope,
        reason=takedown.reason,
        at=takedown.decided_at,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
