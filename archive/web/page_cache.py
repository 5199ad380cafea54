"""Pages as they are sent, kept for readers who are not logged in.

A page is kept for an address, a host and a reader's choices, under the mark that the database had before it was
made. The mark is asked for each time, and is another after any commit: so nothing stale is ever sent, and several
processes may each keep their own. Where the mark has changed, the view is asked again. One that knows a version of
what it shows, as threads do, gives back what was packed for that version, and makes nothing anew.
"""

import gzip
import hashlib
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from isal import igzip
from werkzeug.http import parse_accept_header, parse_cookie, parse_etags
from werkzeug.wrappers import Response as AnyResponse

from archive.byte_cache import ByteCache, forget_all
from archive.store.generation import Generation
from archive.web.current_user import cookie_name, current_user
from archive.web.one_at_a_time import OneAtATime
from archive.web.reading import COOKIE, reading_of

P = ParamSpec("P")
MAX_BYTES = 32 * 1024 * 1024  # of each of the two caches
_PACKING = 1  # of 3, with ISA-L: a third of the time of gzip's own 1, for as many bytes
_MAKING = "footnote.making"  # in a request's environment
_MAX_KEY = 2_000  # characters of an address
_OF_ITS_BODY = frozenset({"content-length", "content-encoding", "content-type"})
_OVERHEAD = 2_000  # bytes, about, of headers and key


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer, packed."""

    generation: Generation | None  # before it was made
    etag: str
    packed: bytes
    headers: tuple[tuple[str, str], ...]  # but for those that say how the body is sent


@dataclass(slots=True)
class _Making:
    """An answer that is being made: a view that is `kept` notes here what the rest depends on."""

    ask: Callable[[], Generation | None]
    generation: Generation | None = None  # before the view was called
    may_be_kept: bool = False


@dataclass(frozen=True, slots=True)
class _PackedPages:
    """Pages by all that they depend on, whatever else changes, and who makes them."""

    cache: ByteCache[Hashable, bytes]
    making: OneAtATime


def kept(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """A view whose page, without a login, depends on nothing but the address, a reader's choices and the database."""

    @wraps(view)
    def marked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        making: _Making = request.environ[_MAKING]
        making.generation = making.ask()
        answer = view(*args, **kwargs)
        making.may_be_kept = current_user() is None
        return answer

    return marked


def packed_page(key: Hashable, make: Callable[[], bytes]) -> Response:
    """The page under that key, made and packed now if it is not kept; for views that are `kept`.

    Of those who ask for it at the same moment one makes it, and the others wait: made by all of them at once, a page
    of 5,000 posts took each ten times as long.

    :param key: everything that the page depends on; nothing of it may be secret or personal.
    """
    pages: _PackedPages = current_app.extensions["packed_pages"]
    packed = pages.cache.get(key)
    if packed is None:
        with pages.making.turn(key):
            packed = pages.cache.get(key)
            if packed is None:
                packed = _pack(make())
                pages.cache.put(key, packed, len(packed) + _OVERHEAD)
    return Response(packed, mimetype="text/html", headers={"Content-Encoding": "gzip"})


def keep_pages(
    app: Flask, generation: Callable[[], Generation | None], purges: Callable[[], Generation | None]
) -> None:
    """Have an application answer with pages that it has kept, and forget all when something was purged.

    :param generation: tells the mark of the database.
    :param purges: tells how much was purged.
    """
    app.extensions["packed_pages"] = _PackedPages(ByteCache(MAX_BYTES), OneAtATime())
    app.wsgi_app = _KeptPages(  # type: ignore[method-assign]
        app.wsgi_app, generation, _forgetting(purges), cookie_name(behind_tls=app.config["BEHIND_TLS"])
    )


def _forgetting(purges: Callable[[], Generation | None]) -> Callable[[], None]:
    """What empties all caches of the process if anything was purged since it was called last, by whichever process.

    Nobody could be shown what is in them of that; but it is to be nowhere.
    """
    known = list[Generation | None]()

    def forget() -> None:
        found = purges()
        if found is None or known != [found]:
            forget_all()
            known[:] = [found]

    return forget


class _KeptPages:
    """The application, behind what it has answered before."""

    def __init__(
        self,
        app: WSGIApplication,
        generation: Callable[[], Generation | None],
        forget: Callable[[], None],
        login: str,
    ) -> None:
        self._app, self._generation, self._forget, self._login = app, generation, forget, login
        self._pages: ByteCache[Hashable, _Kept] = ByteCache(MAX_BYTES)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._app(environ, start_response)
        key = _key(environ, self._login)
        page = self._pages.get(key) if key is not None else None
        if page is None or page.generation != self._generation():
            self._forget()  # here, where the request holds no connection yet
            making = _Making(self._generation if key is not None else _unknown)
            response = AnyResponse.from_app(self._app, environ | {"REQUEST_METHOD": "GET", _MAKING: making})
            if not making.may_be_kept or response.status_code != 200:
                return response(environ, start_response)
            page = _kept_of(response, making.generation)
            if page.generation is not None:
                self._pages.put(key, page, len(page.packed) + _OVERHEAD)
        return _answer(page, environ, start_response)


def _unknown() -> None:
    """The mark, where it does not matter: what is made for one person is not kept."""


def _key(environ: WSGIEnvironment, login: str) -> Hashable | None:
    """What an answer is kept under; None where it may be for one person only."""
    if "HTTP_AUTHORIZATION" in environ:
        return None
    cookies = parse_cookie(environ["HTTP_COOKIE"]) if "HTTP_COOKIE" in environ else {}  # as pages read them
    if login in cookies:
        return None
    query, choices = environ.get("QUERY_STRING", ""), reading_of(cookies.get(COOKIE, ""))
    path = environ.get("PATH_INFO", "")
    if len(path) + len(query) > _MAX_KEY:
        return None
    return environ["wsgi.url_scheme"], environ.get("HTTP_HOST", ""), path, query, choices


def _kept_of(response: AnyResponse, generation: Generation | None) -> _Kept:
    body = response.get_data()
    packed = body if response.headers.get("Content-Encoding") == "gzip" else _pack(body)
    etag = f'W/"{hashlib.blake2b(packed, digest_size=12).hexdigest()}"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers.add("Vary", "Accept-Encoding")
    headers = [(name, value) for name, value in response.headers if name.lower() not in _OF_ITS_BODY]
    return _Kept(generation, etag, packed, (*headers, ("Content-Type", response.headers["Content-Type"])))


def _pack(body: bytes) -> bytes:
    return igzip.compress(body, _PACKING, mtime=0)


def _answer(page: _Kept, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    if _is_known(page, environ):
        start_response("304 Not Modified", [*page.headers[:-1]])
        return []
    body, headers = page.packed, [*page.headers]
    if _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
        headers.append(("Content-Encoding", "gzip"))
    else:
        body = gzip.decompress(body)
    headers.append(("Content-Length", str(len(body))))
    start_response("200 OK", headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _is_known(page: _Kept, environ: WSGIEnvironment) -> bool:
    """Whether whoever asks has the page, by its ETag. No date tells: what goes leaves that of the rest as it was."""
    return parse_etags(environ.get("HTTP_IF_NONE_MATCH")).contains_raw(page.etag)


def _takes_gzip(asked: str) -> bool:
    return "gzip" in asked and ("q=" not in asked or parse_accept_header(asked).quality("gzip") > 0)
