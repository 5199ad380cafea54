"""The topics of a collection."""

from urllib.parse import urlencode

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.domain.topics import MOST_CHARACTERS
from archive.services.collections.topics import topic_page, topics_page
from archive.store.database import db
from archive.store.topics import TopicCount
from archive.web import arguments
from archive.web.page_cache import kept
from archive.web.permissions import needs

bp = Blueprint("topics", __name__)


@bp.get("/collections/<slug:slug>/topics")
@needs(Permission.READ)
@kept
def show_all(slug: str) -> ResponseReturnValue:
    """The topics of a collection, those with the most threads first."""
    threads, topic = arguments.whole_number("threads"), arguments.words("topic", most=MOST_CHARACTERS)
    after = TopicCount(topic, threads) if threads else None
    page = topics_page(db.session(), slug, after=after)
    further = urlencode(page.further._asdict()) if page.further else ""
    return render_template("topics/topics.html", page=page, first=after is None, further=further)


@bp.get("/collections/<slug:slug>/topics/<path:topic>")
@needs(Permission.READ)
@kept
def show(slug: str, topic: str) -> ResponseReturnValue:
    """The threads on a topic."""
    before = arguments.whole_number("before")
    page = topic_page(db.session(), slug, topic, before=before)
    return render_template("topics/topic.html", page=page, before=before)
