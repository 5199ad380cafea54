"""Where a moderator goes on after an act: the next answer, in one answer to a script, by a redirect without one."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from flask import Response, jsonify, render_template, request

from archive.domain.ids import PublicId
from archive.services.bench.progress import progress
from archive.services.bench.queue import claim_coming, writer_of
from archive.store.database import db
from archive.web.current_user import me
from archive.web.moderation import last_act
from archive.web.moderation.last_act import Act
from archive.web.moderation.which_queue import Queue
from archive.web.see_other import see_other

ANSWER = "focus-h"  # the id of the answer's heading, where work goes on
SCRIPT = "X-Footnote-Bench"  # a header that the bench's script sends


def bench_address(post: str, queue: Queue, *, back: str | None = None, served: bool = True) -> str:
    """The bench with an answer on it.

    :param served: whether the queue gave it, so that nothing is shown of what others decided.
    """
    return _address(f"/moderation/posts/{post}", queue, back=back, served="yes" if served else None)


def reveal_address(post: str, queue: Queue) -> str:
    """The suggestion for an answer beside one's own vote."""
    return _address(f"/moderation/posts/{post}/reveal", queue)


def queue_address(queue: Queue) -> str:
    """Whatever a queue gives next."""
    return _address("/moderation/queue", queue)


def go_on(act: Act, queue: Queue, *, after: str | None, coming: Sequence[PublicId] | None = None) -> Response:
    """On to the next answer of the queue.

    :param after: the answer that was on the bench.
    :param coming: what comes next, where that is claimed.
    """
    if coming is None:
        coming = claim_coming(db.session(), me().id, collection=queue.collection, search=queue.wanted)
    to = on_from(after, coming, queue) or [queue_address(queue)]
    return _on(act, to, queue, coming[0] if coming else None)


def go_to(
    act: Act, address: str, queue: Queue, *, then: Sequence[str] = (), page: Callable[[], str] | None = None
) -> Response:
    """On to a page that is no answer of the queue, or not the next one.

    :param then: where the queue goes on, for a script, which fetches what comes next.
    :param page: makes the page itself, which a script is given at once.
    """
    at_once = page is not None and SCRIPT in request.headers
    return _on(act, [address, *then], queue, None, page=page() if page and at_once else "")


def on_from(first: str | None, coming: Sequence[str], queue: Queue) -> list[str]:
    """The addresses of answers, each of which leads back to the one that will have been on the bench before it."""
    before = [first, *coming]
    return [bench_address(post, queue, back=last) for last, post in zip(before, coming, strict=False)]


def _on(act: Act, to: list[str], queue: Queue, coming: PublicId | None, *, page: str = "") -> Response:
    if SCRIPT not in request.headers:
        last_act.keep(act)
        return see_other(f"{to[0]}#{ANSWER}")
    session = db.session()
    far = progress(session, me().id, collection=queue.collection, search=queue.wanted)
    writer = None if coming is None else writer_of(session, coming)
    return jsonify(
        to=to[0],
        then=to[1:],
        page=page,
        status=render_template("moderation/_status.html", act=act, next=writer, waiting=far.waiting),
        line=render_template("moderation/_progress.html", progress=far),
    )


def _address(path: str, queue: Queue, **arguments: str | None) -> str:
    rest = urlencode({name: value for name, value in arguments.items() if value})
    query = "&".join(filter(None, (queue.address, rest)))
    return f"{path}?{query}" if query else path
