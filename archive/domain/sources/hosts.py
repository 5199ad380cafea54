"""What is known of certain sites: one page under many addresses, and pages that are no works."""

import re
from collections.abc import Callable
from urllib.parse import quote

from archive.domain.sources.reference import Csl

Page = tuple[str, str, list[tuple[str, str]], Csl]  # host, path, query, CSL

_VIDEO = re.compile(r"/(?:embed/|shorts/|v/|live/|e/)?([\w-]{11})(?![\w-])")
_REDDIT = re.compile(r"/(?:(?:r|u|user)/[\w-]+/)?comments/(\w+)(?:/[^/]*(?:/(\w+))?)?")
_SHORT_REDDIT = re.compile(r"/(\w+)$")
_QUESTION = re.compile(r"/(?:questions|q)/(\d+)(?:/[^/]*(?:/(\d+))?)?")
_ANSWER = re.compile(r"/a/(\d+)")
_BOOK_ID = re.compile(r"/books/(?:about|edition)/[^/]*/([\w-]{8,14})")
_SHOP_ITEM = re.compile(r"/(?:dp|gp/product|exec/obidos/asin|o/asin|gp/aw/d)/(\w{10})\b", re.IGNORECASE)
_NUMBERED_PAGE = re.compile(r"/(?:book/show|title)/((?:tt)?\d+)")
_SCAN = re.compile(r"/(?:details|stream|download)/([^/]+)")

FORUM_PATHS = re.compile(r"/(?:forums?|threads?|showthread|viewtopic|topic)\b", re.IGNORECASE)

# Pictures, chats, searches, people's own pages and a forum's rules: nothing that an answer could rest on.
_QUESTION_LISTS = r"|/questions/(?:tagged|ask)\b|/(?:questions|unanswered)/?$"
_NO_WORK = (
    (r"(?:.+\.)?(?:imgur\.com|discord\.gg|discord\.com|giphy\.com|tenor\.com)", r""),
    (r"(?:i|preview|v)\.redd\.it", r""),
    (
        r"(?:.+\.)?reddit\.com",
        r"/(?:r/\w+/)?(?:message|wiki/rules|w/rules|about|submit|search)|/(?:u|user|r)/[\w+-]+/?$|/?$",
    ),
    (r"(?:.+\.)?google\.[a-z.]{2,6}", r"/search|/maps|/imgres|/?$"),
    (r"(?:.+\.)?(?:duckduckgo|bing|yahoo)\.com", r"/search|/?$"),
    (
        r"(?:.+\.)?(?:stackexchange|stackoverflow|superuser|serverfault|askubuntu|mathoverflow)\.(?:com|net)",
        r"/(?:help|tour|faq|users|privileges|conduct|tags?|search|review|election|badges|rooms|proposals)\b|/?$"
        + _QUESTION_LISTS,
    ),
)
_NO_WORKS = tuple((re.compile(host), re.compile(path)) for host, path in _NO_WORK)
_PICTURE = re.compile(r"\.(?:gif|jpe?g|png|webp|svg)$", re.IGNORECASE)


def is_no_work(host: str, path: str) -> bool:
    """Whether a page is a picture, a chat, a search, a person's own page or a forum's rules."""
    return bool(_PICTURE.search(path)) or any(hosts.fullmatch(host) and paths.match(path) for hosts, paths in _NO_WORKS)


def _youtube(_: str, path: str, asked: dict[str, str]) -> Page | None:
    video = asked.get("v") or (match[1] if (match := _VIDEO.fullmatch(path)) else "")
    return ("youtube.com", "/watch", [("v", video)], {"type": "motion_picture"}) if video else None


def _reddit(host: str, path: str, _: dict[str, str]) -> Page | None:
    post = (_SHORT_REDDIT if host == "redd.it" else _REDDIT).match(path)
    if post is None:
        return None
    return "reddit.com", "/comments/" + "/".join(filter(None, post.groups())), [], {"type": "post"}


def _stack(host: str, path: str, _: dict[str, str]) -> Page | None:
    if question := _QUESTION.match(path):
        one = f"/a/{question[2]}" if question[2] else f"/questions/{question[1]}"
        return host, one, [], {"type": "post"}
    answer = _ANSWER.match(path)
    return (host, f"/a/{answer[1]}", [], {"type": "post"}) if answer else None


def _google_books(_: str, path: str, asked: dict[str, str]) -> Page | None:
    match = _BOOK_ID.search(path)
    book = asked.get("id") or (match[1] if match else "")
    return ("books.google.com", "/books", [("id", book)], {"type": "book"}) if book else None


def _wikipedia(host: str, path: str, asked: dict[str, str]) -> Page | None:
    title = asked.get("title") or path.removeprefix("/wiki/")
    if not title or title.startswith("/"):
        return None
    title = (title[0].upper() + title[1:]).replace(" ", "_").rstrip("_")
    names: Csl = {"type": "entry-encyclopedia", "title": title.replace("_", " "), "container-title": "Wikipedia"}
    return host, f"/wiki/{title}", [], names


def _shop(host: str, path: str, _: dict[str, str]) -> Page | None:
    item = _SHOP_ITEM.search(path)
    return (host, f"/dp/{item[1].upper()}", [], {"type": "document"}) if item else None


def _numbered_page(host: str, path: str, _: dict[str, str]) -> Page | None:
    page = _NUMBERED_PAGE.match(path)
    return (host, path[: page.end()], [], {"type": "document"}) if page else None


def _scan(_: str, path: str, __: dict[str, str]) -> Page | None:
    scan = _SCAN.match(path)
    return ("archive.org", f"/details/{quote(scan[1])}", [], {"type": "document"}) if scan else None


PAGES: tuple[tuple[re.Pattern[str], Callable[[str, str, dict[str, str]], Page | None]], ...] = (
    (re.compile(r"(?:(?:music\.)?youtube|youtube-nocookie)\.com|youtu\.be"), _youtube),
    (re.compile(r"(?:.+\.)?reddit\.com|redd\.it"), _reddit),
    (re.compile(r"(?:.+\.)?(?:stackexchange|stackoverflow|superuser|serverfault|askubuntu|mathoverflow)\.\w+"), _stack),
    (re.compile(r"(?:books|play)?\.?google\.[a-z.]{2,6}"), _google_books),
    (re.compile(r"[a-z-]{2,12}\.wikipedia\.org"), _wikipedia),
    (re.compile(r"(?:smile\.)?amazon\.[a-z.]{2,6}"), _shop),
    (re.compile(r"goodreads\.com|imdb\.com"), _numbered_page),
    (re.compile(r"archive\.org"), _scan),
)
