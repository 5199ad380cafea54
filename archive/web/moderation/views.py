"""The bench: queues, one answer at a time, votes, and their undo."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain.ids import PublicId
from archive.domain.moderation import MAX_NOTE, ReasonCode, TagNotAllowedError
from archive.domain.permissions import Permission
from archive.domain.records import PostKind
from archive.domain.second_opinions import State
from archive.domain.source_quality import Level
from archive.services import browse
from archive.services.bench import undo as undoing
from archive.services.bench.adjudicate import count_disputes, is_disputed
from archive.services.bench.asides import colleagues, holds
from archive.services.bench.cast import Cast, Said, Sight, cast, keep, own_vote_on
from archive.services.bench.history import history as history_of
from archive.services.bench.item import queue_item
from archive.services.bench.item import queues as waiting_queues
from archive.services.bench.marks import count_marked
from archive.services.bench.queue import MOST_FOUND, Working, after_in_order, claim_coming, coming, writer_of
from archive.services.bench.take_back import undo_tag as take_tag_back
from archive.services.browse import NotFoundError
from archive.services.codebook.revisit import is_any_redefined
from archive.services.codebook.versions import version
from archive.services.decisions import TagConflictError, revision_text
from archive.services.objections.pages import questions, waiting_objections
from archive.services.takedown.pages import waiting_requests
from archive.services.tracing.pages import supplied_for, waiting_offers
from archive.store.acts import ActKind
from archive.store.database import db
from archive.web.agreement.rate import least_agreement
from archive.web.arguments import words
from archive.web.current_user import me
from archive.web.errors import error_page
from archive.web.form_fields import FieldError, line_field, number_field
from archive.web.moderation import last_act
from archive.web.moderation.bench import Beside, bench_page
from archive.web.moderation.going_on import bench_address, go_on, go_to, on_from, queue_address, reveal_address
from archive.web.moderation.last_act import Act, Did
from archive.web.moderation.marked_text import quote
from archive.web.moderation.proposed import percent
from archive.web.moderation.votes import Vote, Written, evidence_with_words, read_vote, write_spans, written
from archive.web.moderation.which_queue import Queue, queue_in_address, queue_in_form
from archive.web.permissions import may, needs
from archive.web.prose.cuts import Span
from archive.web.see_other import see_other

bp = Blueprint("moderation", __name__)

_NO_LEVEL = "No level was chosen: press one. Nothing was stored, and nothing that you wrote is lost."


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Why the bench is shown once more, with all that was written on it."""

    written: Written
    asks: Level | None = None  # the level for which words are wanted
    error: str = ""  # what was wrong


@bp.get("/moderation")
@needs(Permission.MODERATE)
def queues() -> ResponseReturnValue:
    """What waits to be tagged, by collection, and what else waits for a moderator."""
    session = db.session()
    return render_template(
        "moderation/queues.html",
        queues=waiting_queues(session),
        offers=waiting_offers(session),
        disputes=count_disputes(session),
        holds=holds(session, me().id),
        objections=waiting_objections(session),
        redefined=is_any_redefined(session),
        marked=count_marked(session, me().id),
        administers=may(Permission.ADMINISTER),
        requests=waiting_requests(session),
    )


@bp.get("/moderation/queue")
@needs(Permission.MODERATE)
def queue() -> ResponseReturnValue:
    """The next answer of a queue, or that there is none."""
    which = queue_in_address()
    after = PublicId(words("after", most=40)) or None
    session, moderator = db.session(), me().id
    if after is None:
        found = next(iter(coming(session, moderator, collection=which.collection, search=which.wanted)), None)
    else:
        found = after_in_order(session, moderator, after, collection=which.collection, search=which.wanted)
    if found is None:
        return _done(which, after)
    return redirect(bench_address(found, which, back=after), 303)


@bp.post("/moderation/queue")
@needs(Permission.MODERATE)
def begin() -> ResponseReturnValue:
    """Begin with a queue: what it gives first is claimed, so that colleagues who begin, too, are given others."""
    which = queue_in_form()
    first = next(iter(claim_coming(db.session(), me().id, collection=which.collection, search=which.wanted)), None)
    return see_other(bench_address(first, which) if first else queue_address(which))


@bp.get("/moderation/posts/<public_id:post>")
@needs(Permission.MODERATE)
def post(post: str) -> ResponseReturnValue:
    """One answer on the bench, whether or not it has a tag."""
    return _bench(post)


@bp.get("/moderation/posts/<public_id:post>/reveal")
@needs(Permission.MODERATE)
def reveal(post: str) -> ResponseReturnValue:
    """The suggestion beside one's own vote, which can be kept or revised."""
    own = own_vote_on(db.session(), PublicId(post), moderator=me().id)
    if own is None:
        return redirect(bench_address(post, queue_in_address()), 303)
    return _bench(post, revealed=True)


@bp.post("/posts/<public_id:post>/tags")
@needs(Permission.MODERATE)
def tag(post: str) -> ResponseReturnValue:
    """Vote on an answer, and go on: to the suggestion where it surely differs, and else to the next answer."""
    if not request.form.get("level"):
        return make_response(_bench(post, again=Again(written=written(), error=_NO_LEVEL)), 422)
    vote = read_vote()
    session = db.session()
    try:
        evidence = _evidence(vote, post)
    except FieldError as error:
        return make_response(_bench(post, again=Again(written=written(), error=str(error))), 422)
    if vote.level.sourced and not evidence and not vote.sure:
        return make_response(_bench(post, again=Again(written=written(), asks=vote.level)), 422)
    said = Said(level=vote.level, evidence=evidence, reason=vote.reason, note=vote.note, seen=vote.seen)
    which = vote.queue
    try:
        voted = cast(
            session,
            post=PublicId(post),
            revision_id=vote.revision_id,
            version=vote.version,
            said=said,
            moderator=me(),
            least=least_agreement(),
            queue=Working(which.collection, which.wanted),
        )
    except TagConflictError as error:
        return _conflict(error, post, vote)
    act = Act(Did.TAGGED, voted.writer, vote.level, so=_so(voted, vote.seen))
    if voted.to_reveal:
        page = partial(_bench, post, revealed=True, of_form=True)
        return go_to(act, reveal_address(post, which), which, then=on_from(post, voted.coming, which), page=page)
    return go_on(act, which, after=post, coming=voted.coming)


@bp.post("/moderation/votes/<row:vote>/kept")
@needs(Permission.MODERATE)
def keep_vote(vote: int) -> ResponseReturnValue:
    """Keep one's vote, now that the suggestion was seen."""
    kept = keep(db.session(), vote=vote, moderator=me())
    act = Act(Did.KEPT, writer_of(db.session(), kept.post), kept.level)
    return go_on(act, queue_in_form(), after=kept.post)


@bp.post("/moderation/undo")
@needs(Permission.MODERATE)
def undo() -> ResponseReturnValue:
    """Take back what one did last, and have its answer on the bench again."""
    return _through(again=False)


@bp.post("/moderation/redo")
@needs(Permission.MODERATE)
def redo() -> ResponseReturnValue:
    """Do again what one took back last."""
    return _through(again=True)


@bp.get("/posts/<public_id:post>/tags")
@needs(Permission.READ)
def history(post: str) -> ResponseReturnValue:
    """Every decision on an answer, newest first, for everybody."""
    thread, revisions = browse.revisions_page(db.session(), post, drafts=False)
    entries = history_of(db.session(), post)
    if revisions[0].kind is not PostKind.ANSWER and not entries:
        raise NotFoundError("answer")
    return render_template(
        "moderation/history.html",
        post=revisions[0],
        thread=thread,
        first_words=quote(revisions[0].words or revisions[0].text, most=280),
        entries=entries,
        supplied=supplied_for(db.session(), [revisions[0].id]).get(revisions[0].id, ()),
        may_tag=may(Permission.MODERATE),
        questions=questions(db.session(), post),
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


def _evidence(vote: Vote, post: str) -> Sequence[Span]:
    """The words that were ticked or selected, and those that were typed."""
    if not vote.words:
        return vote.evidence
    session = db.session()
    text, _ = revision_text(session, browse.visible_post(session, post, drafts=False).id, vote.revision_id)
    return evidence_with_words(vote, text)


def _through(*, again: bool) -> ResponseReturnValue:
    which = queue_in_form()
    way = undoing.redo if again else undoing.undo
    try:
        done = way(db.session(), moderator=me())
    except TagConflictError as error:
        return _conflict(error, error.post, None)
    if done is None:
        return go_on(Act(Did.FOUND_NOTHING_AGAIN if again else Did.FOUND_NOTHING), which, after=None)
    did = Did.DID_AGAIN if again else Did.TOOK_BACK
    writer = "" if done.post is None else writer_of(db.session(), done.post)
    act = Act(did, writer, done.level, what=done.kind.value, answers=done.answers)
    if done.post is None or again:
        return go_on(act, which, after=done.post)
    if done.kind is ActKind.DECIDE and is_disputed(db.session(), done.post):
        return go_to(act, f"/moderation/disputes/{done.post}", which)
    return go_to(act, bench_address(done.post, which), which)


def _so(voted: Cast, seen: Sight) -> str:
    """What follows from a vote."""
    if not voted.counts:
        return "It does not count yet: the practice answers come first."
    if voted.outcome.state is State.WANTS_VOTE:
        return "Nothing is published yet: it wants another vote."
    if voted.outcome.state is State.DISPUTED:
        return "Another reading differs, so somebody will decide between them."
    suggestion = voted.suggestion
    if seen is Sight.MARKS and suggestion.level is voted.level:
        return "The suggestion was the same."
    if voted.differs and suggestion.level is not None and suggestion.unsure:
        return f"The suggestion was unsure: perhaps {suggestion.level.badge} ({percent(suggestion.confidence)})."
    return ""


def _bench(post: str, *, revealed: bool = False, of_form: bool = False, again: Again | None = None) -> str:
    session, moderator = db.session(), me()
    told, which = (_in_form, queue_in_form()) if of_form or again else (words, queue_in_address())
    item = queue_item(
        session,
        post,
        moderator=moderator.id,
        collection=which.collection,
        search=which.wanted,
        least=least_agreement(),
    )
    beside = Beside(
        queue=which,
        back=told("back", most=40) or None,
        served=bool(told("served", most=3)),
        revealed=revealed,
    )
    return render_template(
        "moderation/bench.html",
        page=bench_page(item, beside, version(session, item.codebook), again.written if again else None),
        act=last_act.last_act(),
        again=again,
        colleagues=colleagues(session, but=moderator.id),
        reasons=list(ReasonCode),
        counts=moderator.votes_count,
        max_note=MAX_NOTE,
    )


def _in_form(name: str, *, most: int) -> str:
    """Where the answer came from, as the form knows it."""
    return line_field(name, label="What leads to an answer", most=most)


def _done(which: Queue, after: str | None) -> ResponseReturnValue:
    collection = which.collection
    rows = [row for row in waiting_queues(db.session()) if collection in (None, row.slug)]
    if collection is not None and not rows:
        raise NotFoundError("collection")
    return render_template(
        "moderation/done.html",
        name=rows[0].name if collection else None,
        search=which.search,
        most=MOST_FOUND,
        act=last_act.last_act(),
        after=after,
        waiting=sum(row.waiting for row in rows),
    )


def _conflict(error: TagConflictError, post: str, vote: Vote | None) -> ResponseReturnValue:
    """What somebody else decided beside what was wanted, which is kept in the form."""
    item = queue_item(db.session(), post, moderator=me().id, least=least_agreement())
    same_text = vote is not None and vote.revision_id == item.post.revision_id
    page = render_template(
        "moderation/conflict.html",
        error=error,
        item=item,
        vote=vote,
        words=[item.post.text[start:end] for start, end in vote.evidence] if vote and same_text else [],
        evidence=[write_spans((span,)) for span in vote.evidence] if vote else [],
        queue=vote.queue if vote else queue_in_form(),
    )
    return page, 409
