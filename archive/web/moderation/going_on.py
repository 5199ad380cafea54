"""Where a moderator goes on after an act: the next answer, in one answer to a script, by a redirect without one."""

from urllib.parse import urlencode

from flask import Response, jsonify, render_template, request

from archive.domain.ids import PublicId
from archive.services.bench.progress import progress
from archive.services.bench.queue import claim_coming, writer_of
from archive.store.database import db
from archive.web.current_user import me
from archive.web.moderation import last_act
from archive.web.moderation.last_act import Act
from archive.web.see_other import see_other

ANSWER = "focus-h"  # the id of the answer's heading, where work goes on
SCRIPT = "X-Footnote-Bench"  # a header that the bench's script sends


def bench_address(post: str, collection: str | None, *, back: str | None = None, served: bool = True) -> str:
    """The bench with an answer on it.

    :param served: whether the queue gave it, so that nothing is shown of what others decided.
    """
    return _address(f"/moderation/posts/{post}", collection=collection, back=back, served="yes" if served else None)


def queue_address(collection: str | None) -> str:
    """Whatever a queue gives next."""
    return _address("/moderation/queue", collection=collection)


def go_on(act: Act, collection: str | None, *, after: str | None) -> Response:
    """On to the next answer of the queue.

    :param after: the answer that was on the bench.
    """
    coming = claim_coming(db.session(), me().id, collection=collection)
    to = [bench_address(post, collection, back=after) for post in coming] or [queue_address(collection)]
    return _on(act, to, collection, coming[0] if coming else None)


def go_to(act: Act, address: str, collection: str | None) -> Response:
    """On to a page that is no answer of the queue, or not the next one."""
    return _on(act, [address], collection, None)


def _on(act: Act, to: list[str], collection: str | None, coming: PublicId | None) -> Response:
    if SCRIPT not in request.headers:
        last_act.keep(act)
        return see_other(f"{to[0]}#{ANSWER}")
    session = db.session()
    far = progress(session, me().id, collection=collection)
    writer = None if coming is None else writer_of(session, coming)
    return jsonify(
        to=to[0],
        then=to[1:],
        status=render_template("moderation/_status.html", act=act, next=writer, waiting=far.waiting),
        line=render_template("moderation/_progress.html", progress=far),
    )


def _address(path: str, **arguments: str | None) -> str:
    query = urlencode({name: value for name, value in arguments.items() if value})
    return f"{path}?{query}" if query else path
