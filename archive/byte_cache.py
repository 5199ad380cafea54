"""A cache that is bounded in bytes and drops what was not used for longest."""

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class ByteCache(Generic[Key, Value]):
    """Holds values with what each of them weighs."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.held = 0  # bytes
        self._lock = Lock()
        self._entries: OrderedDict[Key, tuple[Value, int]] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """The value, or None."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def get_all(self, keys: Sequence[Key]) -> list[Value | None]:
        """For each of some keys, the value, or None."""
        with self._lock:
            entries = [self._entries.get(key) for key in keys]
            for key, entry in zip(keys, entries, strict=True):
                if entry is not None:
                    self._entries.move_to_end(key)
        return [None if entry is None else entry[0] for entry in entries]

    def put(self, key: Key, value: Value, size: int) -> None:
        """Keep a value of that many bytes, unless it would take more than a quarter of the room."""
        if size * 4 > self.max_bytes:
            return
        with self._lock:
            before = self._entries.pop(key, None)
            self._entries[key] = (value, size)
            self.held += size if before is None else size - before[1]
            while self.held > self.max_bytes:
                _, (_, dropped) = self._entries.popitem(last=False)
                self.held -= dropped

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._entries.clear()
            self.held = 0
