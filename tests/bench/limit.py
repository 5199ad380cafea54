"""The limit: the same posts into plain SQLite with FTS5, in the fewest lines, with the same durability."""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pysqlite3.dbapi2 as sqlite

# Key, thread, key of the parent, author, date and text, as the source gives them.
PlainRow = tuple[str | None, str | int, str | None, str | None, str | None, str]

_TABLES = """
    PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;
    CREATE TABLE post (
        id INTEGER PRIMARY KEY, key TEXT, thread, parent TEXT, author TEXT, posted_at TEXT, text TEXT
    );
    CREATE INDEX post_thread ON post (thread);
    CREATE VIRTUAL TABLE post_fts USING fts5(text, content='post', content_rowid='id');
    INSERT INTO post_fts (post_fts, rank) VALUES ('hashsize', 16777216);
"""


def fill_sqlite(database: Path, rows: Iterator[PlainRow]) -> float:
    """Posts a second, the reading of them from their file included."""
    started = perf_counter()
    connection = sqlite.connect(str(database))
    connection.executescript(_TABLES)
    with connection:
        connection.executemany(
            "INSERT INTO post (key, thread, parent, author, posted_at, text) VALUES (?, ?, ?, ?, ?, ?)", rows
        )
        connection.execute("INSERT INTO post_fts (rowid, text) SELECT id, text FROM post")
    posts = connection.execute("SELECT count(*) FROM post").fetchone()[0]
    connection.close()
    return float(posts / (perf_counter() - started))


def search_sqlite(database: Path, words: list[str]) -> list[float]:
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
