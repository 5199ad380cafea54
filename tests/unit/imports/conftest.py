"""How reader tests read, and where shared data is found."""

import os
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import pytest

from archive.domain.ids import Sha256
from archive.domain.records import Item, LineReading
from imports import UnknownFormatError, choose_format
from imports.plain_text import read_threads

ROOT = Path(__file__).parents[3]
ORIGINAL = Sha256("0" * 64)

ReadText = Callable[..., list[Item]]


@pytest.fixture(scope="session")
def read() -> ReadText:
    """Read bytes, or a fixture by its name, as plain text."""

    def _read(source: bytes | str, corrections: Mapping[int, LineReading] | None = None, start: int = 0) -> list[Item]:
        raw = source if isinstance(source, bytes) else fixture(source)
        return list(read_threads(BytesIO(raw), original=ORIGINAL, start=start, corrections=corrections or {}))

    return _read


def format_name(head: bytes) -> str | None:
    """The format that bytes are told to be in, if any."""
    try:
        return choose_format(head).name
    except UnknownFormatError:
        return None


def fixture(name: str) -> bytes:
    return (ROOT / "tests/fixtures/imports/plain_text" / name).read_bytes()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real and hostile inputs, which is no part of the project."""
    path = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not path.is_dir():
        pytest.skip(f"no shared data at {path}; set SHARED_DATA to its folder")
    return path
