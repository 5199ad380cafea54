"""`make bench`: figures of this machine beside the limit measured in the same run.

python -m tests.bench [--posts 100000]
"""

import argparse
import json
import sys
import tempfile
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
from tests.bench.corpus import LARGE_THREAD, Corpus
from tests.bench.importing import database_url, import_in_process
from tests.bench.limit import import_plainly, search_plainly

_ROW = "{:<46} {:>14} {:>14} {:>8}  {}"
_RANKS = (3, 30, 100, 300, 1_000, 3_000, 10_000, 20_000)  # of the words searched for, the commonest first


def measure(posts: int, folder: Path) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield what was measured: ours, the limit, their ratio, and the goal."""
    corpus, lines, data = Corpus(posts), folder / "corpus.jsonl", folder / "data"
    corpus.write_lines(lines)
    data.mkdir()
    yield from _imports(lines, data, folder / "plain.sqlite")
    yield from _searches(corpus, data, folder / "plain.sqlite")
    yield from _pages(data)
    texts = [json.loads(line)["text"][:1200] for line in lines.open(encoding="utf-8")][:500]
    rate = len(texts) / _seconds(lambda: [assess(text) for text in texts])
    yield f"assess, {sum(map(len, texts)) // len(texts)} characters a text", f"{rate:,.0f}/s", "–", "–", "1,000/s"


def _imports(lines: Path, data: Path, plain: Path) -> Iterator[tuple[str, str, str, str, str]]:
    limit = import_plainly(plain, lines)
    ours = import_in_process(data, lines)
    rate = ours["read"] / ours["seconds"]
    yield "import, durable, searchable, public", f"{rate:,.0f}/s", f"{limit:,.0f}/s", f"{rate / limit:.2f}", "8,000/s"
    yield "its peak memory", f"{ours['peak']:,.0f} MiB", "–", "–", "256 MiB"
    again = import_in_process(data, lines)
    yield f"again, {again['added']} added", f"{again['seconds']:.1f} s", "–", "–", "–"


def _searches(corpus: Corpus, data: Path, plain: Path) -> Iterator[tuple[str, str, str, str, str]]:
    words = [corpus.words()[rank] for rank in _RANKS for _ in range(5)]
    with open_session(database_url(data)) as session:
        search(session, words[0])
        ours = [_seconds(lambda word=word: search(session, word)) for word in words]  # type: ignore[misc]
    limit = search_plainly(plain, words)
    for name, pick in (("median", median), ("slowest", max)):
        a, b = pick(ours) * 1000, pick(limit) * 1000
        yield f"search, top 20 with highlights, {name}", f"{a:.2f} ms", f"{b:.2f} ms", f"{a / b:.1f}", "5 ms median"


def _pages(data: Path) -> Iterator[tuple[str, str, str, str, str]]:
    with open_session(database_url(data)) as session:
        address = next(line["id"] for line in list_threads(session, collection=None))
    client = create_app(load_settings({"FOOTNOTE_DATA": str(data)})).test_client()
    client.get("/codebook")  # templates of the layout are compiled once a process
    path = f"/threads/{address}"
    first = _seconds(lambda: client.get(path))
    cold = median(_first_after_a_change(data, client, address) for _ in range(9))
    cached = median(_seconds(lambda: client.get(path)) for _ in range(50))
    plain = _bare_client(client.get(path, headers={"Accept-Encoding": "gzip"}).data)
    bare = median(_seconds(lambda: plain.get("/")) for _ in range(50))
    yield f"page of {LARGE_THREAD} posts, first of its process", f"{first * 1000:.1f} ms", "–", "–", "–"
    yield "the same, after each change", f"{cold * 1000:.1f} ms", "–", "–", "20 ms"
    ratio = f"{cached / bare:.1f}"
    yield "the same, from cache", f"{cached * 1000:.2f} ms", f"{bare * 1000:.2f} ms", ratio, "2 ms"


def _first_after_a_change(data: Path, client: FlaskClient, address: str) -> float:
    with open_session(database_url(data)) as session, writing(session):
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


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description="Figures of this machine beside the limit measured in the same run.")
    parser.add_argument("--posts", type=int, default=100_000)
    posts = parser.parse_args().posts
    print(f"{posts:,} generated posts, Python {sys.version.split()[0]}")
    print(_ROW.format("what", "ours", "limit", "ratio", "goal"))
    with tempfile.TemporaryDirectory() as folder:
        for row in measure(posts, Path(folder)):
            print(_ROW.format(*row), flush=True)


if __name__ == "__main__":
    main()
