"""Stylesheet, script and icon, each under an address that holds its hash, so that it may be kept for ever."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from archive.domain.permissions import Permission
from archive.web.permissions import needs

bp = Blueprint("static_files", __name__)

_FOLDER = Path(__file__).with_name("static")
_FOR_EVER = "public, max-age=31536000, immutable"  # a year, in seconds


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent."""

    digest: str
    address: str
    body: bytes
    packed: bytes  # with gzip
    mimetype: str


@cache
def files() -> dict[str, StaticFile]:
    """Every static file by its name."""
    return {path.name: _read(path) for path in sorted(_FOLDER.iterdir()) if path.is_file()}


def static_url(name: str) -> str:
    """The address of a static file.

    :raises KeyError: if there is none of that name.
    """
    return files()[name].address


@bp.get("/static/<digest>/<name>")
@needs(Permission.READ)
def send(digest: str, name: str) -> ResponseReturnValue:
    """One file, if it is still the one that the address was made for."""
    file = files().get(name)
    if file is None or file.digest != digest:
        abort(404)
    response = Response(file.body, mimetype=file.mimetype)
    if request.accept_encodings.quality("gzip") > 0:
        response.set_data(file.packed)
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = _FOR_EVER
    return response


def _read(path: Path) -> StaticFile:
    body = path.read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:16]
    return StaticFile(
        digest=digest,
        address=f"/static/{digest}/{path.name}",
        body=body,
        packed=gzip.compress(body, mtime=0),
        mimetype=mimetypes.guess_type(path.name)[0] or "application/octet-stream",
    )
