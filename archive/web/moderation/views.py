"""The moderators' pages: queues, the bench, tags, and what was done before."""

from urllib.parse import urlencode

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from archive.domain.ids import CollectionSlug, PublicId
from archive.domain.moderation import MAX_NOTE, TagNotAllowedError
from archive.domain.permissions import Permission
from archive.services import browse, moderate
from archive.services.bench.asides import skip as skip_answer
from archive.services.bench.cast import Said, Sight, cast
from archive.services.bench.queue import after_in_order, coming
from archive.services.bench.take_back import undo_tag as take_tag_back
from archive.services.bench.undo import undo as undo_act
from archive.services.browse import NotFoundError
from archive.services.decisions import TagConflictError
from archive.services.tracing.pages import supplied_for, waiting_offers
from archive.store.database import db
from archive.web.arguments import words
from archive.web.current_user import me
from archive.web.errors import error_page
from archive.web.form_fields import number_field
from archive.web.moderation import last_act
from archive.web.moderation.bench import bench_page
from archive.web.moderation.last_act import Did
from archive.web.moderation.marked_text import quote
from archive.web.moderation.votes import MAX_SLUG, Vote, queue_in_form, read_vote, write_spans
from archive.web.permissions import needs
from archive.web.see_other import see_other

bp = Blueprint("moderation", __name__)

_ANSWER = "focus-h"  # the id of the answer's heading, where work goes on


@bp.get("/moderation")
@needs(Permission.MODERATE)
def queues() -> ResponseReturnValue:
    """What waits to be tagged, by collection."""
    session = db.session()
    return render_template("moderation/queues.html", queues=moderate.queues(session), offers=waiting_offers(session))


@bp.get("/moderation/queue")
@needs(Permission.MODERATE)
def queue() -> ResponseReturnValue:
    """The next answer of a queue, or that there is none."""
    collection = words("collection", most=MAX_SLUG) or None
    after = PublicId(words("after", most=40)) or None
    session, moderator = db.session(), me().id
    if after is None:
        found = next(iter(coming(session, moderator, collection=collection)), None)
    else:
        found = after_in_order(session, moderator, after, collection=collection)
    if found is None:
        return _done(collection, after)
    return _bench(found, collection, back=after)


@bp.get("/moderation/posts/<public_id:post>")
@needs(Permission.MODERATE)
def post(post: str) -> ResponseReturnValue:
    """One answer on the bench, whether or not it has a tag."""
    return _bench(post, words("collection", most=MAX_SLUG) or None, back=None)


@bp.post("/posts/<public_id:post>/tags")
@needs(Permission.MODERATE)
def tag(post: str) -> ResponseReturnValue:
    """Tag an answer, and go on to the next one."""
    vote = read_vote()
    try:
        voted = cast(
            db.session(),
            post=PublicId(post),
            revision_id=vote.revision_id,
            version=vote.version,
            said=Said(level=vote.level, evidence=vote.evidence, note=vote.note, seen=Sight.SUGGESTION),
            moderator=me(),
        )
    except TagConflictError as error:
        return _conflict(error, post, vote)
    last_act.keep_tag(Did.TAGGED, voted.post, vote.level)
    return _go_on(vote.collection, after=post)


@bp.post("/posts/<public_id:post>/skips")
@needs(Permission.MODERATE)
def skip(post: str) -> ResponseReturnValue:
    """Pass over an answer, and go on to the next one."""
    skip_answer(db.session(), post=PublicId(post), moderator=me())
    last_act.keep(Did.SKIPPED)
    return _go_on(queue_in_form(), after=post)


@bp.post("/moderation/undo")
@needs(Permission.MODERATE)
def undo() -> ResponseReturnValue:
    """Take back one's own last tag, and have its answer on the bench again."""
    collection = queue_in_form()
    try:
        undone = undo_act(db.session(), moderator=me())
    except TagConflictError as error:
        return _conflict(error, error.post, None)
    if undone is None:
        last_act.keep(Did.FOUND_NOTHING)
        return _go_on(collection, after=None)
    if undone.post is None:
        return _go_on(collection, after=None)
    last_act.keep_tag(Did.TOOK_BACK, undone.post, undone.level)
    return _see_other(f"/moderation/posts/{undone.post.public_id}", collection=collection)


@bp.get("/posts/<public_id:post>/tags")
@needs(Permission.MODERATE)
def history(post: str) -> ResponseReturnValue:
    """Every decision on an answer, newest first."""
    thread, revisions = browse.revisions_page(db.session(), post, drafts=False)
    return render_template(
        "moderation/history.html",
        post=revisions[0],
        thread=thread,
        first_words=quote(revisions[0].words or revisions[0].text, most=280),
        entries=moderate.history(db.session(), post),
        supplied=supplied_for(db.session(), [revisions[0].id]).get(revisions[0].id, ()),
    )


@bp.post("/posts/<public_id:post>/undos")
@needs(Permission.MODERATE)
def undo_tag(post: str) -> ResponseReturnValue:
    """Take back the decision in force, whoever made it."""
    try:
        take_tag_back(db.session(), post=PublicId(post), tag_id=number_field("tag"), moderator=me())
    except TagConflictError as error:
        return _conflict(error, post, None)
    return see_other(f"/posts/{post}/tags")


@bp.errorhandler(TagNotAllowedError)
def _not_allowed(error: TagNotAllowedError) -> Response:
    return error_page(409, str(error))


def _bench(post: str, collection: str | None, *, back: str | None) -> ResponseReturnValue:
    item = moderate.queue_item(db.session(), post, moderator=me().id, collection=collection)
    page = bench_page(item, collection=collection, back=back)
    return render_template("moderation/bench.html", page=page, act=last_act.last_act(), max_note=MAX_NOTE)


def _done(collection: str | None, after: str | None) -> ResponseReturnValue:
    names = {row.slug: row.name for row in moderate.queues(db.session())}
    if collection is not None and collection not in names:
        raise NotFoundError("collection")
    name = names[CollectionSlug(collection)] if collection else None
    return render_template("moderation/done.html", name=name, act=last_act.last_act(), after=after)


def _conflict(error: TagConflictError, post: str, vote: Vote | None) -> ResponseReturnValue:
    """What somebody else decided beside what was wanted, which is kept in the form."""
    item = moderate.queue_item(db.session(), post, moderator=me().id)
    same_text = vote is not None and vote.revision_id == item.post.revision_id
    page = render_template(
        "moderation/conflict.html",
        error=error,
        item=item,
        vote=vote,
        words=[item.post.text[start:end] for start, end in vote.evidence] if vote and same_text else [],
        evidence=[write_spans((span,)) for span in vote.evidence] if vote else [],
        collection=vote.collection if vote else queue_in_form(),
    )
    return page, 409


def _go_on(collection: str | None, *, after: str | None) -> Response:
    return _see_other("/moderation/queue", collection=collection, after=after)


def _see_other(address: str, **arguments: str | None) -> Response:
    query = urlencode({name: value for name, value in arguments.items() if value})
    whole = f"{address}?{query}" if query else address
    return see_other(f"{whole}#{_ANSWER}")
