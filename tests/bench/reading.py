"""What readers and moderators wait for: searches, pages, suggestions; over the corpus of plain threads."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient

from archive.app import create_app
from archive.clock import now
from archive.domain.assessment import assess
from archive.services.scripts import list_threads
from archive.services.search import search
from archive.services.transaction import writing
from archive.settings import load_settings
from archive.store.opening import open_session
from archive.store.pages import find_thread
from archive.store.threads import touch_threads
from tests.bench.figures import Figure
from tests.bench.importing import sqlite_url
from tests.bench.language import Language
from tests.bench.limit import search_sqlite
from tests.bench.plain_corpus import LARGE_THREAD, SEED

_RANKS = (3, 30, 100, 300, 1_000, 3_000, 10_000, 20_000)  # of the words searched for, the commonest first
_ASSESSED = 500  # texts


def measure_reading(folder: Path) -> Iterator[Figure]:
    """Over what the import of plain threads left in the folder."""
    yield from _searches(folder / "data", folder / "plain.sqlite")
    yield from _pages(folder / "data")
    lines = (folder / "threads.jsonl").read_text("utf-8").splitlines()[:_ASSESSED]
    texts = [json.loads(line)["text"][:1200] for line in lines]
    rate = len(texts) / _seconds(lambda: [assess(text) for text in texts])
    yield Figure(f"assess, {sum(map(len, texts)) // len(texts)} characters a text", rate, "/s", goal="3,000/s")


def _searches(data: Path, plain: Path) -> Iterator[Figure]:
    vocabulary = Language(random.Random(SEED)).words
    words = [vocabulary[rank] for rank in _RANKS for _ in range(5)]
    with open_session(sqlite_url(data)) as session:
        search(session, words[0])
        ours = [_seconds(lambda word=word: search(session, word)) for word in words]  # type: ignore[misc]
    limit = search_sqlite(plain, words)
    for name, pick in (("median", median), ("slowest", max)):
        what = f"search, top 20 with highlights, {name}"
        yield Figure(what, pick(ours) * 1000, "ms", pick(limit) * 1000, "5 ms median")


def _pages(data: Path) -> Iterator[Figure]:
    with open_session(sqlite_url(data)) as session:
        address = next(line["id"] for line in list_threads(session, collection=None))
    client = create_app(load_settings({"FOOTNOTE_DATA": str(data)})).test_client()
    client.get("/codebook")  # templates of the layout are compiled once a process
    path = f"/threads/{address}"
    first = _seconds(lambda: client.get(path))
    cold = median(_first_after_a_change(data, client, address) for _ in range(9))
    cached = median(_seconds(lambda: client.get(path)) for _ in range(50))
    plain = _bare_client(client.get(path, headers={"Accept-Encoding": "gzip"}).data)
    bare = median(_seconds(lambda: plain.get("/")) for _ in range(50))
    yield Figure(f"page of {LARGE_THREAD} posts, first of its process", first * 1000, "ms")
    yield Figure("the same, after each change", cold * 1000, "ms", goal="20 ms")
    yield Figure("the same, from cache", cached * 1000, "ms", bare * 1000, "2 ms")


def _first_after_a_change(data: Path, client: FlaskClient, address: str) -> float:
    with open_session(sqlite_url(data)) as session, writing(session):
        thread = find_thread(session, address)
        touch_threads(session, [thread.id] if thread else [], now=now())
    return _seconds(lambda: client.get(f"/threads/{address}"))


def _bare_client(page: bytes) -> FlaskClient:
    app = Flask("bare")
    app.add_url_rule("/", view_func=lambda: page)
    return app.test_client()


def _seconds(act: Callable[[], object]) -> float:
    started = perf_counter()
    act()
    return perf_counter() - started
