"""What moderators wait for: one alone, and twenty at once over HTTP, who think for a second before each key.

The limit is what the same server takes for its smallest page.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter

from sqlalchemy import func, select

from archive.clock import now
from archive.domain.permissions import Role
from archive.services.accounts import add_user
from archive.services.assess import assess_all
from archive.services.ledger import Actor
from archive.store.opening import open_session
from archive.store.pages import select_posts
from archive.store.threads import Post
from archive.store.votes import Vote
from tests.bench.figures import Figure
from tests.bench.importing import import_in_process, sqlite_url
from tests.bench.moderators import Browser, Tally, Work, all_waits, percentile, work_at_once
from tests.bench.plain_corpus import write_plain
from tests.bench.postgresql import durable_database
from tests.packaging.processes import serving

_PASSWORD = "twenty at once"
_SERVE = (sys.executable, "-c", "from archive.cli import main; main(['serve'])")
_MODERATORS, _VOTES, _SHARED, _THINK = 20, 50, 5, 1.0
_ROOT = str(Path(__file__).parents[2])


def measure_moderating(folder: Path, posts: int) -> Iterator[Figure]:
    """Over plain threads, on SQLite and on PostgreSQL."""
    paths = write_plain(folder, min(posts, 20_000))
    data = folder / "data"
    data.mkdir(mode=0o700)
    import_in_process(data, paths)
    yield from _work(folder, data, sqlite_url(data), "SQLite")
    other = folder / "other"
    other.mkdir(mode=0o700)
    with durable_database(folder) as url:
        import_in_process(other, paths, url=url)
        yield from _work(folder, other, url, "PostgreSQL")


def _work(folder: Path, data: Path, url: str, database: str) -> Iterator[Figure]:
    names = [f"moderator_{number}" for number in range(_MODERATORS)]
    with open_session(url) as session:
        for name in names:
            roles = frozenset({Role.MODERATOR})
            add_user(session, name=name, password=_PASSWORD, roles=roles, by=Actor.of(None), practised=True)
        for _ in assess_all(session):
            pass
        wanted = select_posts(drafts=False).where(Post.kind == "answer").order_by(Post.id.desc()).limit(_SHARED)
        shared = [row.public_id for row in session.execute(wanted)]
    settings = {"FOOTNOTE_DATABASE_URL": url, "FOOTNOTE_DATA": str(data), "PYTHONPATH": _ROOT}
    with serving(_SERVE, folder, **settings) as server:
        limit = _smallest_page(server.address)
        alone = work_at_once(server.address, names[:1], Work(password=_PASSWORD, votes=_VOTES))
        begun = now()
        together = work_at_once(
            server.address, names, Work(password=_PASSWORD, votes=_VOTES, shared=shared, think=_THINK)
        )
    yield Figure(f"{database}: a vote, one moderator, median", percentile(alone[0].posts, 0.5), "ms", limit, "100 ms")
    yield Figure(f"{database}: the next answer, median", percentile(alone[0].pages, 0.5), "ms", limit, "100 ms")
    yield from _together(together, database)
    with open_session(url) as session:
        stored = session.scalar(select(func.count()).select_from(Vote).where(Vote.at >= begun)) or 0
    acknowledged = sum(tally.votes for tally in together)
    yield Figure(f"{database}: acknowledged and not stored", acknowledged - stored, "", goal="0")


def _together(together: Sequence[Tally], database: str) -> Iterator[Figure]:
    for name, share, goal in (("median", 0.5, "–"), ("p99", 0.99, "250 ms")):
        waits = all_waits(together, "posts")
        yield Figure(f"{database}: a vote, {_MODERATORS} at once, {name}", percentile(waits, share), "ms", goal=goal)
    first, pages = percentile(all_waits(together, "first"), 1), percentile(all_waits(together, "pages"), 0.99)
    yield Figure(f"{database}: the first answer, while all {_MODERATORS} log in, slowest", first, "ms", goal="–")
    yield Figure(f"{database}: the next answer, {_MODERATORS} at once, p99", pages, "ms", goal="250 ms")


def _smallest_page(address: str) -> float:
    """Milliseconds, the median of a hundred."""
    browser, waits = Browser(address), list[float]()
    for _ in range(100):
        begun = perf_counter()
        browser.get("/login")
        waits.append(perf_counter() - begun)
    browser.close()
    return percentile(waits, 0.5)
