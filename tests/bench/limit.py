"""The limit: the same threads into plain SQLite with FTS5, in the fewest lines, with the same durability."""

import json
from pathlib import Path
from time import perf_counter
from typing import Any

import pysqlite3.dbapi2 as sqlite

_TABLES = """
    PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;
    CREATE TABLE post (id INTEGER PRIMARY KEY, thread INTEGER, author TEXT, text TEXT);
    CREATE INDEX post_thread ON post (thread);
    CREATE VIRTUAL TABLE post_fts USING fts5(text, content='post', content_rowid='id');
"""


def import_plainly(database: Path, lines: Path) -> float:
    """Posts a second, with blank lines for the only rule of the layout."""
    started = perf_counter()
    connection = sqlite.connect(str(database))
    connection.executescript(_TABLES)
    rows = list(_rows(lines))
    with connection:
        connection.executemany("INSERT INTO post (thread, author, text) VALUES (?, ?, ?)", rows)
        connection.execute("INSERT INTO post_fts (rowid, text) SELECT id, text FROM post")
    connection.close()
    return len(rows) / (perf_counter() - started)


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


def _rows(lines: Path) -> Any:
    with lines.open(encoding="utf-8") as file:
        for thread, line in enumerate(file):
            for paragraph in json.loads(line)["text"].split("\n\n"):
                yield thread, "", paragraph
