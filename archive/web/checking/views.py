"""The sources of an answer: what moderators found of each, and striking those that do not exist."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain.checking import CHOICES, MAX_NOTE, MEANINGS, CheckNotAllowedError
from archive.domain.ids import PublicId
from archive.domain.permissions import Permission
from archive.domain.source_quality import Level
from archive.domain.sources.verdicts import Verdict
from archive.errors import ArchiveError
from archive.services.checking import check as checks
from archive.services.checking import pages
from archive.services.checking.check import CheckConflictError, Seen
from archive.services.decisions import TagConflictError
from archive.services.tracing.pages import supplied_for
from archive.store.database import db
from archive.web.checking import last_check
from archive.web.current_user import me
from archive.web.errors import form_status
from archive.web.form_fields import FieldError, number_field, text_field, word_field
from archive.web.permissions import needs
from archive.web.see_other import see_other

bp = Blueprint("checking", __name__)


@bp.get("/posts/<public_id:post>/sources")
@needs(Permission.MODERATE)
def sources(post: str) -> ResponseReturnValue:
    """All citations of an answer, each with a form for what was found of it."""
    return _sources(post)


@bp.post("/posts/<public_id:post>/checks")
@needs(Permission.MODERATE)
def check(post: str) -> ResponseReturnValue:
    """Say what was found of a citation, and go on to the next that nobody has looked up."""
    citation = number_field("citation")
    try:
        verdict = word_field("verdict", Verdict)
        checks.check(
            db.session(),
            post=PublicId(post),
            citation=citation,
            seen=number_field("seen"),
            verdict=verdict,
            note=text_field("note", label="A note", most=MAX_NOTE),
            moderator=me(),
        )
    except (CheckNotAllowedError, CheckConflictError, FieldError) as error:
        return _sources(post, citation=citation, error=error)
    last_check.keep(verdict, citation)
    return see_other(f"/posts/{post}/sources#{_next(post, citation)}")


@bp.post("/posts/<public_id:post>/further-sources")
@needs(Permission.MODERATE)
def check_words(post: str) -> ResponseReturnValue:
    """Say what was found of a source that the program did not see."""
    start, end = number_field("start"), number_field("end")
    try:
        verdict = word_field("verdict", Verdict)
        note = text_field("note", label="A note", most=MAX_NOTE)
        citation = checks.check_words(
            db.session(), post=PublicId(post), words=(start, end), verdict=verdict, note=note, moderator=me()
        )
    except (CheckNotAllowedError, FieldError) as error:
        return _sources(post, words=start, error=error)
    last_check.keep(verdict, citation)
    return see_other(f"/posts/{post}/sources#citation-{citation}")


@bp.get("/posts/<public_id:post>/sources/<row:citation>/strike")
@needs(Permission.MODERATE)
def strike_form(post: str, citation: int) -> ResponseReturnValue:
    """A work that is to be struck, and the level that the answer has then."""
    return _strike(post, citation)


@bp.post("/posts/<public_id:post>/strikes")
@needs(Permission.MODERATE)
def strike(post: str) -> ResponseReturnValue:
    """Strike a work that does not exist, and settle the level of the answer."""
    citation = number_field("citation")
    try:
        checks.strike(
            db.session(),
            post=PublicId(post),
            citation=citation,
            seen=Seen(number_field("seen"), number_field("version")),
            level=word_field("level", Level),
            note=text_field("note", label="A note", most=MAX_NOTE),
            moderator=me(),
        )
    except (CheckNotAllowedError, CheckConflictError, TagConflictError, FieldError) as error:
        return _strike(post, citation, error=error)
    last_check.keep(Verdict.FABRICATED, citation)
    return see_other(f"/posts/{post}/sources#{_next(post, citation)}")


def _sources(
    post: str, *, citation: int | None = None, words: int | None = None, error: ArchiveError | None = None
) -> ResponseReturnValue:
    page = pages.sources_page(db.session(), post)
    shown = render_template(
        "checking/sources.html",
        page=page,
        choices=CHOICES,
        max_note=MAX_NOTE,
        wrong=citation,  # the citation whose form was refused, or where its words begin, and what was typed in it
        wrong_words=words,
        error=error,
        typed={"verdict": request.form.get("verdict", ""), "note": request.form.get("note", "")},
        act=last_check.last_check(),
        meanings=MEANINGS,
        supplied=supplied_for(db.session(), [page.post.id]).get(page.post.id, ()),
    )
    return shown, form_status(error)


def _strike(post: str, citation: int, *, error: ArchiveError | None = None) -> ResponseReturnValue:
    page = pages.strike_page(db.session(), post, citation, moderator=me().id)
    chosen = request.form.get("level", "")
    shown = render_template(
        "checking/strike.html",
        page=page,
        citation=citation,
        max_note=MAX_NOTE,
        error=error,
        note=request.form.get("note", ""),
        chosen=chosen if chosen in page.levels else page.chosen or "",
    )
    return shown, form_status(error)


def _next(post: str, citation: int) -> str:
    """Where work goes on: the next citation that nobody has looked up, or the one that was just looked at."""
    lines = pages.sources_page(db.session(), post).citations
    ids = [line.cited.id for line in lines]
    behind = lines[ids.index(citation) + 1 :] if citation in ids else []
    waiting = [line.cited.id for line in behind if line.cited.verdict in (None, Verdict.UNCHECKED)]
    return f"citation-{waiting[0] if waiting else citation}"
