"""The limit: the same threads into plain SQLite with FTS5, in the fewest lines, with the same durability."""

import re
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import orjson
import pysqlite3.dbapi2 as sqlite

_NAME = re.compile(r"\n+([a-z]+_[a-z]+[0-9]+)\n\n")  # alone on its line, as the corpus makes them

_TABLES = """
    PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;
    CREATE TABLE post (id INTEGER PRIMARY KEY, thread INTEGER, author TEXT, text TEXT);
    CREATE INDEX post_thread ON post (thread);
    CREATE VIRTUAL TABLE post_fts USING fts5(text, content='post', content_rowid='id');
"""


def import_plainly(database: Path, lines: Path) -> float:
    """Posts a second, with the corpus's own shape of names for the only rule of the layout."""
    started = perf_counter()
    connection = sqlite.connect(str(database))
    connection.executescript(_TABLES)
    with connection:
        connection.executemany("INSERT INTO post (thread, author, text) VALUES (?, ?, ?)", _rows(lines))
        connection.execute("INSERT INTO post_fts (rowid, text) SELECT id, text FROM post")
    posts = connection.execute("SELECT count(*) FROM post").fetchone()[0]
    connection.close()
    return float(posts / (perf_counter() - started))


def search_plainly(database: Path, words: list[str]) -> list[float]:
    """Seconds of each search for the newest twenty posts with a snippet."""
    connection = sqlite.connect(str(database))
    seconds = []
    for word in words:
        started = perf_counter()
        connection.execute(
            "SELECT rowid, snippet(post_fts, 0, '[', ']', '…', 32) FROM post_fts WHERE post_fts MATCH ? "
            "ORDER BY rowid DESC LIMIT 20",
            (f'"{word}"',),
        ).fetchall()
        seconds.append(perf_counter() - started)
    connection.close()
    return seconds


def _rows(lines: Path) -> Iterator[tuple[int, str, str]]:
    with lines.open("rb") as file:
        for thread, line in enumerate(file):
            question, *answers = _NAME.split(orjson.loads(line)["text"])
            yield thread, "", question
            for name, text in zip(answers[::2], answers[1::2], strict=True):
                yield thread, name, text
