"""Whole collections, a line for each post."""

from collections.abc import Iterator

from flask import Response, stream_with_context

from archive.api.answers import encoded
from archive.api.lists import FurtherBehind
from archive.api.operations import READING, operation
from archive.api.shapes.posts import Post
from archive.api.shaping import Shaper
from archive.services.posts_in_full import FullPost, all_of_collection
from archive.store.database import db

COST = 20  # requests: it keeps the server busy for seconds
MEDIA = "application/x-ndjson"
_LINES = 50  # that are sent at once


@operation(
    "GET",
    "/collections/<slug:collection>/posts.ndjson",
    group=READING,
    summary="All posts of a collection",
    query=FurtherBehind,
    returns=Post,
    cost=COST,
    media=MEDIA,
)
def all_posts(collection: str, asked: FurtherBehind) -> Response:
    """A line of JSON for each post, thread by thread as they came, without an end but the collection's. Where it was
    cut off it goes on behind the last post that arrived whole: give its name as “after”. It is no snapshot: what
    comes, is tagged or taken down while it is sent is as it is at that moment. There is no ETag.
    """
    posts = all_of_collection(db.session(), collection, after=asked.after)
    response = Response(stream_with_context(_lines(Shaper(), posts)), mimetype=MEDIA)
    response.headers["Cache-Control"] = "no-store"
    return response


def _lines(shaper: Shaper, posts: Iterator[FullPost]) -> Iterator[bytes]:
    lines: list[bytes] = []
    for post in posts:
        lines.append(encoded(shaper.post(post)))
        if len(lines) == _LINES:
            yield b"\n".join(lines) + b"\n"
            lines.clear()
    if lines:
        yield b"\n".join(lines) + b"\n"
