"""A running import: ordered, watched, stopped, taken up again."""

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.services.ingest import orders, pages
from archive.services.ingest.correct import correct as correct_lines
from archive.services.ingest.publish import MAX_REASON
from archive.services.ingest.watching import MAY_GO_ON, MAY_STOP, Course, Progress, watch
from archive.store.database import db
from archive.web.form_fields import text_field
from archive.web.given import jobs, vault
from archive.web.imports import forms
from archive.web.imports.course import heading, percent, texts
from archive.web.imports.here import BATCH, bp, by
from archive.web.permissions import needs
from archive.web.see_other import see_other
from archive.web.words import number_words


@bp.post(f"/imports/{BATCH}/runs")
@needs(Permission.IMPORT)
def run(batch: int) -> ResponseReturnValue:
    """Have the batch read in by a worker, or go on where it was left."""
    corrections = forms.read_corrections()
    if corrections:
        correct_lines(db.session(), batch, corrections, by=by())
    publish_it = text_field("act", label="An act", most=40) == "publish"
    orders.start(db.session(), batch, by=by(), publish_it=publish_it, instance=jobs().places.instance)
    jobs().read_in(batch)
    return see_other(f"/imports/{batch}/running")


@bp.post(f"/imports/{BATCH}/stops")
@needs(Permission.IMPORT)
def stop(batch: int) -> ResponseReturnValue:
    """Let the import end after the chunk under way."""
    orders.stop(db.session(), batch, by=by())
    return see_other(f"/imports/{batch}/running")


@bp.get(f"/imports/{BATCH}/running")
@needs(Permission.IMPORT)
def running(batch: int) -> ResponseReturnValue:
    """How far the import is; once it is done, the batch."""
    page, progress = pages.batch_head(db.session(), batch), _watch(batch)
    if progress.course is Course.ENDED:
        return see_other(f"/imports/{batch}")
    return render_template(
        "imports/running.html",
        page=page,
        progress=progress,
        percent=percent(progress),
        heading=heading(progress),
        texts=texts(progress),
        may=_may(progress),
        max_reason=MAX_REASON,
    )


@bp.get(f"/imports/{BATCH}/progress")
@needs(Permission.IMPORT)
def progress(batch: int) -> ResponseReturnValue:
    """The same for the page's script."""
    found = _watch(batch)
    return jsonify(
        state=found.state.value,
        course=found.course.value,
        may=_may(found),
        then=f"/imports/{batch}",
        percent=percent(found),
        done_bytes=found.done_bytes,
        all_bytes=found.all_bytes,
        failure=found.failure,
        texts=texts(found),
        figures={name: number_words(count) for name, count in found.balance.as_dict().items()},
    )


def _watch(batch: int) -> Progress:
    return watch(db.session(), vault(), jobs(), batch)


def _may(progress: Progress) -> str:
    """What can be done with it: the page is another one when that changes."""
    if progress.course in MAY_STOP:
        return "stop"
    return "go on" if progress.course in MAY_GO_ON else progress.course.value
