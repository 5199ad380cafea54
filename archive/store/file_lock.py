"""A lock on a file, which the system lets go of whatever ends the process; the file says who holds it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

_MOST = 200  # bytes of the file that are told
_LOOKS, _BETWEEN = 5, 0.02  # seconds: whoever only looks who holds it is gone after that


class HeldError(Exception):
    """Somebody else holds the lock."""

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(holder)


@contextmanager
def file_lock(path: Path, *, what: str) -> Iterator[None]:
    """Hold the lock while the block runs; `what` is told to those who find it held.

    :raises HeldError: if somebody else holds it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        if not any(_locked(file.fileno(), fcntl.LOCK_EX) for _ in range(_LOOKS)):
            file.seek(0)
            raise HeldError(file.read(_MOST).strip() or "it does not say which")
        file.truncate(0)
        file.write(f"{what}, process {os.getpid()}\n")
        file.flush()
        yield


def holder(path: Path) -> str | None:
    """What the holder of the lock says; None: nobody holds it."""
    try:
        with path.open(encoding="utf-8") as file:
            return None if _locked(file.fileno(), fcntl.LOCK_SH, patient=False) else file.read(_MOST).strip()
    except FileNotFoundError:
        return None


def _locked(descriptor: int, kind: int, *, patient: bool = True) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        if patient:
            sleep(_BETWEEN)
        return False
    return True
