"""What readers wait for, over HTTP, from the production server: threads, searches, the front page.

The limit of a page is what a reader gets from the same server for a page that holds nothing, in the same run.
"""

import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.clock import now
from archive.domain.permissions import Role
from archive.domain.source_quality import Level
from archive.services.accounts import add_user
from archive.services.bench.bulk import Picked, SaidOfAll, tag_at_once
from archive.services.ledger import Actor
from archive.services.transaction import writing
from archive.store.opening import open_session
from archive.store.pages import select_posts
from archive.store.threads import Post, Thread, touch_threads
from archive.store.users import User
from tests.bench.figures import Figure
from tests.bench.importing import COLLECTION, import_in_process, sqlite_url
from tests.bench.language import Language
from tests.bench.moderators import percentile
from tests.bench.postgresql import durable_database
from tests.bench.readers import Answer, Reader, ask_at_once
from tests.bench.reddit_corpus import write_reddit
from tests.packaging.processes import free_port, serving

_SERVE = (sys.executable, "-c", "from archive.cli import main; main(['serve'])")
_ROOT = str(Path(__file__).parents[2])
_SMALL, _LARGE = 300, 5_000  # posts of the threads that are looked at
_UNREAD = 5  # more of the smaller, which nobody has asked for since the server started
_TAGGED = 3  # of so many answers in them one is tagged
_AT_ONCE = 200  # answers tagged in one commit
_RANKS = (60, 110, 300, 1_000, 3_000, 10_000, 20_000)  # of the words searched for, the commonest first
_SEARCHES = 300


def measure_serving(folder: Path, posts: int) -> Iterator[Figure]:
    """Over threads of Reddit, on SQLite."""
    data = folder / "data"
    data.mkdir(mode=0o700)
    import_in_process(data, _write(folder, posts))
    yield from _measure(folder, data, sqlite_url(data))


def measure_serving_postgresql(folder: Path, posts: int) -> Iterator[Figure]:
    """The same on PostgreSQL."""
    data = folder / "data"
    data.mkdir(mode=0o700)
    with durable_database(folder) as url:
        import_in_process(data, _write(folder, posts), url=url)
        yield from _measure(folder, data, url)


def _write(folder: Path, posts: int) -> Sequence[Path]:
    return write_reddit(folder, posts, first=(*[_SMALL - 1] * (1 + _UNREAD), _LARGE - 1))


def _measure(folder: Path, data: Path, url: str) -> Iterator[Figure]:
    small, large, unread = _prepared(url)
    settings = {"FOOTNOTE_DATABASE_URL": url, "FOOTNOTE_DATA": str(data), "PYTHONPATH": _ROOT}
    with serving(_SERVE, folder, **settings) as server, _bare_server(folder) as bare:
        with Reader(bare) as reader:
            limit = _median([reader.get("/") for _ in range(300)])
        with Reader(server.address) as reader:
            yield from _small_thread(reader, url, small, unread, limit)
            yield from _large_thread(reader, url, large, limit)
            yield from _lists(reader, url, large, limit)
            yield from _searches(reader, limit)
            yield _front_page(reader)
        yield from _at_once(server.address, bare, f"/threads/{small}", f"/threads/{large}?whole=yes")


def _small_thread(reader: Reader, url: str, thread: str, unread: Sequence[str], limit: float) -> Iterator[Figure]:
    path = f"/threads/{thread}"
    changed, again = _after_changes(reader, url, path, 15), _median([reader.get(path) for _ in range(200)])
    first = _median([_good(reader.get(f"/threads/{other}")) for other in unread])
    yield Figure(f"thread of {_SMALL} posts in Markdown, first of all", first, "ms", limit, "12 ms")
    yield Figure("the same, after a change", changed, "ms", limit, "12 ms")
    yield Figure("the same, again", again, "ms", limit, "1 ms")


def _large_thread(reader: Reader, url: str, thread: str, limit: float) -> Iterator[Figure]:
    path, whole = f"/threads/{thread}", f"/threads/{thread}?whole=yes"
    yield Figure(
        f"thread of {_LARGE:,}, first part, after a change", _after_changes(reader, url, path, 15), "ms", limit, "20 ms"
    )
    yield Figure("the whole of it, after a change", _after_changes(reader, url, whole, 7), "ms", limit, "150 ms")
    yield Figure("the whole of it, again", _median([reader.get(whole) for _ in range(50)]), "ms", limit, "6 ms")


def _lists(reader: Reader, url: str, thread: str, limit: float) -> Iterator[Figure]:
    """Pages that count whole collections, each after something has changed."""
    for path in (
        "/",
        f"/collections/{COLLECTION}",
        f"/collections/{COLLECTION}/authors",
        f"/collections/{COLLECTION}/calendar",
    ):
        yield Figure(f"{path}, after a change", _after_changes(reader, url, path, 7, thread), "ms", limit)


def _searches(reader: Reader, limit: float) -> Iterator[Figure]:
    vocabulary, dice = Language(random.Random(2)).words, random.Random(3)
    ranks = [rank + more for rank in _RANKS for more in range(_SEARCHES // len(_RANKS))]  # none twice: it would be kept
    dice.shuffle(ranks)
    for what, ending, goals in (
        ("search, 20 hits with highlights", "&facets=no", ("2.5 ms", "8 ms")),
        ("the same with facets", "", ("6 ms", "25 ms")),
    ):
        reader.get(f"/search?q=warm{ending}")
        waits = [_good(reader.get(f"/search?q={vocabulary[rank]}{ending}")).seconds for rank in ranks]
        for name, share, goal in zip(("median", "p99"), (0.5, 0.99), goals, strict=True):
            yield Figure(f"{what}, {name}", percentile(waits, share), "ms", limit, goal)


def _front_page(reader: Reader) -> Figure:
    page = _good(reader.get("/"))
    sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page.text)
    weight = sum(len(answer.body) for answer in (page, *(reader.get(sheet) for sheet in sheets)))
    return Figure("front page with its stylesheets, as sent", weight / 1000, "kB", goal="20 kB")


def _at_once(address: str, bare: str, small: str, large: str) -> Iterator[Figure]:
    limit = _rate(bare, ["/"] * 8_000, connections=8)
    yield Figure(
        f"kept page of {_SMALL} posts, 8 connections",
        _rate(address, [small] * 4_000, connections=8),
        "/s",
        limit,
        "0.6 ×",
    )
    yield Figure("kept front page, 8 connections", _rate(address, ["/"] * 4_000, connections=8), "/s", limit, "0.6 ×")
    answers = ask_at_once(address, [large] * 600, connections=32)
    yield Figure(
        f"kept page of {_LARGE:,} posts, 32 readers, p99",
        percentile([one.seconds for one in answers], 0.99),
        "ms",
        goal="500 ms",
    )
    yield Figure("answers among these that were no page", sum(one.status != 200 for one in answers), "", goal="0")


def _after_changes(reader: Reader, url: str, path: str, times: int, thread: str = "") -> float:
    """Milliseconds, the median of first looks, each after something of a thread has changed: that of the page."""
    address, answers = thread or path.rpartition("/")[2].partition("?")[0], []
    reader.get(path)  # templates are compiled once a process
    for _ in range(times):
        with open_session(url) as session, writing(session):
            number = session.scalars(select(Thread.id).where(Thread.public_id == address)).one()
            touch_threads(session, [number], now=now())
        answers.append(_good(reader.get(path)))
    return _median(answers)


def _prepared(url: str) -> tuple[str, str, Sequence[str]]:
    """The addresses of the two threads that are looked at again and again, and of others like the smaller; some of
    whose answers are tagged now.
    """
    by, roles = Actor.of(None), frozenset({Role.MODERATOR})
    with open_session(url) as session:
        add_user(session, name="maud", password="reads all day", roles=roles, by=by, practised=True)
        moderator = session.scalars(select(User).where(User.name == "maud")).one()
        small, *unread = _threads_of(session, _SMALL, 1 + _UNREAD)
        (large,) = _threads_of(session, _LARGE, 1)
        for thread in (small, large, *unread):
            _tag_some(session, thread.id, moderator)
        return small.public_id, large.public_id, [other.public_id for other in unread]


def _threads_of(session: Session, posts: int, count: int) -> Sequence[Thread]:
    query = select(Thread).where(Thread.answers + Thread.replies == posts - 1).order_by(Thread.id).limit(count)
    threads = session.scalars(query).all()
    assert len(threads) == count, f"{len(threads)} threads have {posts} posts."
    return threads


def _tag_some(session: Session, thread: int, moderator: User) -> None:
    wanted = select_posts(drafts=False).where(Post.thread_id == thread, Post.kind == "answer")
    rows = session.execute(wanted.order_by(Post.id)).all()[::_TAGGED]
    for place, level in zip(range(0, len(rows), _AT_ONCE), [*Level] * len(rows), strict=False):
        picked = [Picked(row.public_id, row.revision_id, row.tag_version) for row in rows[place : place + _AT_ONCE]]
        tag_at_once(session, picked, SaidOfAll(level=level, note="For measuring."), moderator=moderator)


@contextmanager
def _bare_server(folder: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.bare_server", str(port)]
    process = subprocess.Popen(command, cwd=_ROOT)
    try:
        while True:
            try:
                Reader(f"http://127.0.0.1:{port}").__exit__(None, None, None)
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _rate(address: str, paths: Sequence[str], *, connections: int) -> float:
    """Answers a second."""
    ask_at_once(address, paths[:100], connections=connections)
    begun = time.perf_counter()
    answers = ask_at_once(address, paths, connections=connections)
    return len(answers) / (time.perf_counter() - begun)


def _good(answer: Answer) -> Answer:
    assert answer.status == 200, f"{answer.status}: {answer.text[:2000]}"
    return answer


def _median(answers: Sequence[Answer]) -> float:
    return percentile([answer.seconds for answer in answers], 0.5)
