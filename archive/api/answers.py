"""What goes out: JSON with its hash, so that nothing is sent twice, and where a list goes on."""

import gzip
import hashlib
from typing import Any

import orjson
from flask import Response, request

_AS = orjson.OPT_UTC_Z
_WORTH_PACKING = 1_400  # bytes; less fits into one packet anyway
_PACKING = 1  # of 9


def answer(found: Any, *, status: int = 200) -> Response:
    """The answer with that in it; 304 where whoever asks has the same already. A response is passed on."""
    if isinstance(found, Response):
        return found
    if request.method not in ("GET", "HEAD"):
        response = as_json(found, status=status)
        response.headers["Cache-Control"] = "no-store"
        return response
    return with_hash(encoded(found), following=getattr(found, "next", None))


def as_json(found: Any, *, status: int, media: str = "application/json") -> Response:
    """That as JSON."""
    return Response(encoded(found), status=status, mimetype=media)


def with_hash(body: bytes, *, media: str = "application/json", following: str | None = None) -> Response:
    """A body that can be asked for again by its hash. It may differ by who asks: a token shows more."""
    etag = hashlib.blake2b(body, digest_size=12).hexdigest()
    if request.if_none_match.contains_weak(etag):
        response = Response(status=304)
    elif len(body) >= _WORTH_PACKING and request.accept_encodings.quality("gzip") > 0:
        response = Response(gzip.compress(body, _PACKING, mtime=0), mimetype=media)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(body, mimetype=media)
    response.set_etag(etag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept-Encoding, Authorization"
    if following:
        response.headers["Link"] = f'<{following}>; rel="next"'
    return response


def encoded(found: Any) -> bytes:
    """That as JSON: moments in UTC as RFC 3339 has them."""
    try:
        return orjson.dumps(found, option=_AS)
    except orjson.JSONEncodeError as error:
        raise TypeError(f"This is nothing that JSON has: {type(found)}") from error
