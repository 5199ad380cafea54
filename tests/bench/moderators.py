"""Moderators who work over HTTP, as browsers do: log in, open an answer, send the form that stands on the page."""

import http.client
import random
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from email.message import Message
from time import perf_counter, sleep
from urllib.parse import urlencode, urlsplit

_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_LEVELS = ("attributed", "recollected", "unsourced", "testimony", "conjecture", "not_answer")
_FORM = "application/x-www-form-urlencoded"
OTHERS_EVERY = 10  # of so many votes, one goes to an answer that everybody votes on


@dataclass(slots=True)
class Tally:
    """What one moderator did, and was told."""

    name: str
    acknowledged: dict[str, str] = field(default_factory=dict)  # by answer, the level of the newest vote
    votes: int = 0
    refused: list[str] = field(default_factory=list)  # the pages that said so
    posts: list[float] = field(default_factory=list)  # seconds until a vote was acknowledged
    first: list[float] = field(default_factory=list)  # seconds until the first answer was there, after they logged in
    pages: list[float] = field(default_factory=list)  # the same for each answer after a vote


class Browser:
    """One connection that keeps its cookies."""

    def __init__(self, address: str) -> None:
        where = urlsplit(address)
        self._connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)
        self._cookies: dict[str, str] = {}

    def close(self) -> None:
        self._connection.close()

    def get(self, path: str) -> tuple[int, Message, str]:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, Message, str]:
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, Message, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = _FORM
        self._connection.request(method, path.split("#", maxsplit=1)[0], body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, answer.headers, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What each of them is to do."""

    password: str
    votes: int
    shared: Sequence[str] = ()  # addresses of answers that everybody votes on now and then
    think: float = 0  # seconds for which each looks at an answer, about


def work_at_once(address: str, names: Sequence[str], work: Work) -> list[Tally]:
    """All of them at once, each until so many votes were tried."""
    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(lambda name: _work(address, name, work), names))


def _work(address: str, name: str, work: Work) -> Tally:
    chance, tally, path = random.Random(name), Tally(name), "/moderation/queue"
    with closing(Browser(address)) as browser:
        _log_in(browser, name, work.password)
        for turn in range(work.votes):
            if work.shared and turn % OTHERS_EVERY == OTHERS_EVERY - 1:
                path = f"/moderation/posts/{work.shared[turn // OTHERS_EVERY % len(work.shared)]}"
            path = _vote(browser, tally, path, chance, work.think)
    return tally


def _log_in(browser: Browser, name: str, password: str) -> None:
    _, _, page = browser.get("/login")
    status, _, page = browser.post("/login", {"csrf_token": _token(page), "name": name, "password": password})
    assert status in (302, 303), page[:2000]


def _vote(browser: Browser, tally: Tally, path: str, chance: random.Random, think: float) -> str:
    """One vote; where to go on."""
    begun = perf_counter()
    page = _page(browser, path)
    (tally.pages if tally.votes else tally.first).append(perf_counter() - begun)
    post = re.findall(r'data-post="([^"]+)"', page)[0]
    level = chance.choice(_LEVELS)
    fields = {name: value for name, value in _FIELD.findall(page) if not name.startswith("words-for")}
    fields |= {"csrf_token": _token(page), "level": level, "note": f"{tally.name}’s vote {tally.votes}."}
    sleep(think * chance.uniform(0.5, 1.5))
    begun = perf_counter()
    status, headers, answer = browser.post(f"/posts/{post}/tags", fields)
    if status == 409:  # somebody was there before: the page says who, and offers to vote all the same
        tally.refused.append(answer)
        fields = dict(_FIELD.findall(answer)) | {
            "csrf_token": _token(answer),
            "level": level,
            "note": f"{tally.name}’s vote {tally.votes}, all the same.",
        }
        begun = perf_counter()
        status, headers, answer = browser.post(f"/posts/{post}/tags", fields)
    if status == 409:  # and somebody else again meanwhile: leave it to them
        tally.refused.append(answer)
        return "/moderation/queue"
    assert status == 303, f"{status}: {answer[:2000]}"
    tally.posts.append(perf_counter() - begun)
    tally.acknowledged[post] = level
    tally.votes += 1
    return headers["Location"]


def _page(browser: Browser, path: str) -> str:
    """The page, wherever it is now; a page beside the suggestion is a page with an answer, too, and is left."""
    if "/reveal" in path:
        path = "/moderation/queue"
    for _ in range(5):
        status, headers, page = browser.get(path)
        if status == 200:
            return page
        assert status in (302, 303), f"{path}: {status} {page[:2000]}"
        path = headers["Location"]
    raise AssertionError(f"{path} leads on and on.")


def _token(page: str) -> str:
    return _TOKEN.findall(page)[0]


def percentile(seconds: Sequence[float], share: float) -> float:
    """The time that so large a share of them keeps, in milliseconds."""
    ordered = sorted(seconds)
    return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def all_waits(tallies: Sequence[Tally], which: str) -> list[float]:
    """The waits of all, of one kind."""
    return [wait for tally in tallies for wait in getattr(tally, which)]


def stored(rows: Iterator[tuple[str, str, str]]) -> dict[str, dict[str, str]]:
    """By moderator and answer, the level that stands."""
    found: dict[str, dict[str, str]] = {}
    for name, post, level in rows:
        found.setdefault(name, {})[post] = level
    return found
