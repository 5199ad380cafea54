"""The archivists' pages: from the upload to the published batch, and back."""

from collections.abc import Mapping

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue

from archive.domain.batch import BatchState, BatchStateError
from archive.domain.permissions import Permission
from archive.errors import ArchiveError
from archive.services import browse
from archive.services.health import examine_plug_ins
from archive.services.ingest import pages, preview, publish, receive
from archive.services.ingest.correct import correct as correct_lines
from archive.services.ingest.publish import MAX_REASON, NoSuchBatchError
from archive.services.ingest.receive import MAX_COLLECTION_NAME, CollectionNameError
from archive.services.ingest.watching import watch
from archive.store.database import db
from archive.web.arguments import whole_number
from archive.web.errors import error_page
from archive.web.form_fields import FieldError, text_field
from archive.web.imports import forms
from archive.web.imports.course import now_words
from archive.web.imports.here import BATCH as _BATCH
from archive.web.imports.here import bp, jobs
from archive.web.imports.here import by as _by
from archive.web.imports.here import see_other as _see_other
from archive.web.imports.here import vault as _vault
from archive.web.permissions import needs
from imports import UnknownFormatError, known_formats


@bp.get("/imports")
@needs(Permission.IMPORT)
def batches() -> ResponseReturnValue:
    """Batches, newest first."""
    lines = pages.list_batches(db.session(), before=whole_number("before"))
    return render_template("imports/batches.html", batches=lines)


@bp.get("/imports/new")
@needs(Permission.IMPORT)
def new() -> ResponseReturnValue:
    """The form for files or pasted text."""
    return _form({})


@bp.post("/imports")
@needs(Permission.IMPORT)
def receive_upload() -> ResponseReturnValue:
    """Keep what was sent, and show what an import of it would do."""
    try:
        upload = forms.read_upload()
        batch = receive.receive_files(
            db.session(),
            _vault(),
            upload.files,
            collection=upload.collection,
            by=_by(),
            format_name=upload.format,
            markup=upload.markup,
        )
    except FieldError as error:
        return _form({error.name: str(error)})
    except CollectionNameError as error:
        return _form({"collection": str(error)})
    except UnknownFormatError as error:
        return _form({"format": str(error)})
    return _see_other(f"/imports/{batch}/preview")


@bp.get("/imports/quarantine")
@needs(Permission.IMPORT)
def quarantine() -> ResponseReturnValue:
    """Everything that could not be read."""
    return render_template("imports/quarantine.html", remarks=pages.quarantine(db.session()))


@bp.get(f"/imports/{_BATCH}/preview")
@needs(Permission.IMPORT)
def dry_run(batch: int) -> ResponseReturnValue:
    """What an import would do; once it is done, the batch."""
    page = pages.batch_page(db.session(), batch)
    if page.line.state is not BatchState.RECEIVED:
        return _see_other(f"/imports/{batch}")
    sketch = preview.preview_batch(db.session(), _vault(), batch)
    return render_template("imports/preview.html", page=page, preview=sketch)


@bp.post(f"/imports/{_BATCH}/corrections")
@needs(Permission.IMPORT)
def correct(batch: int) -> ResponseReturnValue:
    """Keep the archivist's readings of doubtful lines, and read again."""
    correct_lines(db.session(), batch, forms.read_corrections(), by=_by())
    return _see_other(f"/imports/{batch}/preview#doubt-h")


@bp.get(f"/imports/{_BATCH}")
@needs(Permission.IMPORT)
def batch(batch: int) -> ResponseReturnValue:
    """One batch: its sheet, what went in, what was remarked, and what can be done with it."""
    page = pages.batch_page(db.session(), batch)
    progress = watch(db.session(), _vault(), jobs(), batch)
    return render_template(
        "imports/batch.html", page=page, progress=progress, now_words=now_words(progress), max_reason=MAX_REASON
    )


@bp.post(f"/imports/{_BATCH}/publications")
@needs(Permission.IMPORT)
def publish_batch(batch: int) -> ResponseReturnValue:
    """Make a draft public as a whole."""
    publish.publish(db.session(), batch, by=_by())
    return _see_other(f"/imports/{batch}")


@bp.post(f"/imports/{_BATCH}/rollbacks")
@needs(Permission.IMPORT)
def roll_back(batch: int) -> ResponseReturnValue:
    """Take a batch out of the archive as a whole."""
    reason = text_field("reason", label="A reason", most=MAX_REASON)
    publish.roll_back(db.session(), batch, reason=reason, by=_by())
    return _see_other(f"/imports/{batch}")


@bp.errorhandler(NoSuchBatchError)
def _no_such_batch(error: ArchiveError) -> Response:
    return error_page(404, str(error))


@bp.errorhandler(BatchStateError)
def _not_now(error: ArchiveError) -> Response:
    return error_page(409, str(error))


def _form(errors: Mapping[str, str]) -> ResponseReturnValue:
    page = render_template(
        "imports/new.html",
        values=forms.typed_values(),
        errors=errors,
        formats=known_formats(),
        warnings=[found.sentence for found in examine_plug_ins(db.session()) if found.is_warning],
        collections=[card.name for card in browse.front_page(db.session()).collections],
        max_name=MAX_COLLECTION_NAME,
        max_text=forms.MAX_PASTED,
        max_upload=current_app.config["MAX_CONTENT_LENGTH"],
    )
    return page, 400 if errors else 200
