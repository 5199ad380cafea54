"""The page of a thread: what is written for each post, within what every page has around it."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from secrets import token_hex
from urllib.parse import urlencode

from flask import current_app, render_template

from archive.domain.permissions import Permission
from archive.domain.source_quality import Level
from archive.services.views import Order, ThreadPage
from archive.web import arguments
from archive.web.permissions import may
from archive.web.safe_html import written
from archive.web.signing import names_shown
from archive.web.threads.pages import Beside, Thread, thread
from archive.web.threads.writing import Reader, Writer

_ANSWERS = f"<!--{token_hex(8)}-->"  # where they go; nothing that comes from outside becomes a comment


@dataclass(frozen=True, slots=True)
class Links:
    """Where a page of a thread leads."""

    beginning: str
    before: str | None = None  # the part before
    further: str | None = None  # the next part
    whole: str | None = None  # everything on one page


def thread_html(
    page: ThreadPage,
    beside: Beside,
    *,
    levels: frozenset[Level | None] | None = None,
    none_chosen: bool = False,
    order: Order = Order.SOURCED,
    whole: bool = False,
) -> bytes:
    """The page for whoever asks.

    :param levels: those asked for; None: all.
    :param none_chosen: whether levels could be chosen and none was.
    :param whole: whether all was asked for at once.
    """

    def address(after: str | None = None, *, whole: bool = False) -> str:
        return _address(page, levels, order, after, whole=whole)

    shown, links = thread(page, beside), _links(page, address)
    writer = _writer(shown, links)
    around = render_template(
        "threads/thread.html",
        thread=shown,
        links=links,
        answers=written(_ANSWERS),
        beside_question=written(writer.beside_question().decode()),
        first_sourced=writer.ways.first_sourced,
        levels=levels,
        none_chosen=none_chosen,
        order=order,
        come_back=address(page.after, whole=whole),
    )
    head, _, foot = around.partition(_ANSWERS)  # megabytes would be copied by each layer of the templates
    return b"".join((head.encode(), *writer.answers(), foot.encode()))


def _links(page: ThreadPage, address: Callable[..., str]) -> Links:
    return Links(
        beginning=address(),
        before=address(page.previous) if page.after else None,
        further=address(page.further) if page.further else None,
        whole=address(whole=True) if page.in_parts and page.fits_one_page else None,
    )


def _writer(shown: Thread, links: Links) -> Writer:
    """What writes the posts, with the macros for what few of them have."""
    templates = current_app.jinja_env
    return Writer(
        shown,
        before=links.before and escape(links.before),
        further=links.further and escape(links.further),
        reader=Reader(may_tag=may(Permission.MODERATE), may_move=may(Permission.ARRANGE), sees_names=names_shown()),
        macros=templates.get_template("threads/posts.html").module,
        levels=templates.get_template("components/levels.html").module,
    )


def _address(
    page: ThreadPage, levels: frozenset[Level | None] | None, order: Order, after: str | None, *, whole: bool
) -> str:
    """The page's own address without what it does not depend on, since the page is kept for others."""
    asked = [("level", arguments.name_of(level)) for level in sorted(levels or (), key=str)]
    asked += [("order", order)] if order is not Order.SOURCED else []
    asked += [("after", after)] if after else []
    asked += [("whole", "yes")] if whole else []
    return f"/threads/{page.public_id}?{urlencode(asked)}".rstrip("?")
