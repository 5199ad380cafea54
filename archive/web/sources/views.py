"""The index of works and the page of one, for readers."""

import json

from flask import Response, redirect, render_template
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.domain.sources import SourceKind
from archive.services.checking.pages import findings
from archive.services.checking.proposal import is_struck
from archive.services.sources import decisions, pages
from archive.services.tracing.pages import supplied_to
from archive.store.cited import CitedRow
from archive.store.database import db
from archive.web import arguments
from archive.web.checking.signs import SIGNS
from archive.web.page_cache import kept
from archive.web.permissions import may, needs
from archive.web.sources.here import bp
from archive.web.sources.shown import KIND_WORDS, MANNER_WORDS, facts, linkable, named, titled
from archive.web.sources.sifted import Sifted

_MAX_DOMAIN = 255  # characters
_CSL = "application/vnd.citationstyles.csl+json"


@bp.get("/sources")
@needs(Permission.READ)
@kept
def index() -> ResponseReturnValue:
    """Works, by how many answers point to them."""
    asked = Sifted(
        kind=arguments.one_of("kind", SourceKind, None),
        domain=arguments.words("domain", most=_MAX_DOMAIN).lower(),
        words=arguments.words("q"),
        after=arguments.address("after"),
    )
    page = pages.index_page(
        db.session(), kind=asked.kind, domain=asked.domain or None, words=asked.words, after=asked.after
    )
    return render_template(
        "sources/index.html",
        asked=asked,
        page=page,
        titled=titled,
        KIND_WORDS=KIND_WORDS,
        doubtful=decisions.count_doubtful(db.session()) if may(Permission.MODERATE) else 0,
    )


@bp.get("/sources/<public_id:work>")
@needs(Permission.READ)
@kept
def show(work: str) -> ResponseReturnValue:
    """A work, and the answers that point to it."""
    page = pages.work_page(db.session(), work, after=arguments.address("after"))
    if page.work.public_id != work:
        return redirect(f"/sources/{page.work.public_id}", 302)
    moderates = may(Permission.MODERATE)
    found = findings(db.session(), [answer.post for answer in page.answers])
    return render_template(
        "sources/work.html",
        page=page,
        findings=found,
        struck=sum(
            any(is_struck(found[passage.citation_id]) for passage in answer.passages if passage.citation_id in found)
            for answer in page.answers
        ),
        found_elsewhere=any(one.source_id == page.work.id and _is_found(one) for one in found.values()),
        supplied=() if page.after else supplied_to(db.session(), page.work.id),
        title=titled(page.work),
        facts=facts(page.work),
        names=[named(name, page.work) for name in page.work.names],
        csl=_as_json(pages.csl_item(page.work)),
        url=linkable(str(page.work.csl.get("URL") or "")),
        decided=decisions.decided_on(db.session(), page.work) if moderates else None,
        titled=titled,
        named=named,
        KIND_WORDS=KIND_WORDS,
        MANNER_WORDS=MANNER_WORDS,
    )


@bp.get("/sources/<public_id:work>/csl.json")
@needs(Permission.READ)
def csl(work: str) -> ResponseReturnValue:
    """A work as CSL-JSON, a list of one item, as programs for references take it."""
    item = pages.csl_item(pages.visible_work(db.session(), work))
    response = Response(_as_json([item]) + "\n", content_type=f"{_CSL}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="source-{item["id"]}.json"'
    return response


def _is_found(cited: CitedRow) -> bool:
    return cited.verdict is not None and SIGNS[cited.verdict] == "checked"


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
