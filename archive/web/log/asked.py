"""The log with its filters as an address, and the address of every line in it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from archive.domain.public_log import LogAct
from archive.domain.source_quality import Level
from archive.store.public_log import LogRow, Wanted
from archive.web import arguments
from archive.web.signing import names_shown

_MOST_NAME = 80  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for."""

    collection: str
    level: Level | None
    act: LogAct | None
    who: str  # "" for anybody; always so where names are not shown
    since: date | None
    until: date | None  # inclusive
    before: int | None

    @property
    def filters(self) -> dict[str, str]:
        """The filters in force, as the address names them."""
        named = {
            "collection": self.collection,
            "level": self.level or "",
            "act": self.act or "",
            "who": self.who,
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
        }
        return {name: value for name, value in named.items() if value}

    @property
    def wanted(self) -> Wanted:
        """The same for the database. A day is one of UTC."""
        return Wanted(
            collection=self.collection or None,
            level=self.level,
            act=self.act,
            moderator=self.who or None,
            since=_midnight(self.since) if self.since else None,
            until=_midnight(self.until + timedelta(days=1)) if self.until and self.until < date.max else None,
        )

    def further(self, before: int) -> str:
        """The address of the lines behind one."""
        return "/log?" + urlencode({**self.filters, "before": before})

    @property
    def feed(self) -> str:
        """The address of the feed of such lines."""
        return f"/log/feed.atom?{urlencode(self.filters)}".rstrip("?")

    @property
    def address(self) -> str:
        """The address of the newest such lines."""
        return f"/log?{urlencode(self.filters)}".rstrip("?")


def asked_for() -> Asked:
    """What this request asks for.

    :raises ArgumentError: if there can be no such thing.
    """
    return Asked(
        collection=arguments.words("collection", most=80),
        level=arguments.one_of("level", Level, None),
        act=arguments.one_of("act", LogAct, None),
        who=arguments.words("who", most=_MOST_NAME) if names_shown() else "",
        since=arguments.date_of("from"),
        until=arguments.date_of("to"),
        before=arguments.whole_number("before"),
    )


def place_of(row: LogRow) -> str:
    """Where a line of the log is told in full."""
    entry = row.entry
    if entry.tag_id is None:
        return f"/objections/{entry.objection_id}"
    return f"/posts/{row.post}/tags#decision-{entry.tag_id}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
