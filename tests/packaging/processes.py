"""Running `footnote serve` as its own process, as an operator does."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60  # seconds; on two busy cores a start takes a few
_POLL = 0.05  # seconds


@dataclass(frozen=True, slots=True)
class Server:
    """A server in a process group of its own."""

    process: "subprocess.Popen[bytes]"
    address: str
    log: Path

    def stop(self, sign: signal.Signals) -> int:
        """Send a signal to the parent, and return the exit code."""
        self.process.send_signal(sign)
        return self.process.wait(PATIENCE)

    def workers(self) -> list[int]:
        """The processes beneath it that answer requests."""
        return [child for child in self._children() if not _is_import_worker(child)]

    def import_workers(self) -> list[int]:
        """Those that do the jobs."""
        return [child for child in self._children() if _is_import_worker(child)]

    def _children(self) -> list[int]:
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(child) for task in tasks for child in task.read_text().split()]

    def has_ended(self, *, within: float) -> bool:
        """Whether nobody of the group is left, after so many seconds at the most."""
        end = time.monotonic() + within
        while time.monotonic() < end:
            try:
                os.killpg(self.process.pid, 0)
            except ProcessLookupError:
                return True
            time.sleep(_POLL)
        return False

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        try:
            with urllib.request.urlopen(self.address + path, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until something has become true."""
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, "It did not happen: " + self.log.read_text()
            time.sleep(_POLL)

    def get_patiently(self, path: str) -> tuple[int, str]:
        """The same, where nobody may be listening for a moment."""
        _wait(self)
        return self.get(path)


def _is_import_worker(pid: int) -> bool:
    try:
        return b"archive.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


@contextmanager
def serving(command: Sequence[str | Path], folder: Path, **settings: str) -> Iterator[Server]:
    """Run the command in the folder until the block ends; it is given when it answers."""
    port, log = free_port(), folder / "serve.log"
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FOOTNOTE_", "PYTHON"))}
    environment = inherited | {"FOOTNOTE_DATA": str(folder / "data"), "FOOTNOTE_PORT": str(port)} | settings
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*map(str, command)], cwd=folder, env=environment, start_new_session=True, stdout=output, stderr=output
        )
    server = Server(process, f"http://127.0.0.1:{port}", log)
    try:
        _wait(server)
        yield server
    finally:
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(server: Server) -> None:
    port = int(server.address.rpartition(":")[2])
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert server.process.poll() is None, server.log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(_POLL)
        else:
            return
    raise AssertionError("The server does not answer: " + server.log.read_text())
