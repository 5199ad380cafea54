"""Many answers at once: those that a search finds, those that were marked, and what became of them."""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain.assessment.kinds import KINDS
from archive.domain.at_once import MOST_AT_ONCE, AtOnceError, Standing
from archive.domain.moderation import MAX_NOTE, ReasonCode, TagNotAllowedError
from archive.domain.permissions import Permission
from archive.domain.visible_words import words_seen
from archive.errors import ArchiveError
from archive.services.bench import bulk, bulk_pages, marks
from archive.services.bench.bulk import SaidOfAll
from archive.services.bench.bulk_pages import MOST_LOOKED_AT, Foreseen, Line
from archive.services.bench.undo import undo_bulk
from archive.services.search import collection_name
from archive.store.database import db
from archive.web.bulk import form
from archive.web.bulk.form import NOTHING_TYPED, Typed
from archive.web.current_user import me
from archive.web.errors import form_status
from archive.web.form_fields import FieldError
from archive.web.moderation.marked_text import quote
from archive.web.permissions import needs
from archive.web.search.facets import Asked, asked
from archive.web.see_other import see_other

bp = Blueprint("bulk", __name__)

_FIRST_WORDS = 160  # characters of an answer
_MOST_SIGNALS = 3  # of an answer
_SIGNAL = 60  # characters


@bp.get("/moderation/bulk")
@needs(Permission.MODERATE)
def choose() -> ResponseReturnValue:
    """What a search finds, before one level is given to all of it."""
    return _searched(asked())


@bp.post("/moderation/bulk")
@needs(Permission.MODERATE)
def tag() -> ResponseReturnValue:
    """Give one level to what is ticked of what a search finds."""
    search = asked()
    try:
        number = _tag(source=search.queue)
    except (AtOnceError, FieldError, TagNotAllowedError) as error:
        return _searched(search, error)
    return see_other(f"/moderation/bulks/{number}")


@bp.get("/moderation/marked")
@needs(Permission.MODERATE)
def marked() -> ResponseReturnValue:
    """What one has marked on the bench, before one level is given to all of it."""
    return _marked()


@bp.post("/moderation/marked")
@needs(Permission.MODERATE)
def tag_marked() -> ResponseReturnValue:
    """Give one level to what is ticked of what was marked; or let these marks go."""
    try:
        if "unmark" in request.form:
            marks.unmark(db.session(), posts=[one.post for one in form.picked()], moderator=me())
            return see_other("/moderation/marked")
        number = _tag(source="")
    except (AtOnceError, FieldError, TagNotAllowedError) as error:
        return _marked(error)
    return see_other(f"/moderation/bulks/{number}")


@bp.get("/moderation/bulks/<row:number>")
@needs(Permission.MODERATE)
def show(number: int) -> ResponseReturnValue:
    """What was given to many answers, and what became of them."""
    page = bulk_pages.bulk_page(db.session(), number, moderator=me())
    return render_template("bulk/bulk.html", page=page, first_words=_first_words)


@bp.post("/moderation/bulks/<row:number>/undos")
@needs(Permission.MODERATE)
def undo(number: int) -> ResponseReturnValue:
    """Take back what one gave to many answers."""
    undo_bulk(db.session(), number, moderator=me())
    return see_other(f"/moderation/bulks/{number}")


def _tag(*, source: str) -> int:
    said = SaidOfAll(
        level=form.level(), reason=form.reason(), note=form.note(), own="own" in request.args, source=source
    )
    return bulk.tag_at_once(db.session(), form.picked(), said, moderator=me())


def _searched(search: Asked, error: ArchiveError | None = None) -> ResponseReturnValue:
    own = "own" in request.args
    page = bulk_pages.foresee_search(db.session(), search.wanted, me(), own=own)
    named = collection_name(db.session(), search.collection) if search.collection else None
    pairs = search.pairs if search.wanted.says_which else []
    return _page(page, "/moderation/bulk", pairs, error, asked=search, collection=named or search.collection)


def _marked(error: ArchiveError | None = None) -> ResponseReturnValue:
    page = bulk_pages.foresee_marked(db.session(), me(), own="own" in request.args)
    return _page(page, "/moderation/marked", [], error, asked=None, collection="")


def _page(
    page: Foreseen,
    address: str,
    pairs: Sequence[tuple[str, str]],
    error: ArchiveError | None,
    *,
    asked: Asked | None,
    collection: str,
) -> ResponseReturnValue:
    own = "own" in request.args
    shown = render_template(
        "bulk/choose.html",
        page=page,
        asked=asked,
        collection=collection,
        own=own,
        here_as_it_is=_with(address, [*pairs, *([("own", "1")] if own else [])]),
        other_way=_with(address, [*pairs, *([] if own else [("own", "1")])]),
        search_address="/search?" + urlencode(pairs),
        error=error,
        typed=_typed(error),
        tick=form.tick,
        first_words=_first_words,
        signals=_signals,
        Standing=Standing,
        reasons=ReasonCode,
        max_note=MAX_NOTE,
        most=MOST_AT_ONCE,
        most_looked_at=MOST_LOOKED_AT,
    )
    return shown, form_status(error)


def _typed(error: ArchiveError | None) -> Typed:
    return NOTHING_TYPED if error is None else form.typed()


def _with(address: str, pairs: Sequence[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(pairs)}" if pairs else address


def _first_words(line: Line) -> str:
    return quote(line.post.words or line.post.text, most=_FIRST_WORDS)


def _signals(line: Line) -> list[tuple[str, str]]:
    """What was noticed in an answer: the kind of it, and the words."""
    return [
        (
            KINDS[signal.kind].name,
            quote(words_seen(line.post.text[signal.start : signal.end], line.post.markup), most=_SIGNAL),
        )
        for signal in (line.signals or ())[:_MOST_SIGNALS]
    ]
