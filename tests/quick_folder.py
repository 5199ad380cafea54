"""Where the files of tests lie: in memory, where there is room. Most of them are databases, which wait for a disk."""

import os
import shutil
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ROOM = 2 * 1024**3  # bytes; a run takes some hundred MiB at a time


def quick_folder() -> Path | None:
    """The folder; None where there is none, or too little room in it."""
    roomy = os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    return _MEMORY if roomy else None
