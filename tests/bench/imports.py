"""What is imported for measuring, and what is measured of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.importing import Imported, bytes_below, import_in_process
from tests.bench.limit import PlainRow, fill_sqlite
from tests.bench.mail_corpus import mail_rows, write_mails
from tests.bench.plain_corpus import plain_rows, write_plain
from tests.bench.postgresql import durable_database, fill_postgresql
from tests.bench.reddit_corpus import reddit_rows, write_reddit


@dataclass(frozen=True, slots=True)
class ImportCase:
    """A corpus, and what is asked of its import."""

    write: Callable[[Path, int], Sequence[Path]]
    rows: Callable[[Sequence[Path]], Iterator[PlainRow]]
    rate: int  # posts a second, at least
    memory: int  # MiB, at most
    share: float | None = None  # of the limit, at least
    times: int = 1  # as many posts as are asked for


PLAIN = ImportCase(write_plain, plain_rows, rate=8_000, memory=256)
REDDIT = ImportCase(write_reddit, reddit_rows, rate=15_000, memory=150, share=0.4)
REDDIT_LARGE = ImportCase(write_reddit, reddit_rows, rate=12_000, memory=256, times=10)
MAILS = ImportCase(write_mails, mail_rows, rate=3_000, memory=150)
_POSTGRESQL_RATE = 6_000


def measure_import(case: ImportCase, folder: Path, posts: int) -> Iterator[Figure]:
    """The limit, the import, the same again, and what is on disk then; the archive stays in `folder`/data."""
    paths = case.write(folder, posts * case.times)
    limit = fill_sqlite(folder / "plain.sqlite", case.rows(paths))
    data = folder / "data"
    data.mkdir()
    first = import_in_process(data, paths)
    yield Figure("import, durable, searchable, public", first.rate, "/s", limit, _goal(case))
    yield Figure("its peak memory", first.peak, "MiB", goal=f"{case.memory} MiB")
    yield from _sizes(data, sum(path.stat().st_size for path in paths))
    yield from _again(data, paths, first)


def measure_postgresql(folder: Path, posts: int) -> Iterator[Figure]:
    """Reddit's corpus into PostgreSQL."""
    paths = write_reddit(folder, posts)
    data = folder / "data"
    data.mkdir()
    with durable_database(folder) as url:
        limit = fill_postgresql(url, reddit_rows(paths))
    with durable_database(folder) as url:
        ours = import_in_process(data, paths, url=url)
    yield Figure("import into PostgreSQL, beside COPY by hand", ours.rate, "/s", limit, f"{_POSTGRESQL_RATE:,}/s")


def _goal(case: ImportCase) -> str:
    share = f" and {case.share} × the limit" if case.share else ""
    return f"{case.rate:,}/s{share}"


def _sizes(data: Path, received: int) -> Iterator[Figure]:
    database, whole = bytes_below(data) - bytes_below(data / "originals"), bytes_below(data)
    yield Figure("database, as a share of what was received", database / received, "×")
    yield Figure("database and originals", whole / received, "×", goal="1.8 ×")


def _again(data: Path, paths: Sequence[Path], first: Imported) -> Iterator[Figure]:
    before = bytes_below(data)
    again = import_in_process(data, paths)
    yield Figure("the same again", again.seconds, "s", goal="1.0 s")
    yield Figure("rows that it adds", again.rows - first.rows, "", goal="0")
    yield Figure("bytes that it adds", 100 * (bytes_below(data) / before - 1), "%", goal="< 1 %")
