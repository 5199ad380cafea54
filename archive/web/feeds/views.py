"""The feeds of collections, threads and authors."""

from urllib.parse import quote

from flask import Blueprint
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.services import feeds
from archive.store.database import db
from archive.web.feeds.atom import MOST_ENTRIES, Feed, answer_with
from archive.web.feeds.entries import UNTITLED, post_entry, thread_entry
from archive.web.page_cache import kept
from archive.web.permissions import needs

bp = Blueprint("feeds", __name__)


@bp.get("/collections/<slug:slug>/feed.atom")
@needs(Permission.READ)
@kept
def collection(slug: str) -> ResponseReturnValue:
    """The threads of a collection that came last."""
    found, threads = feeds.new_threads(db.session(), slug, limit=MOST_ENTRIES)
    return answer_with(
        Feed(
            title=found.name,
            subtitle="Threads of this collection, the last received first",
            address=f"/collections/{quote(found.slug)}",
            feed=f"/collections/{quote(found.slug)}/feed.atom",
            entries=[thread_entry(thread) for thread in threads],
        )
    )


@bp.get("/threads/<public_id:public_id>/feed.atom")
@needs(Permission.READ)
@kept
def thread(public_id: str) -> ResponseReturnValue:
    """The answers of a thread that came last; a decision on one brings it up to date."""
    found, posts = feeds.new_answers(db.session(), public_id, limit=MOST_ENTRIES)
    return answer_with(
        Feed(
            title=found.title or UNTITLED,
            subtitle="Answers of this thread, the last received first, and how moderators say that they know",
            address=f"/threads/{found.public_id}",
            feed=f"/threads/{found.public_id}/feed.atom",
            entries=[post_entry(post, found) for post in posts],
        )
    )


@bp.get("/authors/<public_id:public_id>/feed.atom")
@needs(Permission.READ)
@kept
def author(public_id: str) -> ResponseReturnValue:
    """What was posted under a name and came last."""
    found, posts = feeds.new_posts_by(db.session(), public_id, limit=MOST_ENTRIES)
    return answer_with(
        Feed(
            title=found.name,
            subtitle="What was posted under this name in one collection, the last received first",
            address=f"/authors/{found.public_id}",
            feed=f"/authors/{found.public_id}/feed.atom",
            entries=[post_entry(post, thread) for post, thread in posts],
        )
    )
