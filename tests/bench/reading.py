"""Searches beside what plain FTS5 takes for them, and suggestions; over the corpus of plain threads."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from archive.domain.assessment import assess
from archive.services.search import search
from archive.store.opening import open_session
from tests.bench.figures import Figure
from tests.bench.importing import sqlite_url
from tests.bench.language import Language
from tests.bench.limit import search_sqlite
from tests.bench.plain_corpus import SEED

_RANKS = (3, 30, 100, 300, 1_000, 3_000, 10_000, 20_000)  # of the words searched for, the commonest first
_ASSESSED = 500  # texts


def measure_reading(folder: Path) -> Iterator[Figure]:
    """Over what the import of plain threads left in the folder."""
    yield from _searches(folder / "data", folder / "plain.sqlite")
    lines = (folder / "threads.jsonl").read_text("utf-8").splitlines()[:_ASSESSED]
    texts = [json.loads(line)["text"][:1200] for line in lines]
    rate = len(texts) / _seconds(lambda: [assess(text) for text in texts])
    yield Figure(f"assess, {sum(map(len, texts)) // len(texts)} characters a text", rate, "/s", goal="3,000/s")


def _searches(data: Path, plain: Path) -> Iterator[Figure]:
    vocabulary = Language(random.Random(SEED)).words
    words = [vocabulary[rank] for rank in _RANKS for _ in range(5)]
    with open_session(sqlite_url(data)) as session:
        search(session, words[0], facets=False)
        ours = [_seconds(lambda word=word: search(session, word, facets=False)) for word in words]  # type: ignore[misc]
    limit = search_sqlite(plain, words)
    for name, pick in (("median", median), ("slowest", max)):
        what = f"search, top 20 with highlights, {name}"
        yield Figure(what, pick(ours) * 1000, "ms", pick(limit) * 1000, "5 ms median")


def _seconds(act: Callable[[], object]) -> float:
    started = perf_counter()
    act()
    return perf_counter() - started
