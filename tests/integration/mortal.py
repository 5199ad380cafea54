"""`footnote` in processes that kill themselves: at the n-th moment of their work, with no chance to tidy up.

    python -m tests.integration.mortal      reads one order a line, forks for it, and tells how that ended

A moment is a place between two acts that outlast the process, or within one: before and after each
statement and commit, every so often inside of SQLite's longer statements, at each piece of a file that
is received, and at each opening, naming and syncing of a file in the data folder. They are counted, not
timed, so that the n-th is the same in every run. A process can also be killed from outside, by the clock,
and so in the middle of what has no moments.

The modules are loaded once and forked; before the fork nothing is opened and no thread runs.
"""

import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path
from select import select
from struct import Struct
from typing import Any, cast

CHUNK_POSTS = 6  # so that a hundred posts are many transactions
SETTLED_POSTS = 30  # and putting them in order takes several
PIECE = 4 * 1024  # bytes; so that a file of a dozen of them can be half received
SLOW_COMMIT = 0.5  # seconds that a commit takes whose process died when it had asked for it
_STEPS = 500  # of SQLite's machine, between two moments inside a statement
_COUNT = Struct("=Q")  # of moments, in memory that a child shares with its parent
_FILE_ACTS = frozenset({"open", "os.mkdir", "os.chmod", "os.rename", "os.remove"})


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended."""

    code: int  # negative: by that signal
    moments: Sequence[str]  # what each was; of a process that was killed, nothing
    reached: int  # how many moments there were until it ended
    stdout: str
    stderr: str

    @property
    def killed(self) -> bool:
        """Whether it ended by SIGKILL."""
        return self.code == -signal.SIGKILL


@dataclass(frozen=True, slots=True)
class Forks:
    """The process from which others are forked."""

    process: "subprocess.Popen[str]"

    def run(
        self,
        *arguments: str | Path,
        data: Path,
        database_url: str,
        die_at: int | None = None,
        die_after: float | None = None,
    ) -> Ended:
        """Run a command of `footnote`.

        :param die_at: the moment of its end, counted from 1; 0: none, but count; None: leave it alone.
        :param die_after: seconds until it is killed from outside, if it still runs then.
        """
        environment = {"FOOTNOTE_DATA": str(data), "FOOTNOTE_DATABASE_URL": database_url}
        order: dict[str, object] = {"arguments": [*map(str, arguments)], "environment": environment}
        order |= {"die_at": die_at, "die_after": die_after}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps(order), file=self.process.stdin, flush=True)
        return Ended(**json.loads(self.process.stdout.readline()))


@contextmanager
def forking() -> Iterator[Forks]:
    """Processes to be had while the block runs."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FOOTNOTE_")}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.integration.mortal"],
        cwd=Path(__file__).parents[2],
        env=inherited | {"PYTHONHASHSEED": "0"},  # the order of sets is part of what is counted
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Forks(process)
        finally:
            process.kill()


class _Death:
    """Counts moments, and comes at one of them."""

    def __init__(self, at: int, below: str, counter: mmap) -> None:
        self.at, self.below, self.counter = at, below, counter
        self.moments: list[str] = []
        self.statement = ""  # that the database is about

    def moment(self, what: str) -> None:
        self.moments.append(what)
        _COUNT.pack_into(self.counter, 0, len(self.moments))
        if len(self.moments) == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def attend(self) -> None:
        """Be there at every moment of this process."""
        from archive.services.ingest import chunks, settle

        chunks.CHUNK_POSTS, settle.POSTS_A_COMMIT = CHUNK_POSTS, SETTLED_POSTS
        self._attend_files()
        self._attend_receiving()
        self._attend_database()

    def _attend_files(self) -> None:
        sys.addaudithook(self._at_file_act)
        os.fsync = self._around(os.fsync, "fsync")
        os.sync = self._around(os.sync, "sync")

    def _at_file_act(self, act: str, arguments: tuple[Any, ...]) -> None:
        if act in _FILE_ACTS and (isinstance(arguments[0], int) or str(arguments[0]).startswith(self.below)):
            self.moment(f"{act} {arguments[0]}")

    def _around(self, act: Callable[..., Any], what: str) -> Callable[..., Any]:
        def around(*arguments: Any) -> Any:
            self.moment(f"before {what}")
            result = act(*arguments)
            self.moment(f"after {what}")
            return result

        return around

    def _attend_receiving(self) -> None:
        from archive.store import blocks, vault

        def attended(written: Callable[..., Iterator[bytes]]) -> Callable[..., Iterator[bytes]]:
            def in_pieces(*arguments: Any) -> Iterator[bytes]:
                for piece in written(*arguments):
                    self.moment("piece received")
                    yield piece

            return in_pieces

        vault._PIECE = blocks.BLOCK_BYTES = PIECE
        vault._copied, vault.write_blocks = attended(vault._copied), attended(vault.write_blocks)

    def _attend_database(self) -> None:
        from sqlalchemy import Engine, event
        from sqlalchemy.orm import Session

        def before(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            self.statement = " ".join(statement.split()[:6])
            self.moment(f"before {self.statement}")

        event.listen(Engine, "before_cursor_execute", before)
        event.listen(Engine, "after_cursor_execute", lambda *_: self.moment(f"after {self.statement}"))
        event.listen(Engine, "commit", self._at_commit)
        event.listen(Session, "after_commit", lambda _: self.moment("after COMMIT"))
        event.listen(Engine, "connect", self._attend_statements)
        self._attend_copies()

    def _attend_copies(self) -> None:
        """What PostgreSQL is given by COPY passes by the events."""
        from archive.store import bulk

        copy = bulk._copy

        def attended(session: Any, statement: str, values: Any) -> None:
            self.moment(f"before {statement}")
            copy(session, statement, values)
            self.moment(f"after {statement}")

        bulk._copy = attended

    def _at_commit(self, connection: Any) -> None:
        self.moment("before COMMIT")
        if connection.dialect.name == "postgresql":
            if len(self.moments) + 1 == self.at:
                sent = connection.connection.dbapi_connection.pgconn
                sent.send_query(f"SELECT pg_sleep({SLOW_COMMIT}); COMMIT".encode())
                sent.flush()
            self.moment("within COMMIT")

    def _attend_statements(self, connection: Any, _record: object) -> None:
        if hasattr(connection, "set_progress_handler"):
            connection.set_progress_handler(lambda: self.moment(f"within {self.statement}"), _STEPS)


def _serve() -> None:
    for line in sys.stdin:
        print(json.dumps(_fork(**json.loads(line))), flush=True)


def _fork(
    arguments: list[str], environment: dict[str, str], die_at: int | None, die_after: float | None
) -> dict[str, object]:
    told = [os.memfd_create(name) for name in ("stdout", "stderr", "moments")]
    with mmap(-1, _COUNT.size) as counter:
        child = os.fork()
        if child == 0:
            _live(arguments, environment, die_at, told, counter)
        status = _outlive(child, die_after)
        (reached,) = _COUNT.unpack_from(counter)
    stdout, stderr, moments = (_read(descriptor) for descriptor in told)
    code = os.waitstatus_to_exitcode(status)
    return {"code": code, "moments": moments.splitlines(), "reached": reached, "stdout": stdout, "stderr": stderr}


def _outlive(child: int, seconds: float | None) -> int:
    """How the process ended that may last so long."""
    if seconds is not None:
        ended = os.pidfd_open(child)
        if not select([ended], [], [], seconds)[0]:
            os.kill(child, signal.SIGKILL)
        os.close(ended)
    return os.waitpid(child, 0)[1]


def _read(descriptor: int) -> str:
    with os.fdopen(descriptor, encoding="utf-8") as file:
        file.seek(0)
        return file.read()


def _live(
    arguments: list[str], environment: dict[str, str], die_at: int | None, told: Sequence[int], counter: mmap
) -> None:
    from archive.cli import main

    code: object = 1
    try:
        os.dup2(told[0], 1)
        os.dup2(told[1], 2)
        os.environ |= environment
        death = _Death(die_at or 0, environment["FOOTNOTE_DATA"], counter)
        if die_at is not None:
            death.attend()
        main(arguments)
    except SystemExit as ended:
        code = ended.code or 0
        os.write(told[2], "\n".join(death.moments).encode())
    except BaseException:
        traceback.print_exc()  # as the interpreter does, which this process does not come back to
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(cast("int", code))


if __name__ == "__main__":
    from psycopg import pq  # noqa: F401 - loaded before the fork
    from sqlalchemy.dialects import postgresql, sqlite  # noqa: F401

    from archive import cli  # noqa: F401

    _serve()
