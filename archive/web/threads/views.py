"""Threads and posts, for readers."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from archive.domain.ids import PublicId
from archive.domain.permissions import Permission
from archive.domain.records import PostKind
from archive.services import browse
from archive.services.browse import NotFoundError
from archive.services.checking.pages import cited_works
from archive.services.differences import differences_in_row
from archive.services.objections.pages import questioned
from archive.services.old_addresses import leads_to
from archive.services.reattach.pages import moved_out, moved_posts
from archive.services.tracing.pages import supplied_for
from archive.services.views import Order, ThreadPage
from archive.store.database import db
from archive.web import arguments
from archive.web.current_user import current_user
from archive.web.own_address import own_address
from archive.web.page_cache import kept, packed_page
from archive.web.permissions import may, needs
from archive.web.reading import wanted_reading
from archive.web.threads import pages
from archive.web.threads.pages import Beside
from archive.web.threads.showing import thread_html

bp = Blueprint("threads", __name__)


@bp.get("/threads/<public_id:thread>")
@needs(Permission.READ)
@kept
def show(thread: str) -> ResponseReturnValue:
    """A thread; kept ready for readers without a login."""
    levels, order = arguments.levels(), arguments.one_of("order", Order, Order.SOURCED)
    after, whole = arguments.address("after"), bool(arguments.words("whole"))
    none_chosen = arguments.chose_nothing("level")

    def make() -> bytes:
        page = browse.thread_page(
            db.session(), thread, drafts=may(Permission.IMPORT), levels=levels, order=order, after=after, whole=whole
        )
        beside = _beside(page, thread)
        return thread_html(page, beside, levels=levels, none_chosen=none_chosen, order=order, whole=whole)

    try:
        if current_user() is not None:
            return make()
        state = browse.thread_state(db.session(), thread, drafts=False)
    except NotFoundError:
        if post := leads_to(db.session(), thread, drafts=may(Permission.IMPORT)):
            return redirect(f"/posts/{post}", 302)
        raise
    asked = (levels, none_chosen, order, after, whole)
    return packed_page((thread, state, *asked, wanted_reading(), own_address()), make)


@bp.get("/posts/<public_id:post>")
@needs(Permission.READ)
def permalink(post: str) -> ResponseReturnValue:
    """The permanent address of a post leads to its place in its thread."""
    place = browse.post_place(db.session(), post, drafts=may(Permission.IMPORT))
    part = f"?order={Order.POSTED}" if place.in_parts else ""
    behind = f"&after={place.after}" if place.after else ""
    return redirect(f"/threads/{place.thread}{part}{behind}#post-{place.post}", 302)


@bp.get("/posts/<public_id:post>/revisions")
@needs(Permission.READ)
def revisions(post: str) -> ResponseReturnValue:
    """Every captured text of a post, the newest first."""
    thread, views = browse.revisions_page(db.session(), post, drafts=may(Permission.IMPORT))
    beside = Beside(works=cited_works(db.session(), views))
    shown = [pages.post(view, f"r{view.revision_number}", beside) for view in views]
    compared = differences_in_row(db.session(), [view.revision_id for view in views])
    return render_template("threads/revisions.html", thread=thread, revisions=shown, differences=compared)


def _beside(page: ThreadPage, thread: str) -> Beside:
    """What people decided on the posts of a page."""
    session, posts = db.session(), page.posts
    answers = [post for post in posts if post.kind is PostKind.ANSWER]
    return Beside(
        moved=moved_posts(session, posts),
        moved_out=None if page.has_question or page.after else _moved_out(thread),
        works=cited_works(session, answers),
        supplied=supplied_for(session, [post.id for post in answers]) if page.offers else {},
        questioned=questioned(session, [post for post in answers if post.decision]) if page.objections else {},
    )


def _moved_out(thread: str) -> PublicId | None:
    """The question that was moved out of a thread, if whoever is asking may see it."""
    drafts = may(Permission.IMPORT)
    post = moved_out(db.session(), thread, drafts=drafts)
    try:
        return browse.post_place(db.session(), post, drafts=drafts)[1] if post else None
    except NotFoundError:
        return None
