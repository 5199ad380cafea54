"""The one way to write a feed: Atom, RFC 4287, under one template.

A feed carries an ETag made of its bytes. It carries no Last-Modified: where an entry is taken down, or a decision
undone, its last change is as old as before. For readers without a login it is kept as pages are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Response, render_template, request

from archive.web.own_address import own_address

NOBODY = "nobody named"  # every entry must have an author
MOST_ENTRIES = 30
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # of a feed in which nothing stands yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that a feed tells of. Texts are as received: the template makes them fit."""

    address: str  # its permanent address in this archive, from "/"
    title: str
    updated: datetime
    published: datetime | None = None  # None: the source gave no date
    author: str
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed, the newest entries first."""

    title: str
    subtitle: str
    address: str  # of the page that shows the same, from "/"
    feed: str  # its own address, from "/"
    entries: Sequence[Entry]

    @property
    def updated(self) -> datetime:
        """When the last of its entries changed."""
        return max((entry.updated for entry in self.entries), default=_NEVER)


def answer_with(feed: Feed) -> Response:
    """The feed, or 304 for whoever has it already."""
    text = render_template("feeds/atom.xml", feed=feed, root=own_address())
    response = Response(text, mimetype="application/atom+xml")
    response.add_etag(weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response
