"""Addresses as sources: one key for all spellings of one address, and the work that some addresses number.

What leads to an address and says nothing of it is left out: archives, forwarders, trackers, the part behind `#`.
"""

import re
from html import unescape
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from archive.domain.sources.hosts import FORUM_PATHS, PAGES, is_no_work
from archive.domain.sources.numbers import Numbered, arxiv, doi, isbn, jstor, oclc, pmid
from archive.domain.sources.reference import Csl

_MOST_LAYERS = 3  # of archives and forwarders around one address
_SAFE = "/:@!$&'()*+,;=~-._"

Query = list[tuple[str, str]]


class Address(NamedTuple):
    """What an address says."""

    value: str  # of its key
    numbered: Numbered | None  # the work that it numbers
    csl: Csl


class _Parts(NamedTuple):
    scheme: str
    host: str  # small letters; no www, no mobile, no usual port
    path: str  # percent signs read
    query: Query


# Parameters that say who sent a reader or how a page looks, and not what is read.
_TRACKER = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|igshid|mc_[ce]id|_ga|ref_?|ref_src|ref_url|referr?er|si|feature|share|share_id|context|"
    r"smid|cmpid|cmp|ncid|spm|rdt_cid|sr|qid|linkcode|s_cid|sessionid|jsessionid|phpsessid|hl|sfnsn|mt|amp|depth|sort",
    re.IGNORECASE,
)
_FIRST_HOST = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_MOBILE_WIKI = re.compile(r"\.m\.(?=wik)")
_ARCHIVED = re.compile(r"/web/(?:[\d*]{1,15}(?:[a-z]{2}_)?/)?(.+)", re.IGNORECASE | re.DOTALL)
_ARCHIVES = frozenset({"web.archive.org", "archive.org", "wayback.archive.org"})
_FORWARDED = {
    "google.com": ("q", "url"),
    "l.facebook.com": ("u",),
    "lm.facebook.com": ("u",),
    "out.reddit.com": ("url",),
    "youtube.com": ("q",),
}
_FORWARDS = re.compile(r"/(?:url|l\.php|redirect)?$")
_SLASHES = re.compile(r"^(https?):/+", re.IGNORECASE)

_DOI = re.compile(r"/(10\.\d{4,9}/.+)")
_AFTER_DOI = re.compile(
    r"(?:/(?:abstract|full|fulltext|full-text|pdf|epdf|epub|summary|references|meta|html))+/?$|\.(?:full|abstract)?"
    r"(?:\.?pdf)?$|/$",
    re.IGNORECASE,
)
_BOOK = re.compile(
    r"/(?:dp|product|asin|product-reviews|isbn|click|d|book)[/:=](97[89]\d{10}|\d{9}[\dXx])(?!\w)", re.IGNORECASE
)
_NUMBERED_PATHS = (
    ("arxiv.org", re.compile(r"^/(?:abs|pdf|html|format)/(.+)", re.IGNORECASE), arxiv),
    ("jstor.org", re.compile(r"/stable/(?:pdf/|info/|pdfplus/)?(\d{3,10})\b"), jstor),
    ("ncbi.nlm.nih.gov", re.compile(r"^/(?:pubmed/|pmc/articles/|articles/)?((?:PMC)?\d{4,9})\b", re.IGNORECASE), pmid),
    ("worldcat.org", re.compile(r"/(?:oclc|title)/(?:[^?#]*/)?(\d{3,12})\b"), oclc),
)


def read_address(words: str) -> Address | None:
    """Return what an address says; None where it leads nowhere, or to what is no work."""
    parts = _split(unescape(words).replace("\\_", "_"))
    for _ in range(_MOST_LAYERS):
        if parts is None or not (inner := _inner(parts)):
            break
        parts = _split(inner) or parts
    if parts is None or is_no_work(parts.host, parts.path):
        return None
    kept = [(name, value) for name, value in parts.query if not _TRACKER.fullmatch(name)]
    host, path, asked, csl = _one_page(parts, kept)
    value = host + quote(path.rstrip("/"), safe=_SAFE) + (f"?{urlencode(sorted(asked))}" if asked else "")
    return Address(value, _numbered(parts), {**csl, "URL": _opened(parts, kept)})


def _split(words: str) -> _Parts | None:
    words = words.strip()
    try:
        split = urlsplit(words if "://" in words[:9] else f"http://{words}")
        host, port = (split.hostname or "").rstrip("."), split.port
    except ValueError:
        return None
    if "." not in host:
        return None
    host = _MOBILE_WIKI.sub(".", _FIRST_HOST.sub("", host))
    usual = port in (None, 80, 443)
    query = parse_qsl(split.query, keep_blank_values=False)
    return _Parts(split.scheme.lower(), host if usual else f"{host}:{port}", unquote(split.path), query)


def _inner(parts: _Parts) -> str | None:
    """The address that an archive or a forwarder leads to."""
    if parts.host in _ARCHIVES and (archived := _ARCHIVED.match(parts.path)):
        inner = _SLASHES.sub(r"\1://", archived[1])
        return f"{inner}?{urlencode(parts.query)}" if parts.query else inner
    names = _FORWARDED.get(parts.host, ())
    if names and _FORWARDS.match(parts.path):
        return next((value for name, value in parts.query if name in names and "://" in value), None)
    return None


def _opened(parts: _Parts, kept: Query) -> str:
    query = f"?{urlencode(kept, safe=_SAFE)}" if kept else ""
    return f"{parts.scheme}://{parts.host}{quote(parts.path, safe=_SAFE)}{query}"


def _numbered(parts: _Parts) -> Numbered | None:
    if parts.host in ("doi.org", "dx.doi.org"):
        return doi(parts.path.lstrip("/"))
    if found := _DOI.search(parts.path):
        return doi(_AFTER_DOI.sub("", found[1]))
    for host, where, read in _NUMBERED_PATHS:
        if parts.host == host or parts.host.endswith(f".{host}"):
            number = where.search(parts.path)
            return read(number[1]) if number else None
    asked = dict(parts.query)
    book = _BOOK.search(parts.path)
    return isbn(" | ".join([asked.get("isbn", ""), asked.get("vid", ""), book[1] if book else ""]))


def _one_page(parts: _Parts, kept: Query) -> tuple[str, str, Query, Csl]:
    """Where one page has several addresses, the one that stands for all."""
    for hosts, one in PAGES:
        if hosts.fullmatch(parts.host) and (page := one(parts.host, parts.path, dict(parts.query))):
            return page
    kind = "post" if FORUM_PATHS.search(parts.path) else "webpage"
    return parts.host, parts.path, kept, {"type": kind}
