"""Caches that are bounded in bytes and drop what was not used for longest; and what they hold, weighed.

Any of them may hold words that somebody wrote, so all of a process are known here and can be emptied together.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from operator import eq
from sys import getsizeof
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakSet

Key = TypeVar("Key", bound=Hashable)
Source = TypeVar("Source")
Value = TypeVar("Value")
_all: "WeakSet[ByteCache[object, object]]" = WeakSet()


class ByteCache(Generic[Key, Value]):
    """Holds values with what each of them weighs."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.held = 0  # bytes
        self._lock = Lock()
        self._entries: OrderedDict[Key, tuple[Value, int]] = OrderedDict()
        _all.add(self)  # type: ignore[arg-type]

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


class Remade(Generic[Key, Source, Value]):
    """Holds what was made of something, with that, and gives it back for as long as that is the same."""

    def __init__(
        self,
        max_bytes: int,
        *,
        weigh: Callable[[Source, Value], int],
        same: Callable[[Source, Source], bool] = eq,
    ) -> None:
        """Empty.

        :param weigh: the bytes of what was made and of all that it was made of, which is kept alive.
        :param same: whether what there is now is still what there was, in this order: then and now.
        """
        self.cache: ByteCache[Key, tuple[Source, Value]] = ByteCache(max_bytes)
        self._weigh, self._same = weigh, same

    def of(self, key: Key, source: Source, make: Callable[[Source], Value]) -> Value:
        """What is made of that, made now if it is not kept."""
        kept = self.cache.get(key)
        return kept[1] if kept is not None and self._same(kept[0], source) else self._made(key, source, make)

    def of_all(self, keys: Sequence[Key], sources: Iterable[Source], make: Callable[[Source], Value]) -> list[Value]:
        """What is made of each of some things, by as many keys."""
        same = self._same
        return [
            kept[1] if kept is not None and same(kept[0], source) else self._made(key, source, make)
            for key, source, kept in zip(keys, sources, self.cache.get_all(keys), strict=True)
        ]

    def _made(self, key: Key, source: Source, make: Callable[[Source], Value]) -> Value:
        value = make(source)
        self.cache.put(key, (source, value), self._weigh(source, value))
        return value


def weigh(*things: object) -> int:
    """The bytes that things take, with all that they hold. A text takes up to four for a character."""
    size = 0
    for thing in things:
        size += getsizeof(thing)
        if isinstance(thing, tuple | list | frozenset):
            size += weigh(*thing)
        elif isinstance(thing, dict):
            size += weigh(*thing.keys(), *thing.values())
        elif hasattr(thing, "__dataclass_fields__"):
            size += weigh(*(getattr(thing, name) for name in thing.__dataclass_fields__))
    return size


def forget_all() -> None:
    """Empty all caches of the process."""
    for cache in list(_all):
        cache.clear()
