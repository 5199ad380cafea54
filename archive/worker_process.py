"""The worker beneath `footnote serve`: started with it, replaced when it dies, ended with it."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from archive.settings import Settings
from archive.worker import LAST_CHUNK, tell

_COMMAND = (sys.executable, "-P", "-m", "archive.worker")
_BETWEEN = 2  # seconds from a death to the next start: one that dies at once must not keep a core busy
_LAST = 1  # second: what ends by itself after its last chunk is not to be killed for being slow about it


class WorkerProcess:
    """A worker, whichever process it is at the moment."""

    def __init__(self, settings: Settings) -> None:
        self._told, self._owner = tell(settings), os.getpid()
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()
        self._start()  # here, so that no thread is at it while the server forks
        # It lives as long as this process: to the kernel, the parent that may die is the thread.
        self._thread = threading.Thread(target=self._keep, name="worker-process", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Tell it to end after the chunk under way. This returns at once, so that a signal handler may call it."""
        if os.getpid() == self._owner:  # and not in a process that was forked from it
            self._ending.set()
            if self._process is not None:
                self._process.terminate()

    def wait(self) -> None:
        """Wait until it has ended, but no longer than it may take."""
        self._thread.join(LAST_CHUNK + _LAST)
        if self._process is not None and self._process.poll() is None:
            self._process.kill()

    def _keep(self) -> None:
        while self._process is not None:
            self._process.wait()
            self._ending.wait(_BETWEEN)
            if self._ending.is_set():
                return
            self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(_COMMAND, stdin=subprocess.PIPE, stdout=sys.stderr)  # noqa: S603 - ours
        if self._process.stdin is not None:
            with suppress(BrokenPipeError), self._process.stdin as stdin:
                stdin.write(self._told)
        if self._ending.is_set():  # it was told before there was anybody to hear it
            self._process.terminate()


@contextmanager
def beneath(settings: Settings) -> Iterator[WorkerProcess | None]:
    """A worker as long as the block runs; none where the settings want none."""
    if not settings.import_worker:
        yield None
        return
    worker = WorkerProcess(settings)
    try:
        yield worker
    finally:
        worker.end()
        worker.wait()
