"""The archivists' pages: from the upload to the published batch, and back."""

from collections.abc import Mapping

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain.batch import BatchAct, BatchState, BatchStateError
from archive.domain.permissions import Permission
from archive.errors import ArchiveError
from archive.services import browse
from archive.services.browse import NotFoundError
from archive.services.health import examine_plug_ins
from archive.services.ingest import batch_orders, pages, preview, publish, receive
from archive.services.ingest.batch_orders import OrderedError
from archive.services.ingest.correct import correct as correct_lines
from archive.services.ingest.differences import ChangeKind, changes_page
from archive.services.ingest.glance import refused_at_a_glance
from archive.services.ingest.import_folder import NotInFolderError, list_folder
from archive.services.ingest.publish import MAX_REASON, NoSuchBatchError
from archive.services.ingest.receive import MAX_COLLECTION_NAME, CollectionNameError
from archive.services.ingest.uploads import MOST_UPLOADS, UploadError
from archive.services.ingest.watching import watch
from archive.store.arrivals import list_awaited
from archive.store.batches import RemarkKind
from archive.store.database import db
from archive.web.arguments import one_of, whole_number
from archive.web.errors import error_page
from archive.web.form_fields import FieldError, text_field
from archive.web.given import jobs, settings, vault
from archive.web.imports import arriving, forms
from archive.web.imports.course import now_words
from archive.web.imports.format_words import format_titles, markup_words, read_as
from archive.web.imports.here import BATCH, bp, by
from archive.web.permissions import needs
from archive.web.see_other import see_other
from imports import UnknownFormatError, known_formats

_FIELDS: dict[type[ArchiveError], str] = {  # at which field of the form it is told
    CollectionNameError: "collection",
    UnknownFormatError: "format",
    NotInFolderError: "folder",
    UploadError: "files",
}


@bp.get("/imports")
@needs(Permission.IMPORT)
def batches() -> ResponseReturnValue:
    """Batches, newest first."""
    lines = pages.list_batches(db.session(), before=whole_number("before"))
    awaited = [] if whole_number("before") else [(row, arriving.list_words(row)) for row in list_awaited(db.session())]
    return render_template("imports/batches.html", batches=lines, awaited=awaited)


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
        if upload.takes_long:
            return arriving.order(upload)
        batch = receive.receive_files(
            db.session(),
            vault(),
            upload.files,
            collection=upload.collection,
            by=by(),
            format_name=upload.format,
            markup=upload.markup,
            large_window=settings().large_window,
        )
    except FieldError as error:
        return _form({error.name: str(error)})
    except tuple(_FIELDS) as error:
        return _form({_FIELDS[type(error)]: str(error)})
    return see_other(f"/imports/{batch}/preview")


@bp.get("/imports/quarantine")
@needs(Permission.IMPORT)
def quarantine() -> ResponseReturnValue:
    """Everything that could not be read."""
    return render_template("imports/quarantine.html", remarks=pages.quarantine(db.session()))


@bp.get(f"/imports/{BATCH}/preview")
@needs(Permission.IMPORT)
def dry_run(batch: int) -> ResponseReturnValue:
    """What an import would do; once it is done, the batch."""
    page = pages.batch_head(db.session(), batch)
    if page.line.state is not BatchState.RECEIVED:
        return see_other(f"/imports/{batch}")
    if watch(db.session(), vault(), jobs(), batch).all_bytes > preview.MOST_BYTES:
        refused = refused_at_a_glance(db.session(), vault(), batch)
        return render_template("imports/large.html", page=page, most=preview.MOST_BYTES, refused=refused)
    sketch = preview.preview_batch(db.session(), vault(), batch)
    return render_template(
        "imports/preview.html",
        page=page,
        preview=sketch,
        read_as=read_as(sorted(sketch.formats)),
        written_as=markup_words(sketch.formats, page.markup),
    )


@bp.post(f"/imports/{BATCH}/corrections")
@needs(Permission.IMPORT)
def correct(batch: int) -> ResponseReturnValue:
    """Keep the archivist's readings of doubtful lines, and read again."""
    correct_lines(db.session(), batch, forms.read_corrections(), by=by())
    return see_other(f"/imports/{batch}/preview#doubt-h")


@bp.get(f"/imports/{BATCH}")
@needs(Permission.IMPORT)
def batch(batch: int) -> ResponseReturnValue:
    """One batch: its sheet, what went in, what was remarked, and what can be done with it."""
    after = whole_number("after") or 0
    page = pages.batch_page(db.session(), batch, after=after)
    progress = watch(db.session(), vault(), jobs(), batch)
    return render_template(
        "imports/batch.html",
        page=page,
        after=after,
        progress=progress,
        now_words=now_words(progress),
        titles=format_titles(),
        written_as=markup_words((input_.format or page.format for input_ in page.inputs), page.markup),
        max_reason=MAX_REASON,
    )


@bp.get(f"/imports/{BATCH}/changes")
@needs(Permission.IMPORT)
def changes(batch: int) -> ResponseReturnValue:
    """What the batch changed in the archive: posts added, changed, or absent from it."""
    asked = one_of("list", ChangeKind, ChangeKind.CHANGED) if request.args.get("list") else None
    found = changes_page(db.session(), batch, kind=asked, after=whole_number("after") or 0)
    page = pages.batch_head(db.session(), batch)
    return render_template("imports/changes.html", page=page, changes=found)


@bp.get(f"/imports/{BATCH}/remarks/<kind>")
@needs(Permission.IMPORT)
def remarks(batch: int, kind: str) -> ResponseReturnValue:
    """Everything of one kind that was remarked in the batch."""
    if kind not in set(RemarkKind):
        raise NotFoundError
    after_number = whole_number("after")
    found = pages.remark_list(db.session(), batch, RemarkKind(kind), after=-1 if after_number is None else after_number)
    return render_template("imports/remarks.html", page=pages.batch_head(db.session(), batch), kind=kind, found=found)


@bp.post(f"/imports/{BATCH}/publications")
@needs(Permission.IMPORT)
def publish_batch(batch: int) -> ResponseReturnValue:
    """Make a draft public as a whole."""
    if _takes_long(batch, BatchAct.PUBLISH):
        return _order(batch, BatchAct.PUBLISH)
    publish.publish(db.session(), batch, by=by())
    return see_other(f"/imports/{batch}")


@bp.post(f"/imports/{BATCH}/rollbacks")
@needs(Permission.IMPORT)
def roll_back(batch: int) -> ResponseReturnValue:
    """Take a batch out of the archive as a whole."""
    reason = text_field("reason", label="A reason", most=MAX_REASON)
    if _takes_long(batch, BatchAct.ROLL_BACK):
        return _order(batch, BatchAct.ROLL_BACK, reason=reason)
    publish.roll_back(db.session(), batch, reason=reason, by=by())
    return see_other(f"/imports/{batch}")


@bp.errorhandler(NoSuchBatchError)
def _no_such_batch(error: ArchiveError) -> Response:
    return error_page(404, str(error))


@bp.errorhandler(BatchStateError)
@bp.errorhandler(OrderedError)
def _not_now(error: ArchiveError) -> Response:
    return error_page(409, str(error))


def _takes_long(batch: int, act: BatchAct) -> bool:
    """Whether it is left to a worker, so that the browser need not wait; where there is none, it has to."""
    return batch_orders.takes_long(db.session(), batch, act) and jobs().has_worker()


def _order(batch: int, act: BatchAct, *, reason: str = "") -> ResponseReturnValue:
    instance = jobs().places.instance
    batch_orders.order(db.session(), batch, act, by=by(), instance=instance, reason=reason)
    jobs().change(batch)
    return see_other(f"/imports/{batch}/running")


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
        max_upload=settings().max_upload_bytes,
        max_uploads=settings().max_uploads_bytes,
        piece=arriving.piece_bytes(),
        sent=arriving.sent_files(),
        most_files=MOST_UPLOADS,
        room=arriving.room(),
        picked=request.form.getlist("upload"),
        picked_names=request.form.getlist("folder"),
        folder=None if settings().import_folder is None else list_folder(settings().import_folder),
    )
    return page, 400 if errors else 200
