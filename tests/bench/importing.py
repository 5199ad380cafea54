"""Bringing files in: from their bytes to durable, threaded, searchable and public.

    python -m tests.bench.importing DATA-FOLDER DATABASE-URL PATH…     prints one JSON object

in a process of its own, whose peak of memory is then the import's. The clock runs from where
`footnote import --publish` starts it to where it stops it: the making of the database is in it, the start of
Python is not.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

COLLECTION = "bench"
_PEAK = "VmHWM:"  # of /proc/self/status; getrusage would give the parent's, whose memory it was forked with


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import was seen to do."""

    read: int
    added: int
    seconds: float
    peak: float  # MiB
    rows: int  # of posts, texts and sightings that there are now

    @property
    def rate(self) -> float:
        """Posts a second."""
        return self.read / self.seconds


def import_in_process(data: Path, paths: Sequence[Path], *, url: str = "") -> Imported:
    """Import and publish in a fresh process."""
    command = [sys.executable, "-m", "tests.bench.importing", str(data), url or sqlite_url(data), *map(str, paths)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Imported(**json.loads(done.stdout))


def sqlite_url(data: Path) -> str:
    """Where the archive of a data folder is."""
    return f"sqlite:///{data / 'footnote.sqlite'}"


def bytes_below(folder: Path) -> int:
    """What lies in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _peak_memory() -> float:
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition(_PEAK)[2].split()[0]) / 1024


def _import(data: Path, url: str, paths: Sequence[Path]) -> Imported:
    from sqlalchemy import func, select

    from archive.services.ingest.receive import receive_paths
    from archive.services.ingest.run import run_batch
    from archive.services.ledger import Actor
    from archive.store.opening import open_session
    from archive.store.threads import Post, Revision, Sighting
    from archive.store.vault import Vault

    by, vault = Actor.of(None), Vault(data / "originals")
    started = perf_counter()
    with open_session(url) as session:
        batch = receive_paths(session, vault, paths, collection=COLLECTION, by=by)
        balance = run_batch(session, vault, batch, by=by, publish_it=True)
    seconds, peak = perf_counter() - started, _peak_memory()
    with open_session(url) as session:
        rows = sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in (Post, Revision, Sighting))
    return Imported(balance.read, balance.added, seconds, peak, rows)


def _main(data: str, url: str, *paths: str) -> None:
    from dataclasses import asdict

    print(json.dumps(asdict(_import(Path(data), url, [*map(Path, paths)]))))


if __name__ == "__main__":
    _main(*sys.argv[1:])
