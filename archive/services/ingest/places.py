"""Where files come from that are received in the background."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The folders of one data folder, what tells it from others that share its database, and how much may be held."""

    instance: str
    uploads: Path  # what browsers sent
    import_folder: Path | None
    large_window: bool = False  # whether a compressed file may have 2 GiB of memory held for it
