"""A random word in a file of the data folder, made at the first call and the same ever after."""

import fcntl
import os
import secrets
from contextlib import suppress
from pathlib import Path


def kept_word(path: Path, *, size: int) -> str:
    """The word in the file, in hexadecimal digits, readable by its owner only.

    :param size: bytes of which it is made.
    """
    with suppress(FileNotFoundError):
        if kept := path.read_text("ascii").strip():
            return kept
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # of two that start at once, one makes the word
        kept = file.read().strip()
        if not kept:  # also when whoever made the file was killed before it had written
            kept = secrets.token_hex(size)
            file.write(kept + "\n")
            file.flush()
            os.fsync(file.fileno())
    return kept
