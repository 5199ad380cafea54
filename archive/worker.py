"""The worker: one process that does the jobs, beneath `footnote serve` or beside it.

`footnote serve` starts it as `python -m archive.worker` and tells it the settings on stdin, as an object.
"""

import ctypes
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import Any

from archive.domain.signing import Signature
from archive.services.jobs import Jobs
from archive.settings import Settings
from archive.store.file_lock import HeldError
from archive.store.vault import Vault

LAST_CHUNK = 10  # seconds that a chunk under way gets when the worker is told to stop
_LOOK_EVERY = 60  # seconds between two looks for work that was lost
_ASSESS_EVERY = 2  # seconds between two looks for answers that were published
_PAUSE = 0.2  # seconds, also between two pieces of work in spare time, for others who write
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1  # prctl(2)


def work(settings: Settings, *, ready: Callable[[str], None] = lambda _: None) -> None:
    """Do jobs until told to end; beside another worker, wait until that has ended.

    :param ready: told when it begins, and when it has to wait for another.
    """
    jobs = Jobs(
        data=settings.data,
        database_url=settings.database_url,
        vault=Vault(settings.data / "originals"),
        import_folder=settings.import_folder,
        large_window=settings.large_window,
    )
    _end_at_signals(jobs.ending)
    told = ""
    while not jobs.ending.is_set():
        try:
            with jobs.alone():
                ready("Waiting for imports.")
                _consume(jobs)
        except HeldError as error:
            if error.holder != told:
                ready(f"Another worker is there already ({error.holder}). This one takes over when that ends.")
            told = error.holder
            jobs.ending.wait(1)


def _consume(jobs: Jobs) -> None:
    consumer = jobs.queue.create_consumer(workers=1, periodic=False, initial_delay=0.1, max_delay=0.5)
    ours = {number: signal.getsignal(number) for number in _SIGNALS}
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    consumer.start()
    for number, handler in ours.items():  # it has set some of its own, which would cut a chunk off
        signal.signal(number, handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    looked = assessed = -float(_LOOK_EVERY)
    with jobs.spare_time() as spare_time:
        while not jobs.ending.wait(_PAUSE):
            if monotonic() - looked >= _LOOK_EVERY:
                looked = monotonic()
                jobs.look_for_work()
                consumer.check_worker_health()
            if monotonic() - assessed >= _ASSESS_EVERY and not spare_time.use():
                assessed = monotonic()
    consumer.stop(graceful=True)


def _end_at_signals(ending: threading.Event) -> None:
    """End after the chunk under way; where that takes too long, or the signal comes twice, at once."""

    def end(number: int, _frame: object) -> None:
        ending.set()
        signal.signal(number, signal.SIG_DFL)
        signal.alarm(LAST_CHUNK)

    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)


def tell(settings: Settings) -> bytes:
    """The settings and the parent, as the process beneath it reads them: a line, since forks may hold stdin open."""
    values = {name: str(value) if isinstance(value, Path) else value for name, value in asdict(settings).items()}
    return json.dumps({"settings": values, "parent": os.getpid()}).encode() + b"\n"


def _settings(values: dict[str, Any]) -> Settings:
    folder = values["import_folder"]
    told = {
        "data": Path(values["data"]),
        "import_folder": Path(folder) if folder else None,
        "moderator_names": Signature(values["moderator_names"]),
    }
    return Settings(**{**values, **told})


def main() -> None:
    """Work beneath a server, and never outlive it."""
    told = json.loads(sys.stdin.buffer.readline())
    for number in (signal.SIGINT, signal.SIGHUP):  # Ctrl-C and a closed terminal reach all; the parent tells us
        signal.signal(number, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != told["parent"]:  # it died before
        sys.exit(1)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    work(_settings(told["settings"]))


if __name__ == "__main__":
    main()
