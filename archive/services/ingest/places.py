"""Where files come from that are received in the background."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The folders of one data folder, and what tells it from others that share its database."""

    instance: str
    uploads: Path  # what browsers sent
    import_folder: Path | None
