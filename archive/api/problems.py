"""Errors as problem details (RFC 9457): a status, a sentence, and what a program can go by."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, request

from archive.api.answers import as_json
from archive.api.asking import BodyError, BodyTooLargeError, MediaTypeError
from archive.api.callers import TokenRefusedError
from archive.api.rates import TooManyRequestsError
from archive.errors import ArchiveError
from archive.services.checking.check import CheckConflictError
from archive.services.decisions import TagConflictError
from archive.services.objections.objecting import ObjectionStateError
from archive.services.takedown.request import TakedownConflictError
from archive.services.tracing.offer import TraceStateError
from archive.web.own_address import own_address

MEDIA = "application/problem+json"

# What our own errors come to; all others are answered as the pages answer them.
STATUS: dict[type[ArchiveError], int] = {
    BodyError: 422,
    BodyTooLargeError: 413,
    MediaTypeError: 415,
    TokenRefusedError: 401,
    TooManyRequestsError: 429,
}
TITLES: dict[int, str] = {
    400: "Cannot be read",
    401: "A token is wanted",
    403: "Not for this token",
    404: "Nothing there",
    405: "Not done this way",
    409: "Not as things stand now",
    413: "Too large",
    415: "Of the wrong kind",
    422: "Something is missing or wrong",
    429: "Too many requests",
    500: "Something went wrong here",
    503: "Busy for a moment",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """What somebody else decided meanwhile."""

    by: str
    level: str | None  # None: they took the tag back
    at: str
    version: int  # to be sent with what is decided now


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """What somebody decided meanwhile on a citation, an objection, a supplied reference or a takedown."""

    state: str  # or the verdict
    by: str | None
    at: str | None
    version: int | None  # to be sent with what is decided now; None: look at it again


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why something was not done. Programs go by the type, people by the detail."""

    type: str
    title: str
    status: int
    detail: str
    theirs: Theirs | None = None  # of a conflict over a tag
    stands: Stands | None = None  # of a conflict over something else


def problem(status: int, detail: str, error: Exception | None) -> Response:
    """An error as a problem."""
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), status)
    kind = status if status in TITLES else 500 if status >= 500 else 400
    told = Problem(
        type=f"{own_address()}/api/v1/#problem-{kind}",
        title=TITLES[kind],
        status=status,
        detail=detail,
        theirs=_theirs(error),
        stands=_stands(error),
    )
    response = as_json(told, status=status, media=MEDIA)
    response.headers["Cache-Control"] = "no-store"
    if status == 401:
        refused = ', error="invalid_token"' if "Authorization" in request.headers else ""
        response.headers["WWW-Authenticate"] = f'Bearer realm="Footnote"{refused}'
    return response


def _theirs(error: Exception | None) -> Theirs | None:
    if not isinstance(error, TagConflictError):
        return None
    return Theirs(by=error.by, level=error.level, at=_moment(error.at), version=error.version)


def _stands(error: Exception | None) -> Stands | None:
    match error:
        case CheckConflictError():
            return Stands(state=error.verdict, by=error.by, at=_moment(error.at), version=error.check)
        case ObjectionStateError() | TraceStateError():
            return Stands(state=error.state, by=error.by, at=_moment(error.at) if error.at else None, version=None)
        case TakedownConflictError():
            at = _moment(error.at) if error.at else None
            return Stands(state=error.state, by=error.by, at=at, version=error.version)
    return None


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
