"""Whose turn it is to write, among the threads of a process, where a database lets one write at a time.

SQLite has those who wait look again after naps of up to a tenth of a second, and whoever looks at the right moment is
next. Here they come in the order in which they asked, at once. Other processes are waited for as SQLite does it.
"""

import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock
from time import monotonic
from typing import Any


class Turns:
    """A line of threads, of which the first one writes."""

    def __init__(self) -> None:
        self._lock, self._waiting, self._taken = Lock(), deque[Event](), False

    def take(self, patience: float) -> bool:
        """Wait until it is one's turn, which then is to be given back; False if it is not after so many seconds."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return True
            mine = Event()
            self._waiting.append(mine)
        if mine.wait(patience):
            return True
        with self._lock:
            if mine.is_set():  # in this very moment
                return True
            self._waiting.remove(mine)
        return False

    @property
    def waiting(self) -> int:
        """How many threads wait."""
        return len(self._waiting)

    def give_back(self) -> None:
        """Let the next one write."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


_A_MOMENT = 1_000  # milliseconds
_turns: "weakref.WeakKeyDictionary[Any, Turns]" = weakref.WeakKeyDictionary()  # by engine
_making = Lock()


@contextmanager
def turn(engine: Any, *, patience_ms: int) -> Iterator[int]:
    """Write as long as the block runs, as far as this process is concerned; yields how much of the patience is left.

    Where it does not become one's turn, none is left: whoever holds the database says so. On PostgreSQL all may write
    at once.

    :param patience_ms: how long to wait for the others.
    """
    if engine.dialect.name != "sqlite":
        yield patience_ms
        return
    with _making:
        line = _turns.setdefault(engine, Turns())
    begun = monotonic()
    has_it = line.take(patience_ms / 1000)
    try:
        waited = int(1000 * (monotonic() - begun))
        yield _left(patience_ms, waited) if has_it else 0
    finally:
        if has_it:
            line.give_back()


def _left(patience_ms: int, waited: int) -> int:
    """What is left of the patience; all of it after a moment, since to tell SQLite another one takes two statements."""
    return patience_ms if waited < _A_MOMENT else max(patience_ms - waited, 0)
