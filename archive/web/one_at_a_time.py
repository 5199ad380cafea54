"""Work that several ask for at the same moment, and one does for all."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from threading import Lock


class OneAtATime:
    """Turns at what is known by a key: who comes while another has it waits, and then finds it done."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._turns: dict[Hashable, tuple[Lock, int]] = {}  # by key, and how many have it or wait for it

    @contextmanager
    def turn(self, key: Hashable) -> Iterator[None]:
        """Have the turn while the block runs."""
        with self._lock:
            turn, others = self._turns.get(key, (Lock(), 0))
            self._turns[key] = turn, others + 1
        try:
            with turn:
                yield
        finally:
            with self._lock:
                _, having = self._turns.pop(key)
                if having > 1:
                    self._turns[key] = turn, having - 1
