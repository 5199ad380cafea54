"""What takes long to receive, and is left to a worker: files of the import folder, and uploads in pieces."""

from collections.abc import Sequence
from dataclasses import replace
from os import SEEK_END
from typing import BinaryIO, cast

from flask import Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.errors import ArchiveError
from archive.services.ingest import arrivals, uploads
from archive.services.ingest.arrivals import Order
from archive.services.ingest.inputs import NamedFile
from archive.services.ingest.uploads import PIECE_BYTES, PieceOutOfPlaceError
from archive.store.arrivals import Arrival
from archive.store.database import db
from archive.web.errors import http_status
from archive.web.form_fields import FieldError, line_field, number_field
from archive.web.given import jobs, settings
from archive.web.imports.forms import Upload, printable_name
from archive.web.imports.here import bp, by
from archive.web.permissions import needs
from archive.web.see_other import see_other
from archive.web.words import size_words

_MAX_TOKEN = 40  # characters
_MAX_NAME = 4096  # characters; what is kept of a name is shorter
_ARRIVAL = "/imports/arrivals/<row:arrival>"
_NO_WORKER = "there is none: start the command “footnote worker” on the server."
_NOW = {
    "is elsewhere": "Another server of this archive has the bytes, and receives them.",
    "waits": "It is about to begin, or waits until the import before it has ended.",
    "has no worker": f"It waits for a worker, and {_NO_WORKER}",
    "was left": f"The worker ended before all of it was received. The next one begins anew, and {_NO_WORKER}",
    "receives": "The bytes are being kept as they are.",
    "unpacks": "The bytes are kept. What is packed is being unpacked and looked at.",
}
_IN_A_LIST = {"failed": "could not be received", "receives": "being received", "unpacks": "being received"}


def order(upload: Upload) -> ResponseReturnValue:
    """Leave an upload to a worker. Where the order is refused, nothing is kept of what came with it."""
    session, places, kept = db.session(), jobs().places, list[str]()
    wanted = Order(
        collection=upload.collection,
        format_name=upload.format,
        markup=upload.markup,
        folder_names=upload.folder_names,
        tokens=upload.tokens,
    )
    arrivals.check_order(session, places, wanted, by=by())
    if upload.files:
        whole, most = sum(file.open().seek(0, SEEK_END) for file in upload.files), settings().max_uploads_bytes
        uploads.check_room(session, places, files=len(upload.files), size=whole, most_bytes=most, by=by())
    try:
        for file in upload.files:
            kept.append(_keep(file))
        arrival = arrivals.order_receipt(session, places, replace(wanted, tokens=[*upload.tokens, *kept]), by=by())
    except ArchiveError:
        uploads.withdraw(session, places, kept, by=by())
        raise
    jobs().receive(arrival)
    return see_other(f"/imports/arrivals/{arrival}")


def piece_bytes() -> int:
    """How long a piece of an upload may be."""
    return min(PIECE_BYTES, settings().max_upload_bytes)


@bp.get(_ARRIVAL)
@needs(Permission.IMPORT)
def show_arrival(arrival: int) -> ResponseReturnValue:
    """How far the receiving is; once it is done, the dry run."""
    found = arrivals.find_arrival(db.session(), arrival)
    if found.batch_id is not None:
        return see_other(f"/imports/{found.batch_id}/preview")
    return render_template(
        "imports/arrival.html",
        arrival=found,
        percent=_percent(found),
        done_bytes=_done_bytes(found),
        texts=_texts(found),
        may=_may(found),
        course=_course(found),
    )


@bp.get(f"{_ARRIVAL}/progress")
@needs(Permission.IMPORT)
def arrival_progress(arrival: int) -> ResponseReturnValue:
    """The same for the page's script."""
    found = arrivals.find_arrival(db.session(), arrival)
    then = f"/imports/{found.batch_id}/preview"
    how_far = {"percent": _percent(found), "done_bytes": _done_bytes(found)}
    return jsonify(may=_may(found), course=_course(found), then=then, texts=_texts(found), figures={}, **how_far)


@bp.post(f"{_ARRIVAL}/tries")
@needs(Permission.IMPORT)
def try_arrival(arrival: int) -> ResponseReturnValue:
    """Receive once more what could not be."""
    arrivals.try_again(db.session(), arrival, by=by())
    jobs().receive(arrival)
    return see_other(f"/imports/arrivals/{arrival}")


@bp.post(f"{_ARRIVAL}/discards")
@needs(Permission.IMPORT)
def discard_arrival(arrival: int) -> ResponseReturnValue:
    """Give up what could not be received."""
    arrivals.discard(db.session(), jobs().places, arrival, by=by())
    return see_other(f"/imports/arrivals/{arrival}")


@bp.post("/imports/uploads")
@needs(Permission.IMPORT)
def begin_upload() -> ResponseReturnValue:
    """Begin to send a file in pieces, or say how much of it is here."""
    try:
        name = printable_name(line_field("name", label="A file's name", most=_MAX_NAME))
        begun = uploads.begin(
            db.session(),
            jobs().places,
            name=name or "file",
            size=number_field("size"),
            modified=number_field("modified"),
            most_bytes=settings().max_uploads_bytes,
            by=by(),
        )
    except (FieldError, uploads.UploadError) as error:
        return _refused(error)
    return jsonify(token=begun.token, have=begun.have)


@bp.post("/imports/uploads/<token>/pieces/<int(max=9007199254740991):offset>")
@needs(Permission.IMPORT)
def add_piece(token: str, offset: int) -> ResponseReturnValue:
    """Take a piece of a file: the body is its bytes, the offset its place."""
    try:
        have = uploads.add_piece(
            db.session(), jobs().places, token, cast("BinaryIO", request.stream), offset=offset, by=by()
        )
    except PieceOutOfPlaceError as error:
        return _refused(error, have=error.have)
    except uploads.UploadError as error:
        return _refused(error)
    return jsonify(have=have)


@bp.post("/imports/uploads/withdrawals")
@needs(Permission.IMPORT)
def withdraw_upload() -> ResponseReturnValue:
    """Remove a file that was sent and is in no order."""
    token = line_field("upload", label="An upload", most=_MAX_TOKEN)
    uploads.withdraw(db.session(), jobs().places, [token], by=by())
    return see_other("/imports/new#sent-files")


def sent_files() -> Sequence[uploads.Sent]:
    """What whoever is logged in has sent and not ordered."""
    return uploads.list_sent(db.session(), jobs().places, by=by())


def room() -> tuple[int, int]:
    """How many files, and bytes, they may send beside that."""
    return uploads.room(db.session(), jobs().places, by=by(), most_bytes=settings().max_uploads_bytes)


def _keep(file: NamedFile) -> str:
    most = settings().max_uploads_bytes
    return uploads.keep_whole(db.session(), jobs().places, file.name, file.open(), by=by(), most_bytes=most)


def _refused(error: ArchiveError, **more: int) -> Response:
    answer = jsonify(error=str(error), **more)
    answer.status_code = http_status(error)
    return answer


def list_words(arrival: Arrival) -> str:
    """Where it stands, in a list of several."""
    return _IN_A_LIST.get(_course(arrival), "waiting")


def _done_bytes(arrival: Arrival) -> int:
    return 0 if _course(arrival) == "was left" else arrival.done_bytes


def _percent(arrival: Arrival) -> int:
    return min(100, 100 * _done_bytes(arrival) // arrival.size) if arrival.size else 0


def _texts(arrival: Arrival) -> dict[str, str]:
    return {
        "label": f"{_percent(arrival)} % received",
        "done": f"{size_words(_done_bytes(arrival))} of {size_words(arrival.size)}",
        "run-now": _now_words(arrival),
    }


def _course(arrival: Arrival) -> str:
    if arrival.failure is not None:
        return "failed"
    if arrival.instance != jobs().places.instance:
        return "is elsewhere"
    if not jobs().has_worker():
        return "has no worker" if arrival.began_at is None else "was left"
    if arrival.began_at is None:
        return "waits"
    return "unpacks" if arrival.done_bytes >= arrival.size else "receives"


def _now_words(arrival: Arrival) -> str:
    return arrival.failure or _NOW[_course(arrival)]


def _may(arrival: Arrival) -> str:
    if arrival.batch_id is not None:
        return "ended"
    if arrival.discarded_at is not None:
        return "nothing"
    return "try again" if arrival.failure is not None else "stop"
