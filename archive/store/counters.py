"""Counters that all processes of one machine share: a file in the data folder that each maps into its memory.

A counter costs a few microseconds, where a row would cost a write to the disk with every page that is read. What is
counted is forgotten after a minute, so the file is worth nothing and may be deleted while no server runs.
"""

import hashlib
import mmap
import os
import struct
import weakref
from contextlib import suppress
from fcntl import LOCK_EX, LOCK_UN, lockf
from pathlib import Path
from threading import Lock

_SLOT = struct.Struct("<QII")  # of whom, in which stretch of time, how much
_SLOTS = 65_536  # of 16 bytes: a mebibyte
_PROBED = 8  # slots in which one counter may lie
_MOST = 2**32 - 1


class Counters:
    """Counts what was taken by whom in a stretch of time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()  # `lockf` keeps processes apart, not threads of one
        self._file: int | None = None
        self._map: mmap.mmap | None = None
        self._let_go: weakref.finalize[[int], Counters] | None = None

    def add(self, whom: str, amount: int, *, window: int) -> int:
        """Count something; how much it is in the window with that.

        Where all slots for a counter are taken in the same window by others, the smallest of those gives way: somebody
        is counted too low then, and nobody too high.
        """
        digest = hashlib.blake2b(whom.encode("utf-8", "surrogatepass"), digest_size=12).digest()
        key, first = int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")
        window &= _MOST
        with self._lock:
            counters, file = self._open()
            lockf(file, LOCK_EX)
            try:
                return self._add(counters, key, first, amount, window)
            finally:
                lockf(file, LOCK_UN)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._map is not None and self._let_go is not None:
                self._map.close()
                self._let_go()
            self._file = self._map = self._let_go = None

    def _add(self, counters: mmap.mmap, key: int, first: int, amount: int, window: int) -> int:
        smallest, place = _MOST + 1, 0
        for step in range(_PROBED):
            at = (first + step) % _SLOTS * _SLOT.size
            whose, when, taken = _SLOT.unpack_from(counters, at)
            if (whose, when) == (key, window):
                place, smallest = at, taken
                break
            size = taken if when == window else -1  # of an earlier window: free
            if size < smallest:
                smallest, place = size, at
        else:
            smallest = 0
        total = min(_MOST, smallest + amount)
        _SLOT.pack_into(counters, place, key, window, total)
        return total

    def _open(self) -> tuple[mmap.mmap, int]:
        if self._map is None or self._file is None:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with suppress(OSError):
                os.posix_fallocate(file, 0, _SLOTS * _SLOT.size)  # or writing to a full disk ends the process
            os.ftruncate(file, _SLOTS * _SLOT.size)
            self._file, self._map = file, mmap.mmap(file, _SLOTS * _SLOT.size)
            self._let_go = weakref.finalize(self, os.close, file)
        return self._map, self._file
