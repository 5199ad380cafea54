"""Addresses as sources: one key for all spellings of one address, the work that some addresses number, and the place
in it that some name.
"""

import re
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from archive.domain.sources.numbers import Numbered, arxiv, doi, isbn, jstor, oclc, pmid

_LONGEST_VALUE = 450  # characters of an address that count in its key
_MOST_LAYERS = 3  # of archives and forwarders around one address


class Address(NamedTuple):
    """What an address says."""

    url: str  # the page itself, without archives, trackers and fragment, as a browser opens it
    host: str  # "" where there is none
    value: str  # of its key
    numbered: Numbered | None  # the work that it numbers
    type: str  # of CSL-JSON


# Parameters that say who sent a reader, and not what is read.
_TRACKER = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|igshid|mc_[ce]id|_ga|ref|ref_|ref_src|ref_url|referrer|referer|si|feature|"
    r"share|share_id|context|smid|cmpid|cmp|ncid|spm|rdt_cid|sr|linkcode|s_cid|sessionid|jsessionid|phpsessid|hl",
    re.IGNORECASE,
)
_FIRST_HOST = re.compile(r"(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_MOBILE_WIKI = re.compile(r"\.m\.(?=wiki)")
_ARCHIVED = re.compile(r"/web/(?:[\d*]{1,15}(?:[a-z]{2}_)?/)?(.+)", re.IGNORECASE | re.DOTALL)
_FORWARDED = {"google.com": ("q", "url"), "l.facebook.com": ("u",), "out.reddit.com": ("url",)}
_DOI = re.compile(r"/(10\.\d{4,9}/[^?#]+)")
_AFTER_DOI = re.compile(r"(?:/(?:abstract|full|fulltext|pdf|epdf|epub|summary|references|meta|html))+/?$|\.pdf$", re.I)
_BOOK = re.compile(r"/(?:dp|product|asin|product-reviews|isbn|d|book)[/:=](97[89]\d{10}|\d{9}[\dXx])(?![\w])", re.I)
_NUMBERED_PATHS = (
    ("arxiv.org", re.compile(r"^/(?:abs|pdf|html|format)/(.+)", re.IGNORECASE), arxiv),
    ("jstor.org", re.compile(r"/stable/(?:pdf/|info/)?(\d{3,10})\b"), jstor),
    ("ncbi.nlm.nih.gov", re.compile(r"^/(?:pubmed/|pmc/articles/(?=PMC))?((?:PMC)?\d{4,9})\b", re.IGNORECASE), pmid),
    ("worldcat.org", re.compile(r"/(?:oclc|title)/(?:[^?#]*/)?(\d{3,12})\b"), oclc),
)
_VIDEO = re.compile(r"/(?:embed/|shorts/|v/|live/)?([\w-]{11})(?![\w-])")
_REDDIT = re.compile(r"(?:/r/\w+)?/comments/(\w+)(?:/[^/]*(?:/(\w+))?)?")
_STACK = re.compile(r"/(?:questions|q)/(\d+)(?:/[^/]*(?:/(\d+))?)?|/a/(\d+)")
_STACK_HOST = re.compile(r"(?:.+\.)?(?:stackexchange|stackoverflow|superuser|serverfault|askubuntu|mathoverflow)\.\w+$")


def read_address(words: str) -> Address | None:
    """Return what an address says; None where it leads nowhere."""
    split = _split(words)
    for _ in range(_MOST_LAYERS):
        if split is None or (inner := _inner(*split)) is None:
            break
        split = _split(inner) or split
    if split is None:
        return None
    host, path, query, _ = split
    kept = [(name, value) for name, value in query if not _TRACKER.fullmatch(name)]
    numbered = _numbered(host, path, dict(query))
    host, path, kept, kind = _canonical(host, path, kept)
    value = host + quote(path.rstrip("/"), safe="/:@!$&'()*+,;=~-._%") + (f"?{urlencode(sorted(kept))}" if kept else "")
    return Address(_opened(words, split), host, value[:_LONGEST_VALUE], numbered, kind)


_Split = tuple[str, str, list[tuple[str, str]], str]


def _split(words: str) -> _Split | None:
    try:
        parts = urlsplit(words if "://" in words[:9] else f"http://{words}")
        host = (parts.hostname or "").rstrip(".")
        path, port = unquote(parts.path), parts.port
    except ValueError:
        return None
    if "." not in host:
        return None
    host = _MOBILE_WIKI.sub(".", _FIRST_HOST.sub("", host))
    return host + (f":{port}" if port not in (None, 80, 443) else ""), path, parse_qsl(parts.query), parts.fragment


def _inner(host: str, path: str, query: list[tuple[str, str]], _: str) -> str | None:
    """The address that an archive or a forwarder leads to."""
    if host in ("web.archive.org", "archive.org") and (archived := _ARCHIVED.match(path)):
        inner = re.sub(r"^(https?:)/+", r"\1//", archived[1])
        return f"{inner}?{urlencode(query)}" if query else inner
    if host in _FORWARDED:
        return next((value for name, value in query if name in _FORWARDED[host] and "://" in value), None)
    return None


def _opened(words: str, split: _Split) -> str:
    host, path, query, _ = split
    kept = [(name, value) for name, value in query if not _TRACKER.fullmatch(name)]
    scheme = "https" if "https://" in words[-len(words) :].lower()[:8] else "http"
    return f"{scheme}://{host}{quote(path)}" + (f"?{urlencode(kept)}" if kept else "")


def _numbered(host: str, path: str, query: dict[str, str]) -> Numbered | None:
    if host in ("doi.org", "dx.doi.org"):
        return doi(path.lstrip("/"))
    if found := _DOI.search(path):
        return doi(_AFTER_DOI.sub("", found[1]))
    for at, where, read in _NUMBERED_PATHS:
        if host == at or host.endswith(f".{at}"):
            number = where.search(path)
            return read(number[1]) if number else None
    book = _BOOK.search(path)
    return isbn(" ".join([query.get("isbn", ""), query.get("vid", ""), book[1] if book else ""]))


def _canonical(host: str, path: str, query: list[tuple[str, str]]) -> tuple[str, str, list[tuple[str, str]], str]:
    """Where one page has several addresses, the one that stands for all."""
    asked = dict(query)
    if host in ("youtube.com", "youtu.be", "youtube-nocookie.com", "music.youtube.com"):
        video = asked.get("v") or (match[1] if (match := _VIDEO.match(path)) else "")
        return ("youtube.com", "/watch", [("v", video)], "motion_picture") if video else (host, path, query, "webpage")
    if host.endswith("reddit.com") and (post := _REDDIT.match(path)):
        return "reddit.com", "/comments/" + "/".join(filter(None, post.groups())), [], "post"
    if _STACK_HOST.fullmatch(host) and (post := _STACK.match(path)):
        return host, f"/questions/{post[1]}" if post[1] and not post[2] else f"/a/{post[2] or post[3]}", [], "post"
    if host.startswith("books.google.") or (host.startswith("google.") and path.startswith("/books")):
        book = asked.get("id") or path.rsplit("/", 1)[-1]
        return "books.google.com", "/books", [("id", book)], "book"
    if host.endswith("wikipedia.org"):
        title = asked.get("title")
        return host, f"/wiki/{title}" if title else path.replace(" ", "_"), [], "entry-encyclopedia"
    return host, path, query, "webpage"
