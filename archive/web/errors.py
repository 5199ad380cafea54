"""Errors as pages: a status, a sentence, and the way on. Nothing inside is told."""

import logging
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from flask import Flask, Response, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from archive.domain.at_once import AtOnceError
from archive.domain.batch import BatchStateError
from archive.domain.checking import CheckNotAllowedError, TextChangedError
from archive.domain.flooding import FloodingError
from archive.domain.moderation import EvidenceError, TagNotAllowedError
from archive.domain.objections import NothingToQuestionError, ObjectionNotAllowedError
from archive.domain.permissions import NotAllowedError
from archive.domain.takedown import NotSaidError, TakedownNotAllowedError
from archive.domain.tracing import NotTraceableError, OfferNotAllowedError
from archive.errors import ArchiveError
from archive.services.accounts import LoginRefusedError, TooManyLoginsError
from archive.services.bench.adjudicate import NoteWantedError, OwnVoteError, VotesChangedError
from archive.services.bench.bulk import NothingTaggedError
from archive.services.browse import NotFoundError
from archive.services.checking.check import CheckConflictError
from archive.services.citing.cite import TakenDownError
from archive.services.decisions import TagConflictError
from archive.services.ingest.arrivals import ArrivalStateError, NoSuchArrivalError
from archive.services.ingest.publish import NoSuchBatchError
from archive.services.ingest.run import ImportStoppedError, UnbalancedError
from archive.services.ingest.uploads import PieceOutOfPlaceError
from archive.services.objections.objecting import ObjectionStateError
from archive.services.originals import SealedError
from archive.services.quarantine.items import ItemSettledError, NoSuchItemError
from archive.services.takedown.decide import PassagesNotFoundError
from archive.services.takedown.request import TakedownConflictError
from archive.services.tracing.offer import TraceStateError
from archive.store.blocks import BytesDamagedError
from archive.store.engine import is_busy
from archive.store.import_lock import ImportRunningError
from archive.store.vault import BytesMissingError
from archive.web.current_user import ask_no_more

logger = logging.getLogger(__name__)

Told = Callable[[int, str, Exception], Response]  # given a status, a sentence and what was raised
_ELSEWHERE = "errors elsewhere"

RETRY_AFTER = 5  # seconds; a writer holds the database for less than that

# status: title, sentence
PAGES: dict[int, tuple[str, str]] = {
    400: ("This request cannot be read", "Something in it is not as it should be."),
    401: ("Log in first", "This can only be done by somebody who is logged in."),
    403: ("Not for this account", "The account that you are logged in with may not do this."),
    404: ("Nothing at this address", "There is nothing here, or nothing that is open to readers."),
    405: ("Not done this way", "This address cannot be asked for in this way."),
    409: ("Somebody was there before you", "What you worked on has changed in the meantime. Nothing was overwritten."),
    410: ("Taken down", "What stood here was taken down."),
    413: ("Too large", "What was sent is larger than this archive accepts."),
    415: ("Of the wrong kind", "This archive does not accept what was sent in this form."),
    422: ("Something is missing or wrong", "What was typed is not complete, or cannot be right. Nothing was stored."),
    429: ("Too many tries", "Wait a while before the next one."),
    500: (
        "Something went wrong here",
        "It is our fault, not yours, and it has been written down. Nothing was half done.",
    ),
    503: ("Busy for a moment", "Somebody is writing a lot into the archive. Try again in a few seconds."),
}

# The most particular class wins; an ArchiveError that is not listed is a request that could not be carried out.
HTTP_STATUS: dict[type[ArchiveError], int] = {
    ArchiveError: 400,
    LoginRefusedError: 401,
    NotAllowedError: 403,
    SealedError: 403,
    NotFoundError: 404,
    TakenDownError: 410,
    NoSuchBatchError: 404,
    NoSuchArrivalError: 404,
    NoSuchItemError: 404,
    PieceOutOfPlaceError: 409,
    BytesMissingError: 404,
    TagConflictError: 409,
    CheckConflictError: 409,
    CheckNotAllowedError: 422,
    TextChangedError: 409,
    OfferNotAllowedError: 422,
    NotTraceableError: 409,
    TraceStateError: 409,
    FloodingError: 429,
    ObjectionNotAllowedError: 422,
    NothingToQuestionError: 409,
    ObjectionStateError: 409,
    TakedownNotAllowedError: 409,
    NotSaidError: 422,
    PassagesNotFoundError: 422,
    TakedownConflictError: 409,
    TagNotAllowedError: 409,
    NoteWantedError: 422,
    EvidenceError: 422,
    VotesChangedError: 409,
    OwnVoteError: 409,
    AtOnceError: 422,
    NothingTaggedError: 409,
    BatchStateError: 409,
    ArrivalStateError: 409,
    ItemSettledError: 409,
    ImportRunningError: 409,
    TooManyLoginsError: 429,
    BytesDamagedError: 500,
    ImportStoppedError: 500,
    UnbalancedError: 500,
}


def http_status(error: ArchiveError) -> int:
    """The status that fits an error."""
    return next(HTTP_STATUS[kind] for kind in type(error).__mro__ if kind in HTTP_STATUS)


def form_status(error: ArchiveError | None) -> int:
    """The status of a form that is shown again with an error: what is typed wrong is 422, and no broken request."""
    status = 200 if error is None else http_status(error)
    return 422 if status == 400 else status


def error_page(status: int, sentence: str | None = None) -> Response:
    """The page for a status, with a sentence of its own where there is one."""
    if status >= 500:
        ask_no_more()
    title, usual = usual_words(status)
    again = _sent() if status == 503 else None
    html = render_template("errors/error.html", status=status, title=title, sentence=sentence or usual, again=again)
    return Response(html, status=status)


def usual_words(status: int) -> tuple[str, str]:
    """What is said of a status where there is nothing to add: a title, and a sentence."""
    return PAGES.get(status, PAGES[500 if status >= 500 else 400])


def _sent() -> Sequence[tuple[str, str]] | None:
    """The fields of the form that was sent, to be sent again as they are; None where files or a password are in it."""
    if request.method != "POST" or request.files or "password" in request.form:
        return None
    return [*request.form.items(multi=True)]


def install(app: Flask, elsewhere: Mapping[str, Told]) -> None:
    """Answer every error with a page.

    :param elsewhere: by the beginning of an address, what makes the answer where that is no page.
    """
    app.extensions[_ELSEWHERE] = elsewhere
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(ArchiveError, _archive_error)
    app.register_error_handler(OperationalError, _database_error)


def _answer(status: int, sentence: str | None, error: Exception) -> Response:
    for begins, told in current_app.extensions[_ELSEWHERE].items():
        if request.path.startswith(begins):
            response: Response = told(status, sentence or usual_words(status)[1], error)
            return response
    return error_page(status, sentence)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if status == 404 and (meant := _without_slash()):
        return Response(status=301, headers={"Location": meant})
    page = _answer(status, None, error)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after", "location", "content-range"):
            page.headers[name] = value
    return page


def _without_slash() -> str | None:
    """The address that was meant where one of ours was asked for with a slash too many at its end."""
    path = request.path[:-1]
    adapter = current_app.create_url_adapter(request)
    if request.method not in ("GET", "HEAD") or not request.path.endswith("/") or not path or adapter is None:
        return None
    try:
        adapter.match(path)  # only what is ours, so that nobody is sent elsewhere
    except HTTPException:
        return None
    query = request.query_string.decode("latin-1")
    return quote(path) + (f"?{query}" if query else "")


def _csrf_error(_error: CSRFError) -> Response:
    return error_page(
        400,
        "The form was open too long, or was not sent from a page of ours. Load the page again and send it once more.",
    )


def _archive_error(error: ArchiveError) -> Response:
    page = _answer(http_status(error), str(error), error)
    retry_after = getattr(error, "retry_after", None)
    if isinstance(retry_after, int):
        page.headers["Retry-After"] = str(retry_after)
    return page


def _database_error(error: OperationalError) -> Response:
    if is_busy(error.orig):
        page = _answer(503, None, error)
        page.headers["Retry-After"] = str(RETRY_AFTER)
        return page
    logger.error("The database failed.", exc_info=error)
    return _http_error(InternalServerError())
