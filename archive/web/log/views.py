"""The public log of decisions, narrowed as asked; its lines, each by its number; and its feed."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.domain.public_log import WORDS
from archive.services import public_log
from archive.store.database import db
from archive.store.public_log import LogRow
from archive.web.feeds.atom import NOBODY, Entry, Feed, answer_with
from archive.web.layout import badge_words
from archive.web.log.asked import asked_for, place_of
from archive.web.page_cache import kept
from archive.web.permissions import needs
from archive.web.signing import by, names_shown

bp = Blueprint("log", __name__)


@bp.get("/log")
@needs(Permission.READ)
@kept
def show() -> ResponseReturnValue:
    """Decisions, the newest first."""
    session, asked = db.session(), asked_for()
    return render_template(
        "log/log.html",
        asked=asked,
        page=public_log.log_page(session, asked.wanted, before=asked.before),
        place_of=place_of,
        basis_of=public_log.basis_of,
        acts=WORDS,
        collections=public_log.collections(session),
        deciders=public_log.deciders(session) if names_shown() else (),
    )


@bp.get("/log/<row:number>")
@needs(Permission.READ)
def entry(number: int) -> ResponseReturnValue:
    """The permanent address of a line leads to where it is told in full."""
    return redirect(place_of(public_log.log_row(db.session(), number)), 302)


@bp.get("/log/feed.atom")
@needs(Permission.READ)
@kept
def feed() -> ResponseReturnValue:
    """The newest decisions as an Atom feed (RFC 4287)."""
    asked = asked_for()
    rows = public_log.log_page(db.session(), asked.wanted, before=None).rows
    return answer_with(
        Feed(
            title="Decisions of moderators",
            subtitle="How answers say that they know, as moderators decided it, the newest first",
            address=asked.address,
            feed=asked.feed,
            entries=[_entry(row) for row in rows],
        )
    )


def _entry(row: LogRow) -> Entry:
    level, author = badge_words(row.entry.level), row.author or NOBODY
    return Entry(
        address=f"/log/{row.entry.id}",
        title=f"{WORDS[row.entry.act]}: {level}, the answer by {author}",
        updated=row.entry.at,
        author=by(row.by),
        summary=f"In “{row.title or 'a thread without a title'}”, {row.collection_name}",
    )
