"""The codebook as readers see it: the current version, earlier ones, and what changed between two; and, for moderators,
the tags that were given under other words.
"""

from flask import render_template
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.domain.source_quality import Level
from archive.services.codebook.revisit import count_to_revisit, revisit_page
from archive.services.codebook.versions import Version, current, differences, version, versions
from archive.store.database import db
from archive.web import arguments
from archive.web.codebook.here import bp
from archive.web.page_cache import kept
from archive.web.permissions import may, needs


@bp.get("/codebook")
@needs(Permission.READ)
@kept
def show() -> ResponseReturnValue:
    """What each level means, how one is chosen, and what is decided in cases of doubt."""
    return _page(current(db.session()), newest=None)


@bp.get("/codebook/versions")
@needs(Permission.READ)
@kept
def list_all() -> ResponseReturnValue:
    """Every version, newest first, with what it changed."""
    return render_template("codebook/versions.html", versions=versions(db.session()), names=_shows_names())


@bp.get("/codebook/versions/<row:number>")
@needs(Permission.READ)
@kept
def show_version(number: int) -> ResponseReturnValue:
    """The words under which a tag was given."""
    session = db.session()
    return _page(version(session, number), newest=versions(session)[0].number)


@bp.get("/codebook/compare")
@needs(Permission.READ)
@kept
def compare() -> ResponseReturnValue:
    """What a version says otherwise than another one; the newest and the one before where none is named."""
    session = db.session()
    lines = versions(session)
    new = version(session, arguments.whole_number("new") or lines[0].number)
    old = version(session, arguments.whole_number("old") or max(new.number - 1, lines[-1].number))
    asks = new.number == lines[0].number and bool(new.revisit) and may(Permission.MODERATE)
    return render_template(
        "codebook/compare.html",
        versions=lines,
        old=old,
        new=new,
        changes=differences(old.wording, new.wording),
        to_revisit=count_to_revisit(session) if asks else None,
        names=_shows_names(),
    )


@bp.get("/codebook/revisit")
@needs(Permission.MODERATE)
def revisit() -> ResponseReturnValue:
    """Answers whose tag was given under another definition of its level."""
    level = arguments.one_of("level", Level, None)
    page = revisit_page(db.session(), level=level, after=arguments.whole_number("after"))
    return render_template("codebook/revisit.html", page=page)


def _page(shown: Version, *, newest: int | None) -> ResponseReturnValue:
    return render_template("codebook/codebook.html", version=shown, newest=newest, names=_shows_names())


def _shows_names() -> bool:
    """Whether whoever is asking sees which admin it was."""
    return may(Permission.MODERATE)
