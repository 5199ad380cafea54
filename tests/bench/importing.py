"""Bringing a file in: from its bytes to durable, threaded, searchable and public.

    python -m tests.bench.importing DATA-FOLDER PATH      in a process of its own; prints one JSON object

The clock runs from where `footnote import --publish` starts it to where it stops it: the making of
the database is in it, the start of Python is not.
"""

import json
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

COLLECTION = "bench"
_PEAK = "VmHWM:"  # of /proc/self/status; getrusage would give the parent's, whose memory it was forked with


def import_in_process(data: Path, path: Path) -> dict[str, Any]:
    """Import and publish in a fresh process: posts read and added, seconds, peak memory in MiB."""
    command = [sys.executable, "-m", "tests.bench.importing", str(data), str(path)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # type: ignore[no-any-return]


def database_url(data: Path) -> str:
    """Where the archive of a data folder is."""
    return f"sqlite:///{data / 'footnote.sqlite'}"


def peak_memory() -> float:
    """The most memory that this process has held, in MiB."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition(_PEAK)[2].split()[0]) / 1024


def _main(data: Path, path: Path) -> None:
    from archive.services.ingest.publish import publish
    from archive.services.ingest.receive import receive_paths
    from archive.services.ingest.run import run_batch
    from archive.services.ledger import Actor
    from archive.store.opening import open_session
    from archive.store.vault import Vault

    by, vault = Actor.of(None), Vault(data / "originals")
    started = perf_counter()
    with open_session(database_url(data)) as session:
        batch = receive_paths(session, vault, [path], collection=COLLECTION, by=by)
        balance = run_batch(session, vault, batch, by=by)
        publish(session, batch, by=by)
    seconds = perf_counter() - started
    print(json.dumps({**balance.as_dict(), "seconds": seconds, "peak": peak_memory()}))


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]))
